import type messages from "@pulumi/pulumi/proto/resource_pb.js";
import type { Goal } from "./deployment.ts";
import { StepFailed } from "./result.ts";
import { fromStruct } from "./wire.ts";

type Request = messages.RegisterResourceRequest;

/** Resource options that the engine does not act on. One that a program uses is refused rather than passed over. */
const UNSUPPORTED: Record<string, (request: Request) => boolean> = {
  aliases: (request) => request.getAliasesList().length > 0 || request.getAliasurnsList().length > 0,
  import: (request) => request.getImportid() !== "",
  transforms: (request) => request.getTransformsList().length > 0,
  replaceOnChanges: (request) => request.getReplaceonchangesList().length > 0,
  replaceWith: (request) => request.getReplaceWithList().length > 0,
  retainOnDelete: (request) => request.getRetainondelete() === true,
  deleteBeforeReplace: (request) => request.getDeletebeforereplacedefined(),
  "remote components": (request) => request.getRemote(),
  "ignoreChanges below the top level": (request) =>
    request.getIgnorechangesList().some((path) => /[.[]/.test(path)),
  "hooks other than beforeCreate and onError": (request) => {
    const hooks = request.getHooks();
    return [
      hooks?.getAfterCreateList(),
      hooks?.getBeforeUpdateList(),
      hooks?.getAfterUpdateList(),
      hooks?.getBeforeDeleteList(),
      hooks?.getAfterDeleteList(),
    ].some((names) => names !== undefined && names.length > 0);
  },
};

/** @throws StepFailed when the program asks for an option that the engine does not have. */
export function readGoal(request: Request): Goal {
  const unsupported = Object.keys(UNSUPPORTED).filter((option) => UNSUPPORTED[option]?.(request));
  if (unsupported.length > 0) {
    throw new StepFailed(
      `${request.getType()} "${request.getName()}" uses ${unsupported.join(", ")}, which the offline engine does not do. Use \`pulumi\` for it.`,
    );
  }
  const propertyDependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((dependencies, property) => {
    propertyDependencies[property] = dependencies.getUrnsList();
  });
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    ...(request.getParent() && { parent: request.getParent() }),
    inputs: fromStruct(request.getObject()),
    dependencies: request.getDependenciesList(),
    propertyDependencies,
    ...(request.getProvider() && { provider: request.getProvider() }),
    version: request.getVersion(),
    protect: request.getProtect() ?? false,
    ...(request.getDeletedwith() && { deletedWith: request.getDeletedwith() }),
    ignoreChanges: request.getIgnorechangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    beforeCreate: request.getHooks()?.getBeforeCreateList() ?? [],
    onError: request.getHooks()?.getOnErrorList() ?? [],
  };
}
