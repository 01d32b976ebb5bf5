import type { styleText } from "node:util";
import type { ScimRequest } from "../scim/wire.ts";
import { visible } from "../yaml/visible.ts";
import { type ExplainedAttribute, type Explanation, NO_VALUE } from "./explanation.ts";

/** Colours a text, or leaves it alone. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

const PROVIDERS = { entra: "Microsoft Entra ID", okta: "Okta" } as const;

/** The explanation as text for a terminal, ending in a newline. */
export function renderExplanation(explanation: Explanation, paint: Paint): string {
  const { application, product, idp, subject, access, attributes, requests, outcome, conflicts } =
    explanation;
  const heading = (text: string) => `\n${paint("bold", text)}`;
  const lines = [
    `${access.arrives ? paint("green", "✓") : paint("red", "✗")} ${paint("bold", visible(subject.name))}${subject.displayName === subject.name ? "" : ` (${visible(subject.displayName)})`} ${access.arrives ? "arrives" : "does not arrive"} in ${visible(application)}  ${paint("dim", `${product} from ${PROVIDERS[idp]}`)}`,
    ...access.why.map((why) => `  ${visible(why)}`),
    ...(access.role ? [`  Role: ${visible(access.role)}`] : []),
    ...conflicts.map((conflict) => `  ${paint("red", "!")} ${visible(conflict)}`),
  ];
  if (attributes.length > 0) {
    const bare = attributes.filter(({ value, note }) => value === null && note === NO_VALUE);
    lines.push(
      heading("What is sent"),
      ...attributes.filter((one) => !bare.includes(one)).flatMap((one) => attributeLines(one, paint)),
      ...(bare.length > 0
        ? [
            `  ${NO_VALUE}:`,
            ...bare.map((one) => paint("dim", `    ${visible(`${one.target} from ${one.expression}`)}`)),
          ]
        : []),
    );
  }
  if (explanation.joinKeys && access.arrives) {
    const { externalId, subject: token, verdict, broken } = explanation.joinKeys;
    lines.push(
      heading("Join keys"),
      `  externalId            ${visible(externalId.value ?? "(none)")}  ${paint("dim", visible(`from ${externalId.from}`))}`,
      `  subject of SSO token  ${visible(token.value)}  ${paint("dim", token.from)}`,
      `  ${broken ? paint("red", verdict) : verdict}`,
    );
  }
  if (requests.length > 0)
    lines.push(heading("Requests, where the product does not know it yet"), ...requestLines(requests));
  lines.push(heading("What the product makes of it"), ...outcome.map((one) => `  ${visible(one)}`));
  return `${lines.join("\n")}\n`;
}

function attributeLines(
  { target, expression, source, value, note }: ExplainedAttribute,
  paint: Paint,
): string[] {
  const shown = value === null ? paint("dim", "(nothing)") : visible(JSON.stringify(value));
  const read = Object.entries(source).map(([name, given]) => `${name} = ${JSON.stringify(given)}`);
  const from = [expression ?? "no source", ...read].join(", ");
  return [
    `  ${visible(target)}: ${shown}`,
    paint("dim", `    ${visible(`${from}${note ? `  (${note})` : ""}`)}`),
  ];
}

/** Of many writes to one object the first two stand for all. */
const SHOWN = 2;

function requestLines(requests: ScimRequest[]): string[] {
  const series = new Map<string, ScimRequest[]>();
  for (const request of requests) {
    const target = `${request.method} ${decodeURIComponent(request.path)}`;
    const alike = series.get(target);
    if (alike) alike.push(request);
    else series.set(target, [request]);
  }
  return [...series].flatMap(([target, alike]) => {
    const more = alike.length - SHOWN;
    return [
      ...(more > 1 ? alike.slice(0, SHOWN) : alike).flatMap(({ body }) => [
        `  ${visible(target)}`,
        ...(body === undefined
          ? []
          : JSON.stringify(body, null, 2)
              .split("\n")
              .map((line) => `    ${visible(line)}`)),
      ]),
      ...(more > 1 ? [`  … and ${more} more like it.`] : []),
    ];
  });
}
