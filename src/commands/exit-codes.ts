/** What a command's exit code means; drift has Pulumi's own code for `--expect-no-changes`. */
export const EXIT = { ok: 0, failure: 1, spec: 2, credentials: 3, drift: 7 } as const;
