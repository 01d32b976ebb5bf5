import { applicationIfAny, type OktaApplication } from "../clients/okta/applications.ts";
import type { OktaClient } from "../clients/okta/client.ts";
import type { DesiredOktaApplication } from "../desired/model.ts";
import type { OktaPlan } from "../program/okta-plan.ts";
import type { Finding } from "./finding.ts";

export type Located = { application: OktaApplication } | { problem?: Finding };

/** How people sign on to an application of each kind, in Okta's words. */
const SIGN_ON_MODES: Record<Exclude<DesiredOktaApplication["carrier"]["kind"], "existing">, string> = {
  swa: "AUTO_LOGIN",
  saml: "SAML_2_0",
};

/**
 * Finds the application that carries SCIM: by the id that the stack has for it, where that is known, otherwise by its label and
 * kind. Nothing and no problem when the spec's own look-up has told already why there is none.
 */
export async function locateOkta(
  okta: OktaClient,
  { desired, existing, namesakes }: Pick<OktaPlan, "desired" | "existing" | "namesakes">,
  knownId: string | undefined,
): Promise<Located> {
  const { carrier, label } = desired;
  const found =
    carrier.kind === "existing"
      ? []
      : namesakes.filter((one) => one.label === label && one.signOnMode === SIGN_ON_MODES[carrier.kind]);
  if (knownId || existing) {
    const application = await applicationIfAny(okta, knownId ?? existing?.id ?? "");
    if (application) return { application };
    const ids = found.map(({ id }) => id).join(", ");
    const other = `; its label is on ${ids}, which an \`up\` that stopped half-way may have made: without the stack's ids it is found by its label`;
    return missing(`The application that the stack knows (${knownId}) is gone from Okta${ids && other}.`);
  }
  if (carrier.kind === "existing") return {};
  const [only, ...others] = found;
  if (!only) return missing(`There is no application labelled "${label}" in Okta.`);
  if (others.length > 0) {
    return {
      problem: {
        aspect: "application",
        message: `There are ${found.length} applications labelled "${label}" in Okta: ${found.map(({ id }) => id).join(", ")}. Which of them is rollcall's cannot be told by label.`,
        help: "Delete the one that is not in the stack, or say which it is: `pulumi stack output --json > outputs.json`, and --outputs outputs.json.",
      },
    };
  }
  const application = await applicationIfAny(okta, only.id);
  return application ? { application } : missing(`There is no application labelled "${label}" in Okta.`);
}

function missing(message: string): Located {
  return {
    problem: {
      aspect: "application",
      message,
      help: "`up` makes it, and a person switches SCIM on again. If somebody renamed it in Okta, give it its label back first, or a second one is made.",
    },
  };
}
