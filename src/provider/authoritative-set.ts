/** What makes a set in a tenant as declared. */
export interface SetChanges<Declared, Live> {
  add: Declared[];
  remove: Live[];
  /** Undeclared, and nobody was shown them before this update: the next one removes them. */
  unseen: Live[];
}

export interface SetRules<Declared, Live> {
  /** What makes two items the same. */
  identity: (item: Declared | Live) => string;
  /** Whether the state, and so the preview, has this item. */
  wasShown: (item: Live) => boolean;
  exclusive: boolean;
  /** Everything undeclared is to go, shown or not: on taking a set over, after it was asked for. */
  takeOver: boolean;
}

/**
 * Removes only what the state has, which the diff of this run shows, so that nobody loses access by surprise. It need not have
 * stood in the preview that a person agreed to: `up` refreshes again after that.
 */
export function planSet<Declared, Live>(
  live: Live[],
  declared: Declared[],
  rules: SetRules<Declared, Live>,
): SetChanges<Declared, Live> {
  const { identity, wasShown, exclusive, takeOver } = rules;
  const have = new Set(live.map(identity));
  const wanted = new Map(declared.map((item) => [identity(item), item]));
  const undeclared = live.filter((item) => !wanted.has(identity(item)));
  const removable = (item: Live) => wasShown(item) || (exclusive && takeOver);
  return {
    add: [...wanted].filter(([key]) => !have.has(key)).map(([, item]) => item),
    remove: undeclared.filter(removable),
    unseen: exclusive ? undeclared.filter((item) => !removable(item)) : [],
  };
}
