import type { Finding } from "../yaml/finding.ts";
import { error, isProduction, itemsOf, type SpecDraft, warning } from "./draft.ts";
import type { policySchema } from "./schema.ts";

export type Level = "off" | "warning" | "error";
export type PolicyCode = keyof typeof policySchema.shape;

/** What a rule weighs where a spec does not say. Findings of other codes keep the severity they have. */
export const DEFAULT_LEVELS: Record<PolicyCode, { production: Level; elsewhere: Level }> = {
  "assigned-scope": { production: "error", elsewhere: "off" },
  "protected-application": { production: "error", elsewhere: "off" },
  "keep-push-target": { production: "error", elsewhere: "warning" },
  "role-granted-to-nobody": { production: "warning", elsewhere: "warning" },
  "admin-group-size": { production: "error", elsewhere: "warning" },
  "no-direct-users": { production: "off", elsewhere: "off" },
};

const isPolicy = (code: string): code is PolicyCode => Object.hasOwn(DEFAULT_LEVELS, code);

/** What a rule weighs in a spec, by its own words or by default. */
export function levelOf(draft: SpecDraft, code: PolicyCode): Level {
  const defaults = DEFAULT_LEVELS[code];
  return draft.rules?.[code] ?? (isProduction(draft) ? defaults.production : defaults.elsewhere);
}

/** Gives findings of chosen rules the level of the environment, and leaves out what is off or waived. */
export function applyLevels(draft: SpecDraft, findings: Finding[], today: string): Finding[] {
  return findings.flatMap((finding) => {
    const { code } = finding;
    if (!isPolicy(code)) return [finding];
    const severity = levelOf(draft, code);
    if (
      severity === "off" ||
      (draft.waivers ?? []).some((waiver) => waiver && waives(waiver, finding, today))
    )
      return [];
    return [{ ...finding, severity }];
  });
}

type Waiver = NonNullable<NonNullable<SpecDraft["waivers"]>[number]>;

function waives(waiver: Waiver, finding: Finding, today: string): boolean {
  return concerns(waiver, finding) && waiver.until !== undefined && waiver.until >= today;
}

function concerns(waiver: Waiver, finding: Finding): boolean {
  const application = finding.path[0] === "applications" ? finding.path[1] : undefined;
  return (
    waiver.rule === finding.code && (waiver.application === undefined || waiver.application === application)
  );
}

/** Findings of these may come later, when there is a directory. */
const NEEDS_DIRECTORY = new Set(["admin-group-size", "role-granted-to-nobody"]);

/** Waivers that have run out, or never concerned anything that a spec alone can show. */
export function checkWaivers(draft: SpecDraft, findings: Finding[], today: string): Finding[] {
  const why = "an exception that nobody looks at again becomes the rule";
  return itemsOf(draft.waivers, ["waivers"]).flatMap(({ item, path }): Finding[] => {
    const { application } = item;
    if (
      application !== undefined &&
      draft.applications !== undefined &&
      !(application in draft.applications)
    ) {
      const message = `there is no application ${JSON.stringify(application)}`;
      return [
        error("unknown-application", {
          path: [...path, "application"],
          message,
          why,
          help: "correct it, or leave it out",
        }),
      ];
    }
    if (item.until !== undefined && item.until < today) {
      const message = `this waiver ended on ${item.until}`;
      return [
        warning("waiver-ended", {
          path: [...path, "until"],
          message,
          why,
          help: "remove it, or renew it with its reason",
        }),
      ];
    }
    if (
      item.rule === undefined ||
      NEEDS_DIRECTORY.has(item.rule) ||
      findings.some((finding) => concerns(item, finding))
    )
      return [];
    const message = "this waiver waives nothing";
    return [warning("waiver-unused", { path, message, why, help: "remove it" })];
  });
}
