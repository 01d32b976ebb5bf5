import { TOKEN } from "../../src/provider/contract.ts";
import { type Calls, calls, type DiffResult, type Subject } from "../../src/provider/engine/calls.ts";
import { session as newSession, type Session } from "../../src/provider/engine/context.ts";
import { PartlyDone } from "../../src/provider/engine/partly-done.ts";
import { type PropertyMap, secret, type Value } from "../../src/provider/engine/values.ts";
import { rollcall } from "../../src/provider/rollcall.ts";

/** Keeps one resource as Pulumi's engine does: refresh, then diff, then create, update or nothing. */
export class TestEngine {
  readonly calls: Calls;
  readonly session: Session;
  readonly messages: string[] = [];
  state: Subject | undefined;
  readonly #urn: string;

  constructor(env: Record<string, string>, type: keyof typeof TOKEN) {
    this.session = newSession(env);
    this.session.attach({
      log: async (severity, message) => {
        this.messages.push(`${severity}: ${message}`);
      },
    });
    this.calls = calls(rollcall, this.session);
    this.#urn = `urn:pulumi:test::rollcall::rollcall:index:EntraApplication$${TOKEN[type]}::x`;
  }

  /** Reads what is, and keeps it. */
  async refresh(): Promise<void> {
    const before = this.state;
    if (!before) return;
    const observed = await this.calls.read(before);
    this.state = observed && {
      urn: this.#urn,
      id: observed.id,
      inputs: observed.inputs as PropertyMap,
      outputs: observed.outputs as PropertyMap,
    };
    if (this.state && Object.keys(before.inputs).length > 0)
      await this.calls.diff(this.state, before.inputs, []);
  }

  /** Refreshes without keeping it, and says what an `up` would do. */
  async preview(inputs: object): Promise<DiffResult | "create"> {
    const kept = this.state;
    try {
      await this.refresh();
      const wire = this.#check(inputs);
      if (this.state) return await this.calls.diff(this.state, wire, []);
      await this.calls.create(this.#urn, wire, true);
      return "create";
    } finally {
      this.state = kept;
    }
  }

  /** Paths that a preview shows as changed; empty when there is nothing to do. */
  async changes(inputs: object): Promise<string[]> {
    const result = await this.preview(inputs);
    return result === "create" ? ["create"] : result.differences.map(({ path, kind }) => `${kind} ${path}`);
  }

  async up(inputs: object): Promise<void> {
    await this.refresh();
    const wire = this.#check(inputs);
    try {
      const { id, outputs } = await this.#apply(wire);
      this.state = { urn: this.#urn, id, inputs: wire, outputs: outputs as PropertyMap };
    } catch (error) {
      if (error instanceof PartlyDone)
        this.state = { urn: this.#urn, id: error.id, inputs: wire, outputs: error.outputs as PropertyMap };
      throw error;
    }
  }

  async #apply(wire: PropertyMap): Promise<{ id: string; outputs: Value }> {
    if (!this.state) return this.calls.create(this.#urn, wire, false);
    const { id, outputs } = this.state;
    const { differences } = await this.calls.diff(this.state, wire, []);
    return {
      id,
      outputs: differences.length > 0 ? await this.calls.update(this.state, wire, false) : outputs,
    };
  }

  async destroy(): Promise<void> {
    if (this.state) await this.calls.delete(this.state);
    this.state = undefined;
  }

  async importFrom(id: string): Promise<void> {
    this.state = { urn: this.#urn, id, inputs: {}, outputs: {} };
    await this.refresh();
    if (!this.state) return;
    const { inputs } = this.state;
    const failures = this.calls.check(this.#urn, inputs, inputs);
    if (failures.length > 0) throw new Error(`check: ${JSON.stringify(failures)}`);
  }

  #check(inputs: object): PropertyMap {
    const wire = inputs as PropertyMap;
    const failures = this.calls.check(this.#urn, this.state?.inputs ?? {}, wire);
    if (failures.length > 0) throw new Error(`check: ${JSON.stringify(failures)}`);
    return wire;
  }
}

export const asSecret = (value: Value): Value => secret(value);

/** Every text of a state that is not marked secret. */
export function clearTexts(value: unknown): string {
  return JSON.stringify(value, (_key, item) =>
    typeof item === "object" && item !== null && "4dabf18193072939515e22adb298388d" in item
      ? "[secret]"
      : item,
  );
}
