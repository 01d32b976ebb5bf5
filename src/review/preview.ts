import { z } from "zod";
import { parsePropertyPath } from "../sandbox/engine/property-path.ts";

/** A preview as a comment shows it, whichever engine made it. */
export interface Preview {
  steps: PreviewStep[];
  diagnostics: { severity: string; message: string; resource?: string }[];
  /** It did not get to its end, so that what it shows is not everything. */
  failed: boolean;
}

export interface PreviewStep {
  op: "create" | "update" | "replace" | "delete" | "drifted" | "gone";
  name: string;
  /** `azuread:index/application:Application` */
  type: string;
  diff: { path: string; kind: "add" | "delete" | "update"; old?: string; new?: string }[];
}

const diagnostic = z.object({
  severity: z.string(),
  message: z.string().default(""),
  urn: z.string().optional(),
});

const KINDS = ["add", "delete", "update"] as const;

/** What `rollcall sandbox preview --json` prints. */
const offline = z.object({
  exitCode: z.number(),
  diagnostics: z.array(diagnostic),
  steps: z.array(
    z.object({
      op: z.string(),
      name: z.string(),
      type: z.string(),
      diff: z.array(
        z.object({
          path: z.string(),
          kind: z.enum(KINDS),
          old: z.string().optional(),
          new: z.string().optional(),
        }),
      ),
    }),
  ),
});

/** What `pulumi preview --json` prints (apitype's PreviewDigest). */
const digest = z.object({
  diagnostics: z.array(diagnostic).nullish(),
  steps: z
    .array(
      z.object({
        op: z.string(),
        urn: z.string(),
        oldState: z.object({ inputs: z.record(z.string(), z.unknown()).nullish() }).nullish(),
        newState: z.object({ inputs: z.record(z.string(), z.unknown()).nullish() }).nullish(),
        detailedDiff: z.record(z.string(), z.object({ kind: z.string() })).nullish(),
      }),
    )
    .nullish(),
});

const OPERATIONS = ["create", "update", "replace", "delete", "drifted", "gone"] as const;
const isShown = (op: string): op is PreviewStep["op"] => (OPERATIONS as readonly string[]).includes(op);

/**
 * Reads the JSON of `pulumi preview --json` or of `rollcall sandbox preview --json`.
 * @throws when the text is neither
 */
export function readPreview(text: string): Preview {
  const json = parse(text);
  const own = offline.safeParse(json);
  if (own.success) {
    const { steps, diagnostics, exitCode } = own.data;
    return {
      steps: steps.flatMap(({ op, diff, ...step }) =>
        isShown(op)
          ? [
              {
                ...step,
                op,
                diff: diff.map(({ old, new: fresh, ...change }) => withValues(change, old, fresh)),
              },
            ]
          : [],
      ),
      diagnostics: diagnostics.map(fromDiagnostic),
      failed: exitCode === 1,
    };
  }
  const pulumi = digest.safeParse(json);
  if (!pulumi.success) {
    throw new Error(
      "This is no preview: write one with `pulumi preview --json > preview.json`, or see what went wrong there.",
    );
  }
  const diagnostics = (pulumi.data.diagnostics ?? []).map(fromDiagnostic);
  return {
    steps: (pulumi.data.steps ?? []).flatMap((step) => fromDigest(step)),
    diagnostics,
    failed: diagnostics.some(({ severity }) => severity === "error"),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fromDiagnostic({
  severity,
  message,
  urn,
}: z.output<typeof diagnostic>): Preview["diagnostics"][number] {
  const resource = urn?.split("::").at(-1);
  return { severity, message: message.trim(), ...(resource ? { resource } : {}) };
}

type DigestStep = NonNullable<z.output<typeof digest>["steps"]>[number];

function fromDigest({ op, urn, oldState, newState, detailedDiff }: DigestStep): PreviewStep[] {
  if (!isShown(op)) return [];
  const parts = urn.split("::");
  const type = (parts[2] ?? "").split("$").at(-1) ?? "";
  const diff = Object.entries(detailedDiff ?? {}).map(([path, { kind }]) => {
    const word = KINDS.find((one) => kind.startsWith(one)) ?? "update";
    return withValues({ path, kind: word }, shown(oldState?.inputs, path), shown(newState?.inputs, path));
  });
  return [{ op, name: parts.at(-1) ?? urn, type, diff }];
}

function withValues(
  { path, kind }: { path: string; kind: (typeof KINDS)[number] },
  old: string | undefined,
  fresh: string | undefined,
): PreviewStep["diff"][number] {
  const hidden = SECRET_PATH.test(path);
  const value = (text: string) => (hidden ? "[secret]" : text);
  return {
    path,
    kind,
    ...(old === undefined ? {} : { old: value(old) }),
    ...(fresh === undefined ? {} : { new: value(fresh) }),
  };
}

/** The engine masks secrets; a name that says so is masked all the same. */
const SECRET_PATH = /token|secret|passw|credential|private/i;
/** How Pulumi marks a secret within a value. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

function shown(inputs: Record<string, unknown> | null | undefined, path: string): string | undefined {
  let value: unknown = inputs ?? undefined;
  for (const key of parsePropertyPath(path)) {
    if (typeof value !== "object" || value === null) return undefined;
    if (SIGNATURE in value) return "[secret]";
    value = (value as Record<string | number, unknown>)[key];
  }
  const text = value === undefined ? undefined : JSON.stringify(value);
  return text?.includes(SIGNATURE) ? "[secret]" : text;
}
