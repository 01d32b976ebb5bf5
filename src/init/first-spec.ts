import { stringify } from "yaml";
import { type Answers, productOf } from "./answers.ts";

/** The text of a first spec, with comments for whoever goes on from there. */
export function firstSpec(answers: Answers): string {
  const { environment, idp, endpoint, displayName, group, role } = answers;
  const product = productOf(answers);
  return `# yaml-language-server: $schema=./schema.json
version: 1
environment: ${environment}

applications:
  # The name becomes part of every resource name: changing it later makes a new application.
  ${product.key}:
    product: ${product.key}
    # ${product.endpoint.hint}
    endpoint: ${stringify(endpoint, { lineWidth: 0 }).trim()}
    # The name of a stack secret: the ${product.token.name} from ${product.token.from}. The token itself never stands here.
    token: { secret: ${secretName(product.key)} }
${idp === "okta" ? oktaBlock(displayName, group) : entraBlock(displayName, group, role)}`;

  function entraBlock(name: string, assigned: string, as: string): string {
    return `    entra:
      displayName: ${quoted(name)}
      # Only who is listed gets in; who is found there and not listed is removed.
      scope: assigned
      assignments:
        - { group: ${quoted(assigned)}${as ? `, role: ${as}` : ""} }
      # Say running once \`pulumi up\` has shown what it makes.
      provisioning: { status: paused }
`;
  }

  function oktaBlock(name: string, assigned: string): string {
    return `    okta:
      label: ${quoted(name)}
      # A person switches SCIM on in Okta once; \`rollcall okta confirm\` then writes enabled here.
      scim: pending
      assignments:
        - { group: ${quoted(assigned)} }
      # Groups to create in the product, with those members who are assigned. Another group than the assigned ones, say:
      # pushGroups:
      #   - { startsWith: team- }
`;
  }
}

/** `data-mesh-manager` -> `dataMeshManagerScimToken` */
export function secretName(product: string): string {
  return `${product.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}ScimToken`;
}

/** A name as a scalar that may stand between braces. */
function quoted(name: string): string {
  const plain = stringify(name, { lineWidth: 0 }).trim();
  return /^[\w.@ -]+$/.test(plain) ? plain : JSON.stringify(name);
}
