import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Puts a `pulumi` into a folder that knows one stack, `prod`, and answers with these.
 * @returns the environment to find it in
 */
export function fakePulumi(folder: string, config: object, outputs: object): { PATH: string } {
  const script = [
    "#!/bin/sh",
    'case "$*" in',
    `"config --show-secrets --json --stack prod --non-interactive") echo '${JSON.stringify(config)}' ;;`,
    `"stack output --json --stack prod --non-interactive") echo '${JSON.stringify(outputs)}' ;;`,
    `*) echo "out: token-of-the-stack"; echo "error: no stack named '$5' found" >&2; exit 255 ;;`,
    "esac",
  ];
  writeFileSync(join(folder, "pulumi"), `${script.join("\n")}\n`, { mode: 0o755 });
  return { PATH: folder };
}
