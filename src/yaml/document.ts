import { type Diagnostic, diagnosticAt } from "./diagnostic.ts";
import { parseYaml } from "./parse.ts";
import { blotOut, findNamedSecrets, findNamedSecretsInText, findSecrets } from "./secrets.ts";
import type { Source, Span } from "./source.ts";
import type { Node } from "./tree.ts";

export interface YamlDocument {
  /** The text with secrets blotted out; nothing that holds them goes any further. */
  source: Source;
  root?: Node;
  diagnostics: Diagnostic[];
}

/** Parses a YAML text in which no secret may stand, comments included. Each one found is an error that does not show it. */
export function parseDocumentWithoutSecrets(original: Source): YamlDocument {
  const looking = findSecrets(original);
  let source = blotOut(original, looking);
  let parsed = parseYaml(source);
  const named = parsed.root ? findNamedSecrets(parsed.root) : [];
  // Complaints quote lines that the tree does not hold, such as the second of two equal keys.
  const quoted = parsed.diagnostics.length > 0 ? findNamedSecretsInText(source) : [];
  if (named.length + quoted.length > 0) {
    source = blotOut(source, [...named, ...quoted]);
    parsed = parseYaml(source);
  }
  const secrets = [...looking, ...named].map((span) => secretFound({ ...span, source }));
  return { source, root: parsed.root, diagnostics: [...secrets, ...parsed.diagnostics] };
}

function secretFound(span: Span): Diagnostic {
  return diagnosticAt(span, {
    code: "secret-in-file",
    severity: "error",
    message: "this looks like a secret",
    why: "files like this one are read by many and kept for ever; a token in them is as good as published",
    help: "revoke it, put the new one into the stack (pulumi config set --secret NAME) and write token: { secret: NAME }",
  });
}
