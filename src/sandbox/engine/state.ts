import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { type Crypter, passphraseCrypter, seal, unseal } from "./crypter.ts";
import type { PropertyMap } from "./values.ts";

/** One resource as Pulumi's deployment JSON (version 3) has it. Secrets are marked in memory and encrypted in the file. */
export interface ResourceState {
  urn: string;
  custom: boolean;
  type: string;
  /** Empty for components. */
  id?: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
  parent?: string;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  /** `<urn of the provider resource>::<its id>`, for custom resources that are not providers themselves. */
  provider?: string;
  protect?: boolean;
  /** URN of the resource whose deletion takes this one along. */
  deletedWith?: string;
  additionalSecretOutputs?: string[];
  /** Why the last create or update ended half way; gone once the object has been read or changed again. */
  initErrors?: string[];
  /** Replaced by another object of the same URN, and still to be deleted. */
  delete?: boolean;
}

export interface PendingOperation {
  resource: ResourceState;
  type: "creating" | "updating" | "deleting" | "reading";
}

interface DeploymentFile {
  version: 3;
  deployment: {
    manifest: { time: string; magic: string; version: string };
    secrets_providers: { type: "passphrase"; state: { salt: string } };
    resources: ResourceState[];
    pending_operations: PendingOperation[];
  };
}

/** What a state file held. */
export interface SavedState {
  resources: ResourceState[];
  /** Operations that were under way when an earlier run was killed. */
  pending: PendingOperation[];
  crypter: Crypter;
}

/**
 * Reads a state file; one that is not there is an empty stack.
 * @throws when the passphrase is wrong or the file is not a deployment of version 3.
 */
export async function loadState(path: string, passphrase: string): Promise<SavedState> {
  if (!existsSync(path)) return { resources: [], pending: [], crypter: await passphraseCrypter(passphrase) };
  const file = JSON.parse(readFileSync(path, "utf8")) as DeploymentFile;
  if (file.version !== 3 || !file.deployment) {
    throw new Error(`${path} is not a Pulumi deployment of version 3, so the engine does not touch it.`);
  }
  const crypter = await passphraseCrypter(passphrase, file.deployment.secrets_providers.state.salt);
  const open = (resource: ResourceState): ResourceState => ({
    ...resource,
    inputs: unseal(resource.inputs ?? {}, crypter),
    outputs: unseal(resource.outputs ?? {}, crypter),
    dependencies: resource.dependencies ?? [],
    propertyDependencies: resource.propertyDependencies ?? {},
  });
  return {
    resources: file.deployment.resources.map(open),
    pending: (file.deployment.pending_operations ?? []).map(({ resource, type }) => ({
      resource: open(resource),
      type,
    })),
    crypter,
  };
}

/** Writes a state file in one move: a reader, or the next run after a kill, sees the old one or the new one. */
export function saveState(
  path: string,
  resources: readonly ResourceState[],
  pending: readonly PendingOperation[],
  crypter: Crypter,
): void {
  const close = (resource: ResourceState): ResourceState => ({
    ...resource,
    inputs: seal(resource.inputs, crypter),
    outputs: seal(resource.outputs, crypter),
  });
  const file: DeploymentFile = {
    version: 3,
    deployment: {
      manifest: { time: new Date().toISOString(), magic: "", version: "" },
      secrets_providers: { type: "passphrase", state: { salt: crypter.salt } },
      resources: resources.map(close),
      pending_operations: pending.map(({ resource, type }) => ({ resource: close(resource), type })),
    },
  };
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  const handle = openSync(draft, "w", 0o600);
  try {
    writeSync(handle, `${JSON.stringify(file, undefined, 2)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, path);
}
