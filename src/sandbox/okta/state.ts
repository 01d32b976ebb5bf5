import type { Clock } from "../clock.ts";
import { simulatedClock } from "../clock.ts";
import { type Random, storedRandom } from "../random.ts";
import { type Collection, Store } from "../store.ts";
import type { Unkindness } from "../unkind.ts";
import { refuse } from "./errors.ts";
import type {
  LogEvent,
  LogTarget,
  StoredApp,
  StoredAppGroup,
  StoredAppUser,
  StoredGroup,
  StoredMapping,
  StoredPush,
  StoredUser,
  Task,
  Work,
} from "./model.ts";

/** Everything that an org keeps, and what makes its ids and times. */
export class OrgState {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly unkind: Unkindness;
  readonly orgName: string;
  /** Whether `PUT /apps/{id}` forgets the SCIM settings, as it did in 2021-22. */
  readonly wipeScimOnPut: boolean;
  /** Of this org's own listener; set when it listens. */
  url = "";

  readonly users: Collection<StoredUser>;
  readonly groups: Collection<StoredGroup>;
  readonly apps: Collection<StoredApp>;
  readonly appUsers: Collection<StoredAppUser>;
  readonly appGroups: Collection<StoredAppGroup>;
  readonly pushes: Collection<StoredPush>;
  readonly mappings: Collection<StoredMapping>;
  readonly events: Collection<LogEvent>;
  readonly work: Collection<Work>;
  /** Single values: ids of the org's own objects, counters. */
  readonly settings: Collection<string>;
  /** Objects that reads do not find yet, and for how many more reads. */
  readonly #late = new Map<string, number>();

  constructor(options: {
    file: string;
    seed: string;
    orgName: string;
    wipeScimOnPut: boolean;
    unkind: Unkindness;
  }) {
    this.store = new Store(options.file);
    this.clock = simulatedClock(this.store);
    this.random = storedRandom(this.store, options.seed);
    this.unkind = options.unkind;
    this.orgName = options.orgName;
    this.wipeScimOnPut = options.wipeScimOnPut;
    this.users = this.store.collection("users");
    this.groups = this.store.collection("groups");
    this.apps = this.store.collection("apps");
    this.appUsers = this.store.collection("appUsers");
    this.appGroups = this.store.collection("appGroups");
    this.pushes = this.store.collection("pushes");
    this.mappings = this.store.collection("mappings");
    this.events = this.store.collection("events");
    this.work = this.store.collection("work");
    this.settings = this.store.collection("settings");
  }

  /** ISO time with milliseconds, as Okta writes it. */
  now(): string {
    return this.clock.now().toISOString();
  }

  /** A new id of Okta's shape: 20 characters with the prefix of its kind (`00u`, `00g`, `0oa`, `gPm`, `prm`). */
  id(prefix: string): string {
    return this.random.id(prefix, 20);
  }

  /** An id that is the same for the life of the org, made when first asked for. */
  ownId(name: string, prefix: string): string {
    const known = this.settings.get(name);
    if (known !== undefined) return known;
    const id = this.id(prefix);
    this.settings.put(name, id);
    return id;
  }

  /** 1, 2, … for each name. */
  count(name: string): number {
    const next = Number(this.settings.get(name) ?? "0") + 1;
    this.settings.put(name, String(next));
    return next;
  }

  user(id: string): StoredUser {
    const user = this.users.get(id);
    if (!user) throw refuse.notFound(id, "User");
    return user;
  }

  group(id: string): StoredGroup {
    const group = this.groups.get(id);
    if (!group) throw refuse.notFound(id, "UserGroup");
    return group;
  }

  app(id: string): StoredApp {
    const app = this.apps.get(id);
    if (!app) throw refuse.notFound(id, "AppInstance");
    return app;
  }

  /** Marks a new object as one that the next reads may not find. */
  created(id: string): void {
    const delay = this.unkind.delayOf(id);
    if (delay > 0) this.#late.set(id, delay);
  }

  /** Whether this read still misses the object; counts the read. */
  isLate(id: string): boolean {
    const left = this.#late.get(id);
    if (left === undefined) return false;
    if (left <= 1) this.#late.delete(id);
    else this.#late.set(id, left - 1);
    return true;
  }

  log(eventType: string, displayMessage: string, target: LogTarget[], failure?: string): void {
    const uuid = this.random.uuid();
    this.events.put(uuid, {
      uuid,
      published: this.now(),
      eventType,
      severity: failure === undefined ? "INFO" : "ERROR",
      displayMessage,
      outcome: { result: failure === undefined ? "SUCCESS" : "FAILURE", reason: failure ?? null },
      target,
    });
  }

  /** Puts a task at the end of the queue; the same task waiting there already is moved, not doubled. */
  enqueue(task: Task): void {
    const key = taskKey(task);
    this.work.delete(key);
    this.work.put(key, { task, notBefore: 0, tries: 0 });
  }
}

export function taskKey(task: Task): string {
  switch (task.kind) {
    case "user":
      return `user ${task.appId} ${task.userId}`;
    case "push":
      return `push ${task.pushId}`;
    case "deleteGroup":
      return `deleteGroup ${task.appId} ${task.scimId}`;
  }
}

export function userTarget(user: StoredUser): LogTarget {
  return { id: user.id, type: "User", alternateId: user.profile.login, displayName: fullName(user) };
}

export function appTarget(app: StoredApp): LogTarget {
  return { id: app.id, type: "AppInstance", alternateId: app.label, displayName: app.label };
}

export function groupTarget(group: StoredGroup): LogTarget {
  return {
    id: group.id,
    type: group.type === "APP_GROUP" ? "AppGroup" : "UserGroup",
    alternateId: "unknown",
    displayName: group.profile.name,
  };
}

function fullName(user: StoredUser): string {
  const { displayName, firstName, lastName, login } = user.profile;
  return displayName ?? ([firstName, lastName].filter(Boolean).join(" ") || login);
}
