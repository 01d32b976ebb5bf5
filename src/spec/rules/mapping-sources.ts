import { type SourceObject, sourceAttributes } from "../../defaults/entra-template.ts";
import { attributesRead, walk } from "../../expressions/ast.ts";
import { evaluateExpression } from "../../expressions/evaluate.ts";
import { parseExpression } from "../../expressions/parse.ts";
import type { Finding } from "../../yaml/finding.ts";
import { nearest } from "../../yaml/nearest.ts";
import type { Path } from "../../yaml/tree.ts";
import { applicationsOf, error, type Rule, warning } from "../draft.ts";
import { expressionOf, type MappingDraft } from "../mappings.ts";

/** What Microsoft Graph and the portal call attributes that mappings know by an older name. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  id: "objectId",
  mobilePhone: "mobile",
  businessPhones: "telephoneNumber",
  faxNumber: "facsimileTelephoneNumber",
  officeLocation: "physicalDeliveryOfficeName",
  onPremisesSyncEnabled: "dirSyncEnabled",
  upn: "userPrincipalName",
};

/** Entra refuses a schema that reads an attribute it does not define; a name that looks like another is refused here already. */
export const sourcesKnown: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path, application }) => {
    const mappings = application.entra?.mappings;
    const at = [...path, "entra", "mappings"];
    return [
      ...checkSet(mappings?.user, [...at, "user"], "User"),
      ...checkSet(mappings?.group, [...at, "group"], "Group"),
    ];
  });

type MappingSet = Record<string, MappingDraft | undefined>;

function checkSet(set: MappingSet | undefined, at: Path, object: SourceObject): Finding[] {
  if (!set) return [];
  const known = sourceAttributes(object);
  return Object.entries(set).flatMap(([target, mapping]) => {
    if (mapping?.attribute !== undefined)
      return checkName(mapping.attribute, known, object, { path: [...at, target, "attribute"] });
    const parsed = parseExpression(mapping?.expression ?? "");
    if (!parsed.ok) return [];
    return [...walk(parsed.expression)].flatMap((part) =>
      part.kind === "attribute"
        ? checkName(part.name, known, object, {
            path: [...at, target, "expression"],
            within: { start: part.offset, length: part.name.length + 2 },
          })
        : [],
    );
  });
}

function checkName(
  name: string,
  known: string[],
  object: SourceObject,
  place: Pick<Finding, "path" | "within">,
): Finding[] {
  if (known.includes(name)) return [];
  const meant = OTHER_NAMES[name] ?? nearest(name, known);
  const extension = name.startsWith("extension_");
  const level = meant === undefined || extension ? warning : error;
  return [
    level("source-attribute", {
      ...place,
      message: `${name} is no attribute of a ${object.toLowerCase()} that Entra's mappings are known to read`,
      why: "Entra refuses all mappings when one of them reads what its schema does not define",
      help: extension
        ? "add it to the attributes of Microsoft Entra ID in the application's schema first: rollcall adds attributes of the product only"
        : meant && known.includes(meant)
          ? `did you mean ${JSON.stringify(meant)}?`
          : `it reads ${known.join(", ")}`,
    }),
  ];
}

/** Whoever is unassigned, blocked or deleted has to become inactive: nothing else takes access away. */
export const leaversSwitchedOff: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path, application }) => {
    const active = application.entra?.mappings?.user?.active;
    const parsed = parseExpression((active && expressionOf(active)) ?? "");
    if (!active || !parsed.ok) return [];
    const values = Object.fromEntries(attributesRead(parsed.expression).map((name) => [name, null]));
    const evaluated = evaluateExpression(parsed.expression, {
      ...values,
      accountEnabled: true,
      IsSoftDeleted: true,
    });
    if (!evaluated.ok) return [];
    const sent = evaluated.value === null || evaluated.value === "" ? active.default : evaluated.value;
    if (active.apply !== "onCreate" && String(sent).toLowerCase() === "false") return [];
    return [
      warning("leavers-stay-active", {
        path: [...path, "entra", "mappings", "user", "active"],
        on: "key",
        message:
          active.apply === "onCreate"
            ? "active is written when a person is created, and not when they leave"
            : `a person who is out has ${sent === undefined ? "no value" : JSON.stringify(String(sent))} for active`,
        why: "who is unassigned, blocked or deleted keeps access: active is how Entra takes it away",
        help: `map it always, from 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'`,
      }),
    ];
  });
