import { rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importIn } from "../engines/import-in.ts";
import { changes, messages, ProgramSandbox } from "./sandbox.ts";

interface Parts {
  scim?: "pending" | "enabled" | "paused";
  label?: string;
  assignments?: string;
  pushes?: string;
  more?: string;
}

const spec = ({
  scim = "pending",
  label = "DataHub-SCIM-SWA",
  assignments = "[{ group: datahub-users }, { user: john@sandbox.example }]",
  pushes = "[{ name: governance-team }]",
  more = "",
}: Parts = {}) => `
version: 1
environment: sandbox
applications:
  datahub:
    product: datahub
    endpoint: https://datahub.sandbox.example
    token: { secret: otherScimToken }
    okta:
      label: ${label}
      scim: ${scim}
      assignments: ${assignments}
      pushGroups: ${pushes}
${more}
`;

const COLLATE = `
  collate:
    product: collate
    endpoint: https://collate.sandbox.example
    token: { secret: collateScimToken }
    okta:
      label: Collate
      saml: { ssoUrl: "https://collate.sandbox.example/callback", audience: "https://collate.sandbox.example" }
      scim: SCIM
      assignments: [{ group: collate-users }]
      pushGroups: [{ startsWith: OM_ }]
`;

const ACTIONS = { createUsers: true, updateUsers: true, deactivateUsers: true, pushGroups: true };

describe("the program on Okta", { timeout: 180_000 }, () => {
  let sandbox: ProgramSandbox;
  beforeEach(async () => {
    sandbox = await ProgramSandbox.start(spec({ more: COLLATE.replace("SCIM\n", "pending\n") }));
    sandbox.spec(spec());
  });
  afterEach(() => sandbox.stop());

  const writes = () => {
    const made = sandbox.okta.log.writes().map(({ method, path }) => `${method} ${path}`);
    sandbox.okta.log.clear();
    return made;
  };

  /** The step that only a person can do. */
  async function switchOn(application = "datahub"): Promise<string> {
    const desired = sandbox.desired().applications.find(({ name }) => name === application);
    const { applications } = (await sandbox.run("preview")).outputs as {
      applications: Record<string, { applicationId: string }>;
    };
    const id = applications[application]?.applicationId ?? "";
    const variable = application === "datahub" ? "OTHER" : "COLLATE";
    const token = sandbox.env[`ROLLCALL_SECRET_${variable}_SCIM_TOKEN`] ?? "";
    await sandbox.okta.admin.enableScim(id, {
      baseUrl: desired?.scimUrl ?? "",
      authentication: { mode: "bearer", token },
      actions: ACTIONS,
    });
    writes();
    return id;
  }

  async function relabel(id: string | undefined, label: string): Promise<void> {
    const path = `/api/v1/apps/${id}`;
    const application = (await sandbox.okta.asAdministrator("GET", path)) as object;
    await sandbox.okta.asAdministrator("PUT", path, { ...application, label });
  }

  it("makes a hidden application first, says what a person has to do, and assigns nobody", async () => {
    const up = await sandbox.run("up");
    expect(messages(up, "error")).toEqual([]);
    expect(changes(up).slice(2)).toEqual([
      "create applications",
      "create datahub",
      "create datahub-application",
      "create datahub-scim",
    ]);
    expect(writes()).toEqual(["POST /api/v1/apps?activate=true"]);
    const [instructions = ""] = messages(up, "info");
    expect(instructions).toContain(
      "SCIM connector base URL: https://datahub.sandbox.example/gms/openapi/scim/v2",
    );
    expect(instructions).toContain("Deactivate Users: on");
    expect(instructions).not.toContain(sandbox.env.ROLLCALL_SECRET_OTHER_SCIM_TOKEN);
    expect((await sandbox.run("up", { expectNoChanges: true })).exitCode).toBe(0);
    expect(writes()).toEqual([]);
  });

  it("assigns and pushes once SCIM is on, writes nothing the second time, and PUTs the application no more", async () => {
    await sandbox.run("up");
    await switchOn();
    sandbox.spec(spec({ scim: "enabled" }));
    const up = await sandbox.run("up");
    expect(messages(up, "error")).toEqual([]);
    expect(changes(up)).toEqual([
      "update datahub-scim",
      "create datahub-assignments",
      "create datahub-pushes",
    ]);
    expect(
      writes().some((write) => write.startsWith("PUT /api/v1/apps/") && !/\/(groups|users)\//.test(write)),
    ).toBe(false);
    expect((await sandbox.run("up", { expectNoChanges: true })).exitCode).toBe(0);
    expect(writes()).toEqual([]);

    sandbox.spec(spec({ scim: "enabled", label: "Renamed" }));
    const renamed = await sandbox.run("up");
    expect(messages(renamed, "warning").join()).toContain(
      'called "DataHub-SCIM-SWA" in Okta, and "Renamed" in the spec',
    );
    expect(writes()).toEqual([]);
  });

  it("asks every list of an application once in a preview, and for the application once more than the provider", async () => {
    sandbox.spec(spec({ more: COLLATE.replace("SCIM\n", "pending\n") }));
    await sandbox.run("up");
    await switchOn();
    const id = await switchOn("collate");
    sandbox.spec(spec({ scim: "enabled", more: COLLATE.replace("SCIM\n", "enabled\n") }));
    await sandbox.run("up");
    sandbox.okta.log.clear();
    await sandbox.run("preview");
    const counts: Record<string, number> = {};
    for (const { path } of sandbox.okta.log.list()) counts[path] = (counts[path] ?? 0) + 1;
    expect(Object.values(counts).filter((count) => count > 1)).toEqual([2, 2]);
    expect(counts[`/api/v1/apps/${id}`]).toBe(2);
    const ofCollate = Object.keys(counts).filter((path) => path.startsWith(`/api/v1/apps/${id}`));
    expect(ofCollate.map((path) => path.slice(`/api/v1/apps/${id}`.length)).sort()).toEqual([
      "",
      "/credentials/keys",
      "/group-push/mappings?limit=1000",
      "/groups?limit=200",
      expect.stringMatching(/^\/sso\/saml\/metadata/),
      "/users?limit=500",
    ]);
  });

  it("takes nobody out when SCIM is off although the spec says that it is on", async () => {
    await sandbox.run("up");
    writes();
    sandbox.spec(spec({ scim: "enabled" }));
    const early = await sandbox.run("up");
    expect(messages(early, "error").join()).toContain("Deactivate Users: on");
    expect(writes()).toEqual([]);

    const id = await switchOn();
    expect((await sandbox.run("up")).exitCode).toBe(0);
    writes();
    await sandbox.okta.admin.changeActions(id, { deactivateUsers: false });
    const lost = await sandbox.run("preview", { expectNoChanges: true });
    expect(lost.exitCode).toBe(1);
    expect(messages(lost, "error").join()).toContain("people who leave keep their access");
    expect((await sandbox.run("up")).exitCode).toBe(1);
    expect(writes()).toEqual([]);
  });

  it("feeds Collate through SAML, with its profile mappings and groups by prefix, and destroys all of it", async () => {
    sandbox.spec(spec({ more: COLLATE.replace("SCIM\n", "pending\n") }));
    await sandbox.run("up");
    await switchOn("collate");
    sandbox.spec(spec({ more: COLLATE.replace("SCIM\n", "enabled\n") }));
    const up = await sandbox.run("up");
    expect(messages(up, "error")).toEqual([]);
    expect(changes(up)).toContain("create collate-profile");
    const pushes = up.steps.find(({ name }) => name === "collate-pushes")?.diff ?? [];
    expect(JSON.stringify(pushes)).toContain("OM_owners");
    expect(JSON.stringify(pushes)).toContain("OM_stewards");
    expect((await sandbox.run("up", { expectNoChanges: true })).exitCode).toBe(0);

    writes();
    const destroyed = await sandbox.run("destroy");
    expect(messages(destroyed, "error")).toEqual([]);
    expect(messages(destroyed, "warning").join()).toContain(
      "collate is no longer provisioned. People and groups stay in the product as they are.",
    );
    // Taken out one by one, Okta would deactivate them in the product first; pushes and mappings go along as well.
    expect(writes().map((write) => write.replace(/\/0oa\w+/, "/*"))).toEqual([
      ...["POST /api/v1/apps/*/lifecycle/deactivate", "DELETE /api/v1/apps/*"],
      ...["POST /api/v1/apps/*/lifecycle/deactivate", "DELETE /api/v1/apps/*"],
    ]);
    expect(JSON.stringify(sandbox.okta.dump())).not.toContain("DataHub-SCIM-SWA");
  });

  it("makes a sign-on application beside it when the spec asks for one", async () => {
    sandbox.spec(
      spec().replace(
        "      scim:",
        '      oidc: { label: DataHub, redirectUris: ["https://datahub.sandbox.example/callback/oidc"] }\n      scim:',
      ),
    );
    const up = await sandbox.run("up");
    expect(messages(up, "error")).toEqual([]);
    expect(changes(up)).toEqual(
      expect.arrayContaining(["create datahub-sign-on", "create datahub-sign-on-assignments"]),
    );
    expect(messages(up, "info").join()).toContain(
      "rollcall assigns nobody before, but for signing on, to DataHub.",
    );
    expect((await sandbox.run("up", { expectNoChanges: true })).exitCode).toBe(0);
    expect(sandbox.state()).not.toContain("client_secret");
    writes();
    const destroyed = await sandbox.run("destroy");
    // Nobody is provisioned yet, and people go with the application that they sign in through.
    expect(messages(destroyed, "warning")).toEqual([]);
    expect(writes().filter((write) => write.startsWith("DELETE"))).toHaveLength(2);
  });

  it("leaves an application that was there before as it was, its profile mappings too", async () => {
    sandbox.spec(spec({ more: COLLATE.replace("SCIM\n", "pending\n") }));
    await sandbox.run("up");
    await switchOn("collate");
    // Without its state the stack finds an application that somebody else made.
    rmSync(sandbox.stateFile);
    const existing = COLLATE.replace("label: Collate", "existing: { label: Collate }").replace(
      / *saml: .*\n/,
      "",
    );
    sandbox.spec(spec({ label: "Another", more: existing.replace("SCIM\n", "enabled\n") }));
    const up = await sandbox.run("up");
    expect(messages(up, "error")).toEqual([]);
    expect(changes(up)).toContain("create collate-profile");
    const { applications } = up.outputs as { applications: Record<string, { applicationId: string }> };
    const [known, other] = [applications.collate?.applicationId, applications.datahub?.applicationId];
    await relabel(known, "Collate, the old one");
    await relabel(other, "Collate");
    writes();
    const [refused = ""] = messages(await sandbox.run("up"), "error");
    expect(refused).toContain(`than the one the spec has meant so far, ${known}: it is ${other} now`);
    expect(writes().filter((write) => /\/(groups|users|group-push)\//.test(write))).toEqual([]);
    await relabel(known, "Collate");
    await relabel(other, "Another");
    writes();
    const destroyed = await sandbox.run("destroy");
    expect(messages(destroyed, "warning").join()).toContain("collate stays in Okta, and these are taken out");
    const ends = writes();
    expect(ends.filter((write) => write.includes("/api/v1/mappings/"))).toEqual([]);
    expect(ends.filter((write) => /^DELETE .*\/groups\//.test(write))).toHaveLength(1);
  });

  it("stops at an application with the same label that is not in the state, and takes it over by the command it names", async () => {
    await sandbox.run("up");
    const state = JSON.parse(sandbox.state());
    state.deployment.resources = state.deployment.resources.filter(
      ({ urn }: { urn: string }) => !/::datahub-(application|scim)$/.test(urn),
    );
    writeFileSync(sandbox.stateFile, JSON.stringify(state));
    writes();

    const stopped = await sandbox.run("up");
    const [error = ""] = messages(stopped, "error");
    expect(error).toContain('An application with the label "DataHub-SCIM-SWA" exists in Okta');
    expect(writes()).toEqual([]);
    expect((await sandbox.run("import", { imports: importIn(error) })).exitCode).toBe(0);
    const taken = await sandbox.run("up");
    expect(messages(taken, "error")).toEqual([]);
    expect(changes(taken)).toEqual(["create datahub-scim"]);
    expect(writes()).toEqual([]);
  });

  it("refuses a push that would arrive empty and names that nobody it finds", async () => {
    sandbox.spec(
      spec({
        assignments: "[{ user: ada@sandbox.example }, { group: datahub-user }]",
        pushes: "[{ name: governance-team }, { startsWith: ZZ_ }]",
      }),
    );
    const result = await sandbox.run("up");
    const [error = ""] = messages(result, "error");
    expect(error).toMatch(
      /error\[unknown-group\] there is no group "datahub-user"\n {2}help: did you mean "datahub-users"/,
    );
    expect(error).toMatch(
      /error\[pushed-without-members\] the group "governance-team" is pushed, and none of its 2 members is assigned/,
    );
    expect(writes()).toEqual([]);
  });

  it("refuses to work on anything but this machine", async () => {
    const nowhere = await sandbox.run("up", { env: { OKTA_HTTP_PROXY: "" } });
    expect(messages(nowhere, "error").join()).toContain(
      "OKTA_HTTP_PROXY is not set, so a real Okta org would be changed",
    );
    const elsewhere = await sandbox.run("up", { env: { OKTA_HTTP_PROXY: "https://acme.okta.com" } });
    expect(messages(elsewhere, "error").join()).toContain(
      "https://acme.okta.com, which is not on this machine",
    );
    expect(sandbox.okta.log.list()).toEqual([]);
  });
});
