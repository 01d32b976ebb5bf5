import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ADA,
  assign,
  EDITOR,
  EDITORS,
  GOVERNANCE,
  JOHN,
  READER,
  SID,
  user,
} from "../../../sandbox/entra/harness.ts";
import { assignmentInputs, type EntraFixture, entraFixture } from "../../entra-fixture.ts";
import { TestEngine } from "../../test-engine.ts";

let fixture: EntraFixture;
let engine: TestEngine;

beforeEach(async () => {
  fixture = await entraFixture();
  engine = new TestEngine(fixture.env, "appRoleAssignments");
});
afterEach(() => fixture.tenant.stop());

const inputs = (assignments: Record<string, string>, more = {}) =>
  assignmentInputs(fixture.application, assignments, more);

/** `principal role` of everybody who is assigned, sorted. */
async function assigned(): Promise<string[]> {
  const path = `/v1.0/servicePrincipals/${fixture.application.servicePrincipalId}/appRoleAssignedTo`;
  const { value } = (await fixture.tenant.asAdministrator("GET", path)) as {
    value: { principalDisplayName: string; appRoleId: string }[];
  };
  const roles: Record<string, string> = { [READER]: "Reader", [EDITOR]: "Editor" };
  return value.map((one) => `${one.principalDisplayName} ${roles[one.appRoleId]}`).sort();
}

async function removeByHand(principal: string): Promise<void> {
  const path = `/v1.0/servicePrincipals/${fixture.application.servicePrincipalId}/appRoleAssignedTo`;
  const { value } = (await fixture.tenant.asAdministrator("GET", path)) as {
    value: { id: string; principalId: string }[];
  };
  for (const { id, principalId } of value) {
    if (principalId === principal) await fixture.tenant.asAdministrator("DELETE", `${path}/${id}`);
  }
}

const GUIDE = {
  "group:governance-team Reader": GOVERNANCE,
  "group:editors Editor": EDITORS,
  "user:ada@acme.example Reader": ADA,
};

describe("entra.AppRoleAssignments", () => {
  it("gives the declared roles in one batch, and a second up writes nothing", async () => {
    await engine.up(inputs(GUIDE));
    expect(await assigned()).toEqual(["Ada Reader", "editors Editor", "governance-team Reader"]);
    expect(fixture.writes()).toHaveLength(3);
    expect(await engine.changes(inputs(GUIDE))).toEqual([]);
    await engine.up(inputs(GUIDE));
    expect(fixture.writes()).toEqual([]);
  });

  it("shows an assignment added by hand under the name a spec would have for it, and removes it", async () => {
    await engine.up(inputs(GUIDE));
    await assign(fixture.graph, fixture.application, JOHN, EDITOR);
    expect(await engine.changes(inputs(GUIDE))).toEqual([
      'delete assignments["user:john@acme.example Editor"]',
    ]);
    await engine.up(inputs(GUIDE));
    expect(await assigned()).toEqual(["Ada Reader", "editors Editor", "governance-team Reader"]);
    expect(await engine.changes(inputs(GUIDE))).toEqual([]);
  });

  it("shows an assignment with a role that is not the spec's, and removes it", async () => {
    await engine.up(inputs(GUIDE));
    const template = "18d14569-c3bd-439b-9a66-3a2aee01d14f";
    await assign(fixture.graph, fixture.application, JOHN, template);
    expect(await engine.changes(inputs(GUIDE))).toEqual([
      'delete assignments["user:john@acme.example User"]',
    ]);
    await engine.refresh();
    expect(await engine.changes(inputs(GUIDE))).toEqual([
      'delete assignments["user:john@acme.example User"]',
    ]);
    await engine.up(inputs(GUIDE));
    expect(await assigned()).toHaveLength(3);
  });

  it("shows an assignment removed by hand, and gives it again", async () => {
    await engine.up(inputs(GUIDE));
    await removeByHand(GOVERNANCE);
    expect(await engine.changes(inputs(GUIDE))).toEqual(['add assignments["group:governance-team Reader"]']);
    fixture.writes();
    await engine.up(inputs(GUIDE));
    expect(fixture.writes()).toHaveLength(1);
    expect(await assigned()).toHaveLength(3);
  });

  it("adds the new role before it removes the old", async () => {
    await engine.up(inputs({ "user:ada@acme.example Reader": ADA }));
    fixture.writes();
    await engine.up(inputs({ "user:ada@acme.example Editor": ADA }));
    expect(fixture.writes().map((write) => write.split(" ")[0])).toEqual(["POST", "DELETE"]);
    expect(await assigned()).toEqual(["Ada Editor"]);
  });

  it("keeps the old role of somebody whose new one is refused, and says so", async () => {
    await engine.up(inputs({ "user:ada@acme.example Reader": ADA }));
    const next = inputs(
      { "user:ada@acme.example Owner": ADA },
      { roles: { Reader: READER, Owner: "00000000-0000-4000-8000-00000000dead" } },
    );
    fixture.tenant.faults.arm({
      method: "POST",
      path: "appRoleAssignedTo",
      times: 100,
      effect: { answer: 403 },
    });
    await expect(engine.up(next)).rejects.toThrow(/user:ada@acme.example Owner: .*403/);
    expect(await assigned()).toEqual(["Ada Reader"]);
  });

  it("lets nobody be out whose new way in is refused, and holds up nobody else", async () => {
    const refuse = () =>
      fixture.tenant.faults.arm({ method: "POST", path: "appRoleAssignedTo", effect: { answer: 403 } });
    await engine.up(inputs({ "user:john@acme.example Reader": JOHN, "user:ada@acme.example Reader": ADA }));
    refuse();
    const team = { "group:governance-team Reader": GOVERNANCE };
    await expect(engine.up(inputs(team))).rejects.toThrow(
      /- group:governance-team Reader: .*\nNot taken out, since whoever could not be let in may be among them:\n( {2}- user:\w+@acme.example Reader\n?){2}$/,
    );
    expect(await assigned()).toEqual(["Ada Reader", "John Reader"]);

    await engine.up(inputs({ ...team, "user:john@acme.example Reader": JOHN }));
    refuse();
    await expect(engine.up(inputs({ "user:ada@acme.example Reader": ADA }))).rejects.toThrow(
      /- user:ada@acme.example Reader: .*\nNot taken out, since whoever could not be let in may be among them:\n {2}- group:governance-team Reader$/,
    );
    expect(await assigned()).toEqual(["governance-team Reader"]);
    await engine.up(inputs({ "user:ada@acme.example Reader": ADA }));
    expect(await assigned()).toEqual(["Ada Reader"]);
  });

  it("counts whoever keeps an old role, once they lose that too", async () => {
    const [reader, editor] = [
      { "user:ada@acme.example Reader": ADA },
      { "user:ada@acme.example Editor": ADA },
    ];
    await engine.up(inputs(reader, { maxRemovals: 0 }));
    fixture.tenant.faults.arm({ method: "POST", path: "appRoleAssignedTo", effect: { answer: 403 } });
    await expect(engine.up(inputs(editor, { maxRemovals: 0 }))).rejects.toThrow("could not be let in");
    await expect(engine.up(inputs({}, { maxRemovals: 0 }))).rejects.toThrow("This would take 1 principal");
    expect(await engine.changes(inputs(reader, { maxRemovals: 0 }))).toEqual([
      'update assignments["user:ada@acme.example Reader"]',
    ]);
    await engine.up(inputs(reader, { maxRemovals: 0 }));
    expect(await engine.changes(inputs(reader, { maxRemovals: 0 }))).toEqual([]);
  });

  it("counts whoever keeps an old role under another spelling of their name, too", async () => {
    await assign(fixture.graph, fixture.application, ADA, READER);
    const editor = inputs({ "user:ADA@acme.example Editor": ADA }, { exclusive: false, maxRemovals: 0 });
    await engine.up(inputs({ "user:ada@acme.example Reader": ADA }, { exclusive: false }));
    fixture.tenant.faults.arm({ method: "POST", path: "appRoleAssignedTo", effect: { answer: 403 } });
    await expect(engine.up(editor)).rejects.toThrow("could not be let in");
    await expect(engine.up(inputs({}, { exclusive: false, maxRemovals: 0 }))).rejects.toThrow(
      "This would take 1 principal",
    );
  });

  it("tells the failure that cut it off, and not why something was to be sent again", async () => {
    const { faults } = fixture.tenant;
    faults.arm({ method: "POST", path: "appRoleAssignedTo", effect: { answer: 429 } });
    faults.arm({ method: "POST", path: "\\$batch", skip: 1, times: 100, effect: { answer: 401 } });
    await expect(engine.up(inputs({ "user:ada@acme.example Reader": ADA }))).rejects.toThrow(
      /here.\n {2}- Microsoft Graph refused POST \/v1.0\/\$batch: 401[^\n]*\nNot done, as far as is known:\n {2}- user:ada/,
    );
  });

  it("tells what was done from what was not, where it was cut off", async () => {
    await fixture.tenant.stop();
    const users = Array.from({ length: 25 }, (_, index) => user(crypto.randomUUID(), `u${index}`));
    fixture = await entraFixture({ directory: { users, groups: [] } });
    engine = new TestEngine(fixture.env, "appRoleAssignments");
    const many = Object.fromEntries(
      users.map(({ id, userPrincipalName }) => [`user:${userPrincipalName} Reader`, id]),
    );
    fixture.tenant.faults.arm({
      method: "POST",
      path: "\\$batch",
      skip: 1,
      times: 100,
      effect: { answer: 401 },
    });
    await expect(engine.up(inputs(many))).rejects.toThrow(
      /here.\n {2}- [^\n]*401[^\n]*\nNot done, as far as is known:(\n {2}- user:[^\n]* Reader){5}$/,
    );
    expect(await assigned()).toHaveLength(20);
    expect(Object.keys(engine.state?.outputs.assignmentIds as object)).toHaveLength(20);
    fixture.tenant.faults.clear();
    expect(await engine.changes(inputs(many))).toHaveLength(5);
  });

  it("refuses to take out more than maxRemovals, in the preview already, and names them", async () => {
    const many = {
      "user:ada@acme.example Reader": ADA,
      "user:john@acme.example Reader": JOHN,
      "user:sid@acme.example Reader": SID,
    };
    await engine.up(inputs(many));
    const next = inputs({ "user:ada@acme.example Reader": ADA }, { maxRemovals: 1 });
    await expect(engine.preview(next)).rejects.toThrow(
      [
        "This would take 2 principals out of datahub, and maxRemovals allows 1:",
        "  - user:john@acme.example (Reader)",
        "  - user:sid@acme.example (Reader)",
        "Nobody was taken out. If that is what you want, allow it once: ROLLCALL_ALLOW_REMOVALS=datahub=2",
      ].join("\n"),
    );
    await expect(engine.up(next)).rejects.toThrow("maxRemovals");
    const moved = { servicePrincipalId: crypto.randomUUID(), maxRemovals: 1 };
    await expect(engine.preview(inputs(GUIDE, moved))).rejects.toThrow(
      /gives way to [-0-9a-f]+\.\nThis would take \d principals out of datahub/,
    );
    expect(await assigned()).toHaveLength(3);
    const allowed = new TestEngine(
      { ...fixture.env, ROLLCALL_ALLOW_REMOVALS: "collate=9, datahub=2" },
      "appRoleAssignments",
    );
    allowed.state = engine.state;
    await allowed.up(next);
    expect(await assigned()).toEqual(["Ada Reader"]);
  });

  it("does not count a role change as a removal", async () => {
    await engine.up(inputs({ "user:ada@acme.example Reader": ADA }));
    await engine.up(inputs({ "user:ada@acme.example Editor": ADA }, { maxRemovals: 0 }));
    expect(await assigned()).toEqual(["Ada Editor"]);
  });

  it("leaves undeclared assignments alone when it is not exclusive, but removes what it gave", async () => {
    await assign(fixture.graph, fixture.application, JOHN, READER);
    const shared = { exclusive: false };
    await engine.up(inputs(GUIDE, shared));
    expect(await engine.changes(inputs(GUIDE, shared))).toEqual([]);
    await engine.up(inputs({ "group:governance-team Reader": GOVERNANCE }, shared));
    expect(await assigned()).toEqual(["John Reader", "governance-team Reader"]);
    await engine.destroy();
    expect(await assigned()).toEqual(["John Reader"]);
  });

  it("takes over nobody it does not know: stops and names them, in the preview too", async () => {
    await assign(fixture.graph, fixture.application, JOHN, READER);
    const message = [
      "datahub has assignments that the spec does not declare:",
      "  - user:john@acme.example Reader",
      "None of them was removed.",
    ].join("\n");
    await expect(engine.preview(inputs(GUIDE))).rejects.toThrow(message);
    await expect(engine.up(inputs(GUIDE))).rejects.toThrow(message);
    expect(await assigned()).toEqual(["John Reader"]);
    await engine.up(inputs({ ...GUIDE, "user:john@acme.example Reader": JOHN }));
    expect(await assigned()).toHaveLength(4);
  });

  it("remembers what it gave before a failure, so that a spec that takes it back does", async () => {
    await assign(fixture.graph, fixture.application, SID, READER);
    const shared = (keys: Record<string, string>) => inputs(keys, { exclusive: false });
    const [john, ada] = [{ "user:john@acme.example Reader": JOHN }, { "user:ada@acme.example Reader": ADA }];
    const post = { method: "POST", path: "appRoleAssignedTo", effect: { answer: 403 as const } };
    fixture.tenant.faults.arm({ ...post, skip: 1 });
    await expect(engine.up(shared({ ...john, ...ada }))).rejects.toThrow(
      "datahub: not all of it could be done; the next run goes on from here.\n  - user:ada@acme.example Reader: ",
    );
    expect(await assigned()).toEqual(["John Reader", "Sid Reader"]);
    expect(await engine.changes(shared({ ...john, ...ada }))).toEqual([
      'add assignments["user:ada@acme.example Reader"]',
    ]);
    const removal = { method: "DELETE", path: "appRoleAssignedTo", effect: { answer: 403 as const } };
    fixture.tenant.faults.arm(removal);
    await expect(engine.up(shared(ada))).rejects.toThrow("user:john@acme.example Reader, to be removed");
    expect(await assigned()).toEqual(["Ada Reader", "John Reader", "Sid Reader"]);
    expect(await engine.changes(shared(ada))).toEqual([
      'delete assignments["user:john@acme.example Reader"]',
    ]);
    await engine.up(shared({}));
    expect(await assigned()).toEqual(["Sid Reader"]);
  });

  it("takes the role from whom a name meant before, also where that failed at first and no more may be removed", async () => {
    const shared = (id: string, maxRemovals: number) =>
      inputs({ "group:team Reader": id }, { exclusive: false, maxRemovals, pinned: ["group:team Reader"] });
    await engine.up(shared(EDITORS, 1));
    fixture.tenant.faults.arm({ method: "DELETE", path: "appRoleAssignedTo", effect: { answer: 403 } });
    await expect(engine.up(shared(GOVERNANCE, 1))).rejects.toThrow("to be removed");
    expect(await assigned()).toEqual(["editors Reader", "governance-team Reader"]);
    expect(await engine.changes(shared(GOVERNANCE, 1))).toEqual([
      `delete assignments["group:team (${EDITORS}) Reader"]`,
    ]);
    await engine.up(shared(GOVERNANCE, 0));
    expect(await assigned()).toEqual(["governance-team Reader"]);
    expect(await engine.changes(shared(GOVERNANCE, 0))).toEqual([]);
  });

  it("takes back what an import found and the spec declared, when it becomes shared", async () => {
    await engine.up(inputs(GUIDE));
    const importing = new TestEngine(fixture.env, "appRoleAssignments");
    await importing.importFrom(fixture.application.servicePrincipalId);
    await importing.up(inputs(GUIDE));
    await assign(fixture.graph, fixture.application, JOHN, READER);
    await importing.refresh();
    await importing.up(inputs({ "group:editors Editor": EDITORS }, { exclusive: false }));
    expect(await assigned()).toEqual(["John Reader", "editors Editor"]);
    expect(importing.messages).toContain(
      "warning: datahub is no longer exclusive, and these stay as they are, since rollcall did not put them there:\n  - user:john@acme.example Reader",
    );
  });

  it("says whom a switch to exclusive removes, and removes them", async () => {
    await assign(fixture.graph, fixture.application, JOHN, READER);
    await engine.up(inputs(GUIDE, { exclusive: false }));
    await engine.preview(inputs(GUIDE));
    expect(engine.messages).toEqual([
      "info: datahub has assignments that this stack has not made, and leaves alone (exclusive: false) unless the spec declares them: user:john@acme.example Reader",
      "warning: exclusive: true takes over datahub, and removes who is not declared:\n  - user:john@acme.example Reader",
    ]);
    await expect(engine.preview(inputs(GUIDE, { maxRemovals: 0 }))).rejects.toThrow("maxRemovals allows 0");
    await engine.up(inputs(GUIDE));
    expect(await assigned()).toHaveLength(3);
  });

  it("takes out nobody whom others let in when it becomes shared, although a refresh has seen them", async () => {
    await engine.up(inputs(GUIDE));
    await assign(fixture.graph, fixture.application, JOHN, READER);
    await assign(fixture.graph, fixture.application, ADA, EDITOR);
    await engine.refresh();
    const shared = inputs({ "user:ada@acme.example Reader": ADA }, { exclusive: false, maxRemovals: 2 });
    expect(await engine.changes(shared)).toEqual([
      'delete assignments["group:governance-team Reader"]',
      'delete assignments["group:editors Editor"]',
      "update exclusive",
      "update maxRemovals",
    ]);
    await engine.up(shared);
    expect(await assigned()).toEqual(["Ada Editor", "Ada Reader", "John Reader"]);
    await engine.refresh();
    expect(await engine.changes(shared)).toEqual([]);
  });

  it("leaves who came in after the preview until a preview has shown them", async () => {
    await engine.up(inputs(GUIDE));
    const { state } = engine;
    await assign(fixture.graph, fixture.application, JOHN, READER);
    if (!state) throw new Error("There is no state.");
    await engine.calls.update(state, inputs({ "group:editors Editor": EDITORS }) as never, false);
    expect(await assigned()).toEqual(["John Reader", "editors Editor"]);
    expect(engine.messages.join()).toContain("user:john@acme.example Reader");
  });

  it("refuses an id that changed behind a name, unless it is pinned", async () => {
    await engine.up(inputs(GUIDE));
    const next = { ...GUIDE, "group:governance-team Reader": SID };
    await expect(engine.preview(inputs(next))).rejects.toThrow(
      `group:governance-team was ${GOVERNANCE} and is now ${SID}`,
    );
    await removeByHand(GOVERNANCE);
    await engine.refresh();
    await expect(engine.preview(inputs(next))).rejects.toThrow("is now");
    await engine.up(inputs(next, { pinned: ["group:governance-team Reader"] }));
    expect(await assigned()).toEqual(["Ada Reader", "Sid Reader", "editors Editor"]);
  });

  it("remembers the id behind a name that somebody let in by hand and the spec took over", async () => {
    await engine.up(inputs(GUIDE));
    await assign(fixture.graph, fixture.application, JOHN, READER);
    const accepted = { ...GUIDE, "user:john@acme.example Reader": JOHN };
    expect(await engine.changes(inputs(accepted))).toEqual([]);
    await engine.up(inputs(accepted));
    await removeByHand(JOHN);
    const next = inputs({ ...GUIDE, "user:john@acme.example Reader": SID });
    await engine.refresh();
    await expect(engine.preview(next)).rejects.toThrow(
      `user:john@acme.example was ${JOHN} and is now ${SID}`,
    );
  });

  it("is gone when its service principal is", async () => {
    await engine.up(inputs(GUIDE));
    await fixture.tenant.asAdministrator("DELETE", `/v1.0/applications/${fixture.application.id}`);
    await engine.refresh();
    expect(engine.state).toBeUndefined();
  });

  it("is imported under the names that a spec has", async () => {
    await engine.up(inputs(GUIDE));
    const importing = new TestEngine(fixture.env, "appRoleAssignments");
    await importing.importFrom(fixture.application.servicePrincipalId);
    expect(await importing.changes(inputs(GUIDE))).toEqual([]);
  });

  it("removes nobody after an import whom the spec does not declare, unless that is asked for", async () => {
    await engine.up(inputs({ ...GUIDE, "user:john@acme.example Reader": JOHN }));
    const importing = new TestEngine(fixture.env, "appRoleAssignments");
    await importing.importFrom(fixture.application.servicePrincipalId);
    const message =
      "datahub has assignments that the spec does not declare:\n  - user:john@acme.example Reader";
    await expect(importing.preview(inputs(GUIDE))).rejects.toThrow(message);
    await expect(importing.up(inputs(GUIDE))).rejects.toThrow(message);
    expect(await assigned()).toHaveLength(4);
    const allowed = new TestEngine(
      { ...fixture.env, ROLLCALL_ALLOW_REMOVALS: "datahub=1" },
      "appRoleAssignments",
    );
    await allowed.importFrom(fixture.application.servicePrincipalId);
    await allowed.up(inputs(GUIDE));
    expect(await assigned()).toEqual(["Ada Reader", "editors Editor", "governance-team Reader"]);
  });

  it("leaves whom an import found and the spec does not declare, where it is not exclusive", async () => {
    await engine.up(inputs({ ...GUIDE, "user:john@acme.example Reader": JOHN }));
    const importing = new TestEngine(fixture.env, "appRoleAssignments");
    await importing.importFrom(fixture.application.servicePrincipalId);
    const shared = inputs(GUIDE, { exclusive: false });
    expect(await importing.changes(shared)).toEqual([]);
    await importing.up(inputs({ ...GUIDE, "user:sid@acme.example Reader": SID }, { exclusive: false }));
    expect(await assigned()).toHaveLength(5);
    await importing.up(shared);
    expect(await assigned()).toContain("John Reader");
    expect(await assigned()).toHaveLength(4);
  });

  it("warns of people whom an assignment outside the spec gives another role", async () => {
    const shared = inputs(GUIDE, { exclusive: false });
    await engine.up(shared);
    // A change of the spec's own role is none.
    await engine.preview(inputs({ "user:ada@acme.example Editor": ADA }, { exclusive: false }));
    expect(engine.messages).toEqual([]);
    await assign(fixture.graph, fixture.application, JOHN, EDITOR);
    await assign(fixture.graph, fixture.application, SID, READER);
    await engine.preview(shared);
    expect(engine.messages.filter((message) => message.startsWith("warning"))).toEqual([
      expect.stringMatching(
        /which of them arrives is not settled:\n {2}- john@acme.example: Reader through group:governance-team, Editor through user:john@acme.example \(not in the spec\)$/,
      ),
    ]);
  });

  it("says what to do when the enterprise application alone was deleted", async () => {
    const { servicePrincipalId } = fixture.application;
    await fixture.tenant.asAdministrator("DELETE", `/v1.0/servicePrincipals/${servicePrincipalId}`);
    await expect(engine.preview(inputs(GUIDE))).rejects.toThrow(
      `datahub: there is no service principal ${servicePrincipalId} in the tenant`,
    );
  }, 60_000);

  it("names a declared role that the application does not have", async () => {
    await expect(engine.up(inputs({ "group:editors Owner": EDITORS }))).rejects.toThrow(
      'datahub: "group:editors Owner" gives the role Owner, and there are only Reader, Editor.',
    );
  });
});
