import type { OktaPush } from "../desired/model.ts";
import type { Say } from "./change.ts";
import { describeIdentities, type Named, nameAmong, nameKeyOf, pairPrincipals } from "./pair-principals.ts";

interface Pushed extends Named {
  deleteTargetGroup: boolean;
}

/** Which groups of Okta are pushed to the product no longer, anew, or with another end. */
export function comparePushes(before: OktaPush[], after: OktaPush[], label: string, say: Say): void {
  const nameKey = nameKeyOf("okta");
  const pairs = pairPrincipals(before.map(toPushed), after.map(toPushed), nameKey);
  for (const { effect, sentence } of describeIdentities(pairs, `pushed to ${label}`, nameKey))
    say(effect, sentence);
  const named = nameAmong(pairs, nameKey);
  for (const push of pairs.gone)
    say(
      "removal",
      `${named(push)} is no longer pushed to ${label}${push.deleteTargetGroup ? ", and deleted there" : "; what is there stays as it is"}`,
    );
  for (const [old, now] of pairs.kept)
    if (old.deleteTargetGroup !== now.deleteTargetGroup)
      say(
        "warning",
        `${named(now)} will ${now.deleteTargetGroup ? "" : "not "}be deleted in ${label} when its push is removed`,
      );
  for (const push of pairs.come) {
    const end = push.deleteTargetGroup ? ", and deleted there when its push is removed" : "";
    say("gain", `${named(push)} is pushed to ${label}${end}`);
  }
}

function toPushed(push: OktaPush): Pushed {
  const { deleteTargetGroup } = push;
  return push.by === "prefix"
    ? { kind: "every group that starts with", name: push.startsWith, deleteTargetGroup }
    : {
        kind: "group",
        name: push.name,
        ...(push.id === undefined ? {} : { id: push.id }),
        deleteTargetGroup,
      };
}
