import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const projectFile = z.object({
  name: z.string(),
  main: z.string(),
  stackConfigDir: z.string().default("."),
  plugins: z
    .object({ providers: z.array(z.object({ name: z.string(), path: z.string() })).default([]) })
    .optional(),
});

const stackFile = z.object({ config: z.record(z.string(), z.unknown()).default({}) });

/** What the engine needs of a Pulumi project and one of its stacks. */
export interface Project {
  name: string;
  stack: string;
  directory: string;
  /** Path of the program. */
  main: string;
  /** The folder that the program and the plugins run in. */
  programDirectory: string;
  /** Package -> folder of its plugin. */
  plugins: Record<string, string>;
  /** `<namespace>:<key>` -> value; anything but a string is JSON. */
  config: Record<string, string>;
}

/**
 * Reads Pulumi.yaml and the stack's own file, if it has one.
 * @param overrides configuration that stands over the stack's.
 * @throws when a file is missing or not of the expected form, and at a `secure` value: the sandbox keeps no secrets in files.
 */
export function readProject(
  directory: string,
  stack: string,
  overrides: Record<string, string> = {},
): Project {
  const file = projectFile.parse(parse(readFileSync(join(directory, "Pulumi.yaml"), "utf8")));
  const main = resolve(directory, file.main);
  const config: Record<string, string> = {};
  const stackPath = join(directory, file.stackConfigDir, `Pulumi.${stack}.yaml`);
  if (existsSync(stackPath)) {
    const { config: entries } = stackFile.parse(parse(readFileSync(stackPath, "utf8")) ?? {});
    for (const [key, value] of Object.entries(entries)) {
      if (typeof value === "object" && value !== null && "secure" in value) {
        throw new Error(
          `${stackPath}: "${key}" is an encrypted value, which the offline engine does not read. ` +
            "In the sandbox a secret comes from the environment: ROLLCALL_SECRET_<NAME>.",
        );
      }
      config[key] = typeof value === "string" ? value : JSON.stringify(value);
    }
  }
  return {
    name: file.name,
    stack,
    directory,
    main,
    programDirectory: dirname(main),
    plugins: Object.fromEntries(
      (file.plugins?.providers ?? []).map(({ name, path }) => [name, resolve(directory, path)]),
    ),
    config: { ...config, ...overrides },
  };
}

/** The configuration of one package: `azuread:tenantId` as `tenantId`. */
export function packageConfig(project: Project, packageName: string): Record<string, string> {
  const prefix = `${packageName}:`;
  return Object.fromEntries(
    Object.entries(project.config)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}
