import { type Level, levelOf, type PolicyCode } from "../spec/levels.ts";
import { policySchema, type Spec, specSchema } from "../spec/schema.ts";
import type { Change } from "./change.ts";

type Policies = Pick<Spec, "environment" | "production" | "rules" | "maxAdminGroup" | "waivers">;

const STRENGTH: Record<Level, number> = { off: 0, warning: 1, error: 2 };
const WORDS: Record<Level, string> = { off: "off", warning: "a warning", error: "an error" };

/**
 * What separates the rules of two specs: levels, the size of a group with a privileged role, waivers. A new environment is
 * compared with the defaults, so that whoever approves it reads what it weakens.
 */
export function comparePolicies(before: Policies | undefined, after: Policies): Change[] {
  const old = before ?? defaultsOf(after);
  return [...compareLevels(old, after), ...compareAdminGroup(old, after), ...compareWaivers(old, after)];
}

function defaultsOf({ environment, production }: Policies): Policies {
  return {
    environment,
    ...(production === undefined ? {} : { production }),
    rules: {},
    maxAdminGroup: specSchema.shape.maxAdminGroup.parse(undefined),
    waivers: [],
  };
}

function compareLevels(before: Policies, after: Policies): Change[] {
  return (Object.keys(policySchema.shape) as PolicyCode[]).flatMap((code): Change[] => {
    const [was, is] = [levelOf(before, code), levelOf(after, code)];
    if (was === is) return [];
    const weaker = STRENGTH[is] < STRENGTH[was];
    const sentence = `the rule ${code} is ${WORDS[is]} instead of ${WORDS[was]}`;
    return [{ effect: weaker ? "warning" : "other", sentence }];
  });
}

function compareAdminGroup(before: Policies, after: Policies): Change[] {
  if (before.maxAdminGroup === after.maxAdminGroup) return [];
  const sentence = `a group with a privileged role may have ${after.maxAdminGroup} people instead of ${before.maxAdminGroup}`;
  return [{ effect: after.maxAdminGroup > before.maxAdminGroup ? "warning" : "other", sentence }];
}

type Waiver = Spec["waivers"][number];

function compareWaivers(before: Policies, after: Policies): Change[] {
  const missingFrom = (list: Waiver[]) => {
    const said = new Set(list.map(describe));
    return (waiver: Waiver) => !said.has(describe(waiver));
  };
  return [
    ...after.waivers.filter(missingFrom(before.waivers)).map((waiver): Change => {
      return { effect: "warning", sentence: describe(waiver), ...where(waiver) };
    }),
    ...before.waivers.filter(missingFrom(after.waivers)).map((waiver): Change => {
      return { effect: "other", sentence: `no longer: ${describe(waiver)}`, ...where(waiver) };
    }),
  ];
}

const where = ({ application }: Waiver) => (application === undefined ? {} : { application });

const describe = ({ rule, application, reason, until }: Waiver) =>
  `the rule ${rule} is waived${application === undefined ? "" : ` for ${application}`} until ${until}: ${reason.replace(/\.$/, "")}`;
