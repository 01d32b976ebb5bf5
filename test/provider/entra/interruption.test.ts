import { beforeAll, describe, expect, it } from "vitest";
import type { FaultEffect } from "../../../src/sandbox/faults.ts";
import { ADA, assign, EDITORS, GOVERNANCE, JOHN, READER } from "../../sandbox/entra/harness.ts";
import { assignmentInputs, type EntraFixture, entraFixture, jobInputs } from "../entra-fixture.ts";
import { type ScimEndpoint, scimEndpoint } from "../scim-endpoint.ts";
import { TestEngine } from "../test-engine.ts";

const SECRET = "token-of-datahub";

/** A resource, an `up` that makes it and one that changes it. */
interface Story {
  resource: "appRoleAssignments" | "provisioningJob";
  first: (fixture: EntraFixture, endpoint: ScimEndpoint) => object;
  second: (fixture: EntraFixture, endpoint: ScimEndpoint) => object;
  /** Different writes of each, sent once when nothing goes wrong; the same path in one batch is one of them. */
  distinctWrites: [number, number];
}

const stories: Story[] = [
  {
    resource: "appRoleAssignments",
    first: ({ application }) =>
      assignmentInputs(application, {
        "group:governance-team Reader": GOVERNANCE,
        "user:ada@acme.example Reader": ADA,
      }),
    second: ({ application }) =>
      assignmentInputs(application, { "group:editors Editor": EDITORS, "user:ada@acme.example Editor": ADA }),
    distinctWrites: [1, 3],
  },
  {
    resource: "provisioningJob",
    first: ({ application }, { url }) => jobInputs(application, { baseAddress: url, secretToken: SECRET }),
    second: ({ application }, { url }) =>
      jobInputs(application, { baseAddress: `${url}/other`, secretToken: SECRET }),
    distinctWrites: [4, 3],
  },
];

const effects: [string, FaultEffect][] = [
  ["429 with Retry-After", { answer: 429, retryAfter: 0 }],
  ["500", { answer: 500 }],
  ["503", { answer: 503 }],
  ["a connection dropped before the effect", { drop: "before" }],
  ["a connection dropped after the effect", { drop: "after" }],
];

const WRITES =
  /appRoleAssignedTo|\/synchronization\/(secrets|jobs)($|\/scim[^/]*\/(start|pause|restart|schema)$)/;
const METHODS = ["POST", "PUT", "DELETE"];

type Disturb = (fixture: EntraFixture, step: number) => void;

/** The tenant after both ups, each disturbed and, where it failed of that, followed by another. */
async function play(story: Story, disturb: Disturb = () => {}, mayFail = false): Promise<unknown> {
  const fixture = await entraFixture();
  const endpoint = await scimEndpoint(SECRET);
  try {
    if (story.resource === "provisioningJob") await assign(fixture.graph, fixture.application, JOHN, READER);
    let engine = new TestEngine(fixture.env, story.resource);
    for (const [step, declared] of [story.first, story.second].entries()) {
      const inputs = declared(fixture, endpoint);
      disturb(fixture, step);
      const outcome = await engine.up(inputs).then(
        () => undefined,
        (error: Error) => error,
      );
      if (outcome && !mayFail) throw outcome;
      Reflect.deleteProperty(fixture.tenant.faults, "strike");
      const { state } = engine;
      engine = new TestEngine(fixture.env, story.resource);
      engine.state = state;
      await engine.up(inputs);
      expect(await engine.changes(inputs)).toEqual([]);
      if (story.resource === "provisioningJob") await fixture.tenant.runCycles();
    }
    return JSON.parse(JSON.stringify(fixture.tenant.dump()).replaceAll(endpoint.url, "http://scim"));
  } finally {
    await endpoint.stop();
    await fixture.tenant.stop();
  }
}

/** Has `decide` say what befalls each write: its number in this up, and how often this very write was sent before. */
function strike(
  fixture: EntraFixture,
  decide: (nth: number, before: number) => FaultEffect | undefined,
): void {
  const sent = new Map<string, number>();
  fixture.tenant.faults.strike = (method, path) => {
    if (!METHODS.includes(method.toUpperCase()) || !WRITES.test(path)) return undefined;
    const key = `${method} ${path}`;
    const before = sent.get(key) ?? 0;
    sent.set(key, before + 1);
    const nth = [...sent.keys()].indexOf(key);
    return decide(nth, before);
  };
}

describe.each(stories)("$resource", (story) => {
  let undisturbed: unknown;
  beforeAll(async () => {
    undisturbed = await play(story);
  });

  it.each(effects)("survives %s at each write", async (_what, effect) => {
    let struck = 0;
    const disturbed = await play(story, (fixture) =>
      strike(fixture, (_nth, before) => {
        if (before > 0) return undefined;
        struck++;
        return effect;
      }),
    );
    expect(struck).toBeGreaterThanOrEqual(story.distinctWrites[0] + story.distinctWrites[1]);
    expect(disturbed).toEqual(undisturbed);
  });

  it("waits for what is not found by the next reads", async () => {
    const late = await play(story, (fixture) => {
      const asked = new Map<string, number>();
      fixture.tenant.faults.strike = (method, path) => {
        if (method.toUpperCase() !== "GET" || !path.includes("/servicePrincipals/")) return undefined;
        const before = asked.get(path) ?? 0;
        asked.set(path, before + 1);
        return before < 2 ? { answer: 404 } : undefined;
      };
    });
    expect(late).toEqual(undisturbed);
  });

  it("goes on after a run that was killed before any of its writes, or after the last", async () => {
    for (const step of [0, 1] as const) {
      for (let killedAt = 0; killedAt <= story.distinctWrites[step]; killedAt++) {
        // Nothing that is sent from there on arrives, as if the plugin were dead.
        const dead = (fixture: EntraFixture, at: number) => {
          if (at === step) strike(fixture, (nth) => (nth >= killedAt ? { answer: 403 } : undefined));
        };
        expect(await play(story, dead, true)).toEqual(undisturbed);
      }
    }
  }, 120_000);
});
