import type { DesiredApplication, DesiredState } from "../desired/model.ts";
import { visible } from "../yaml/visible.ts";
import { makeLabel } from "./change.ts";

/** More than that nobody reads, and GitHub's renderer refuses very large ones. */
const MAX_EDGES = 100;

interface Edge {
  kind: "user" | "group" | "everybody";
  principal: string;
  application: string;
  role: string;
}

/**
 * Who gets in where, as a Mermaid flowchart of the applications named: thick lines are new, dotted ones go.
 * @returns undefined where nobody is assigned
 */
export function accessGraph(
  before: DesiredState | undefined,
  after: DesiredState,
  applications: ReadonlySet<string>,
): string | undefined {
  const label = makeLabel([...(before?.applications ?? []), ...after.applications]);
  const edgesOf = (state: DesiredState | undefined) =>
    new Map(
      (state?.applications ?? [])
        .filter(({ name }) => applications.has(name))
        .flatMap((application) => edges(application, label(application)))
        .map((edge) => [JSON.stringify(edge), edge]),
    );
  const old = edgesOf(before);
  const now = edgesOf(after);
  const all = new Map([...old, ...now]);
  if (all.size === 0) return undefined;

  const nodes = new Map<string, string>();
  const node = (key: string, shape: (id: string) => string) => {
    const id = nodes.get(key) ?? `n${nodes.size}`;
    const known = nodes.has(key);
    nodes.set(key, id);
    return known ? id : shape(id);
  };
  const lines = [...all].slice(0, MAX_EDGES).map(([key, { kind, principal, application, role }]) => {
    const from = node(`${kind}:${principal}`, (id) =>
      kind === "user" ? `${id}(["${escapeLabel(principal)}"])` : `${id}[["${escapeLabel(principal)}"]]`,
    );
    const to = node(`application:${application}`, (id) => `${id}["${escapeLabel(application)}"]`);
    const arrow = !now.has(key) ? "-.->" : old.has(key) ? "-->" : "==>";
    const words = [role, now.has(key) ? (old.has(key) ? "" : "new") : "removed"].filter(Boolean).join(", ");
    return `  ${from} ${arrow}${words ? `|"${escapeLabel(words)}"|` : ""} ${to}`;
  });
  const more = all.size - MAX_EDGES;
  if (more > 0) lines.push(`  more["and ${more} more"]`);
  return ["flowchart LR", ...lines].join("\n");
}

function edges(application: DesiredApplication, label: string): Edge[] {
  const assigned = application.assignments.map(
    (assignment): Edge => ({
      kind: assignment.kind,
      principal: assignment.name,
      application: label,
      role: "role" in assignment ? (assignment.role ?? "") : "",
    }),
  );
  if (application.idp === "okta" || application.scope === "assigned") return assigned;
  return [
    ...assigned,
    { kind: "everybody", principal: "everybody in the tenant", application: label, role: "" },
  ];
}

/** Mermaid reads `#quot;` and the like as the character. */
function escapeLabel(text: string): string {
  return visible(text.replace(/\s+/g, " ")).replace(
    /[#&"<>`\\{}[\]|;]/g,
    (character) => `#${character.charCodeAt(0)};`,
  );
}
