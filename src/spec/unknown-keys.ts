import type { Path } from "../yaml/tree.ts";

/** Keys that people can be expected to try, and what they should know. */
export function explainUnknownKey(path: Path): { why: string; help: string } | undefined {
  const [, , block, list] = path;
  const key = path.at(-1);
  if (block === "okta" && (key === "role" || key === "roles")) {
    return {
      why: "roles do not travel from Okta: its provisioning sends people and groups, and no roles",
      help:
        list === "assignments"
          ? "remove it, push the group, and give the group its role in the product"
          : "remove it",
    };
  }
  if (key === "<<") {
    return {
      why: "merge keys are of YAML 1.1 and need anchors, which specs do not have",
      help: "use extends:",
    };
  }
  return undefined;
}
