import * as grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/callback_grpc_pb.js";
import callbacks from "@pulumi/pulumi/proto/callback_pb.js";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import { nameOf, typeOf } from "./urn.ts";
import type { PropertyMap } from "./values.ts";
import { errorText, toStruct, unary } from "./wire.ts";

interface Hook {
  callback: callbacks.Callback;
  onDryRun: boolean;
}

/** The hooks that a program has registered, and the connection back to it to run them. */
export class Hooks {
  readonly #hooks = new Map<string, Hook>();
  readonly #clients = new Map<string, services.CallbacksClient>();

  register(name: string, callback: callbacks.Callback, onDryRun: boolean): void {
    this.#hooks.set(name, { callback, onDryRun });
  }

  /** @throws with the hook's own words when one of them objects. */
  async beforeCreate(
    names: readonly string[],
    urn: string,
    inputs: PropertyMap,
    preview: boolean,
  ): Promise<void> {
    for (const name of names) {
      const hook = this.#find(name);
      if (preview && !hook.onDryRun) continue;
      const request = new messages.ResourceHookRequest();
      request.setUrn(urn);
      request.setName(nameOf(urn));
      request.setType(typeOf(urn));
      request.setNewInputs(toStruct(inputs));
      const bytes = await this.#invoke(hook, request.serializeBinary());
      const problem = messages.ResourceHookResponse.deserializeBinary(bytes).getError();
      if (problem) throw new Error(problem);
    }
  }

  /** Tells the program that a create failed. It may report more about it; a wish to try again is not granted here. */
  async createFailed(
    names: readonly string[],
    urn: string,
    inputs: PropertyMap,
    error: string,
  ): Promise<void> {
    for (const name of names) {
      const request = new messages.ErrorHookRequest();
      request.setUrn(urn);
      request.setName(nameOf(urn));
      request.setType(typeOf(urn));
      request.setNewInputs(toStruct(inputs));
      request.setFailedOperation("create");
      request.setErrorsList([error]);
      await this.#invoke(this.#find(name), request.serializeBinary());
    }
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  #find(name: string): Hook {
    const hook = this.#hooks.get(name);
    if (!hook) throw new Error(`The program names the hook "${name}" without having registered it.`);
    return hook;
  }

  async #invoke(hook: Hook, request: Uint8Array): Promise<Uint8Array> {
    const target = hook.callback.getTarget();
    const client =
      this.#clients.get(target) ?? new services.CallbacksClient(target, grpc.credentials.createInsecure());
    this.#clients.set(target, client);
    const message = new callbacks.CallbackInvokeRequest();
    message.setToken(hook.callback.getToken());
    message.setRequest(request);
    try {
      const response = await unary<callbacks.CallbackInvokeResponse>((done) => client.invoke(message, done));
      return response.getResponse_asU8();
    } catch (error) {
      throw new Error(errorText(error), { cause: error });
    }
  }
}
