import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { readInitFailed } from "./init-failed.ts";
import type {
  CheckFailure,
  DetailedChange,
  Known,
  ProviderDiff,
  ResourceProvider,
} from "./resource-provider.ts";
import { nameOf, typeOf } from "./urn.ts";
import type { PropertyMap } from "./values.ts";
import { CHANNEL_OPTIONS, errorText, fromStruct, isUnimplemented, toStruct, unary } from "./wire.ts";

export interface PluginOptions {
  /** `rollcall` for `pulumi-resource-rollcall`. */
  name: string;
  /** Folder of the executable. */
  directory: string;
  /** The plugin's working directory: where `main` is, as Pulumi does it. */
  cwd: string;
  /** Where it reports its messages: `host:port` of the Engine service. */
  engineAddress: string;
  env: NodeJS.ProcessEnv;
  /** A line that the plugin wrote on its own streams. */
  onLine: (line: string) => void;
}

/**
 * Starts a provider plugin: an executable that prints its port and serves `pulumirpc.ResourceProvider` there.
 * @throws when it ends, or says something else, before it has printed a port.
 */
export async function startPlugin(options: PluginOptions): Promise<ResourceProvider> {
  const executable = join(options.directory, `pulumi-resource-${options.name}`);
  if (!existsSync(executable))
    throw new Error(`The plugin of the package "${options.name}" is not at ${executable}.`);
  const child = spawn(executable, [options.engineAddress], {
    cwd: options.cwd,
    env: {
      ...options.env,
      PATH: [dirname(process.execPath), options.env.PATH].filter(Boolean).join(delimiter),
    },
    stdio: ["ignore", "pipe", "pipe"],
    // Ctrl-C reaches the engine alone, which lets the operation in flight end.
    detached: true,
  });
  const port = await readPort(child, options);
  const client = new services.ResourceProviderClient(
    `127.0.0.1:${port}`,
    grpc.credentials.createInsecure(),
    CHANNEL_OPTIONS,
  );
  return new Plugin(options.name, client, child);
}

function readPort(child: ChildProcess, options: PluginOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const { stdout, stderr } = child;
    if (!stdout || !stderr) throw new Error("A plugin needs pipes to speak through.");
    let known = false;
    const said: string[] = [];
    const fail = (what: string) =>
      reject(new Error(`The plugin "${options.name}" ${what}.${said.length ? `\n${said.join("\n")}` : ""}`));
    createInterface({ input: stdout }).on("line", (line) => {
      if (known) return options.onLine(line);
      const port = Number(line.trim());
      if (!Number.isInteger(port) || port <= 0) return fail(`printed "${line}" where its port was expected`);
      known = true;
      resolve(port);
    });
    createInterface({ input: stderr }).on("line", (line) => {
      said.push(line);
      if (known) options.onLine(line);
    });
    child.once("error", (error) => fail(`cannot be started: ${error.message}`));
    child.once("exit", (code, signal) =>
      fail(`ended (${signal ?? `exit code ${code}`}) before it was ready`),
    );
  });
}

const KINDS = messages.PropertyDiff.Kind;
const CHANGES: Record<number, Pick<DetailedChange, "kind" | "replace">> = {
  [KINDS.ADD]: { kind: "add", replace: false },
  [KINDS.ADD_REPLACE]: { kind: "add", replace: true },
  [KINDS.DELETE]: { kind: "delete", replace: false },
  [KINDS.DELETE_REPLACE]: { kind: "delete", replace: true },
  [KINDS.UPDATE]: { kind: "update", replace: false },
  [KINDS.UPDATE_REPLACE]: { kind: "update", replace: true },
};

class Plugin implements ResourceProvider {
  readonly #name: string;
  readonly #client: services.ResourceProviderClient;
  readonly #child: ChildProcess;
  #supportsPreview = false;

  constructor(name: string, client: services.ResourceProviderClient, child: ChildProcess) {
    this.#name = name;
    this.#client = client;
    this.#child = child;
  }

  async configure(config: PropertyMap): Promise<void> {
    const request = new messages.ConfigureRequest();
    request.setAcceptsecrets(true);
    request.setSendsOldInputs(true);
    request.setSendsOldInputsToDelete(true);
    request.setArgs(toStruct(config));
    for (const [key, value] of Object.entries(config)) {
      request
        .getVariablesMap()
        .set(`${this.#name}:config:${key}`, typeof value === "string" ? value : JSON.stringify(value));
    }
    const response = await this.#unary<messages.ConfigureResponse>("configure", (done) =>
      this.#client.configure(request, done),
    );
    if (!response.getAcceptsecrets()) {
      throw new Error(
        `The plugin "${this.#name}" does not take secrets, so they would lie in the state in clear.`,
      );
    }
    this.#supportsPreview = response.getSupportspreview();
  }

  async check(urn: string, olds: PropertyMap, news: PropertyMap) {
    const request = named(new messages.CheckRequest(), urn);
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    const response = await this.#unary<messages.CheckResponse>("check", (done) =>
      this.#client.check(request, done),
    );
    return { inputs: fromStruct(response.getInputs()), failures: failures(response.getFailuresList()) };
  }

  async diff(old: Known, news: PropertyMap, ignoreChanges: readonly string[]): Promise<ProviderDiff> {
    const request = named(new messages.DiffRequest(), old.urn);
    request.setId(old.id);
    request.setOldInputs(toStruct(old.inputs));
    request.setOlds(toStruct(old.outputs));
    request.setNews(toStruct(news));
    request.setIgnorechangesList([...ignoreChanges]);
    const response = await this.#unary<messages.DiffResponse>("diff", (done) =>
      this.#client.diff(request, done),
    );
    const detailed: Record<string, DetailedChange> = {};
    response.getDetaileddiffMap().forEach((change, path) => {
      const kind = CHANGES[change.getKind()];
      if (kind) detailed[path] = { ...kind, inputDiff: change.getInputdiff() };
    });
    return {
      changed: response.getChanges() !== messages.DiffResponse.DiffChanges.DIFF_NONE,
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
      ...(response.getHasdetaileddiff() && { detailed }),
    };
  }

  async create(urn: string, inputs: PropertyMap, preview: boolean) {
    if (preview && !this.#supportsPreview) return { id: "", outputs: inputs };
    const request = named(new messages.CreateRequest(), urn);
    request.setProperties(toStruct(inputs));
    request.setPreview(preview);
    const response = await this.#unary<messages.CreateResponse>("create", (done) =>
      this.#client.create(request, done),
    );
    return { id: response.getId(), outputs: fromStruct(response.getProperties()) };
  }

  async read(known: Known) {
    const request = named(new messages.ReadRequest(), known.urn);
    request.setId(known.id);
    request.setInputs(toStruct(known.inputs));
    request.setProperties(toStruct(known.outputs));
    const response = await this.#unary<messages.ReadResponse>("read", (done) =>
      this.#client.read(request, done),
    );
    if (response.getId() === "") return undefined;
    return {
      id: response.getId(),
      inputs: response.hasInputs() ? fromStruct(response.getInputs()) : known.inputs,
      outputs: fromStruct(response.getProperties()),
    };
  }

  async update(old: Known, news: PropertyMap, preview: boolean, ignoreChanges: readonly string[]) {
    if (preview && !this.#supportsPreview) return news;
    const request = named(new messages.UpdateRequest(), old.urn);
    request.setId(old.id);
    request.setOldInputs(toStruct(old.inputs));
    request.setOlds(toStruct(old.outputs));
    request.setNews(toStruct(news));
    request.setPreview(preview);
    request.setIgnorechangesList([...ignoreChanges]);
    return fromStruct(
      (
        await this.#unary<messages.UpdateResponse>("update", (done) => this.#client.update(request, done))
      ).getProperties(),
    );
  }

  async delete(known: Known) {
    const request = named(new messages.DeleteRequest(), known.urn);
    request.setId(known.id);
    request.setOldInputs(toStruct(known.inputs));
    request.setProperties(toStruct(known.outputs));
    await this.#unary("delete", (done) => this.#client.delete(request, done));
  }

  async invoke(token: string, args: PropertyMap, preview: boolean) {
    const request = new messages.InvokeRequest();
    request.setTok(token);
    request.setArgs(toStruct(args));
    request.setPreview(preview);
    const response = await this.#unary<messages.InvokeResponse>("invoke", (done) =>
      this.#client.invoke(request, done),
    );
    return { result: fromStruct(response.getReturn()), failures: failures(response.getFailuresList()) };
  }

  async cancel(): Promise<void> {
    // One that does not know how to is let go on.
    await unary((done) => this.#client.cancel(new empty.Empty(), done)).catch(() => undefined);
  }

  close(): void {
    this.#client.close();
    this.#child.kill();
  }

  async #unary<Response>(method: string, start: Parameters<typeof unary<Response>>[0]): Promise<Response> {
    try {
      return await unary(start);
    } catch (error) {
      if (isUnimplemented(error)) throw new Error(`The plugin "${this.#name}" does not implement ${method}.`);
      throw readInitFailed(error) ?? new Error(errorText(error), { cause: error });
    }
  }
}

/** Sets what every request about a resource carries. */
function named<
  Request extends {
    setUrn(urn: string): unknown;
    setName(name: string): unknown;
    setType(type: string): unknown;
  },
>(request: Request, urn: string): Request {
  request.setUrn(urn);
  request.setName(nameOf(urn));
  request.setType(typeOf(urn));
  return request;
}

function failures(list: messages.CheckFailure[]): CheckFailure[] {
  return list.map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
}
