import type { GraphClient } from "../clients/graph/client.ts";
import { userWithAttributes } from "../clients/graph/directory.ts";
import { type GroupMember, groupMembers } from "../clients/graph/principals.ts";
import { type Synchronization, synchronization } from "../clients/graph/synchronization.ts";
import { hasStatus } from "../clients/http-error.ts";
import type { ScimClient } from "../clients/scim.ts";
import { expectedArrivals } from "../desired/expected-arrivals.ts";
import { userNameOf } from "../desired/expected-names.ts";
import type { DesiredEntraApplication } from "../desired/model.ts";
import type { EntraGroup, EntraUser } from "../directory/entra.ts";
import { rolesTravel } from "../products/product.ts";
import { assignmentKeys } from "../program/entra-inputs.ts";
import { type EntraPlan, planEntra } from "../program/entra-plan.ts";
import { SYNCHRONIZATION_TEMPLATE } from "../program/entra-template.ts";
import { trySavedCredentials } from "../provider/entra/job/credentials.ts";
import { outboundRule } from "../provider/entra/job/mapping.ts";
import { asCheck, type Check, failed, ok, type TestSubjects, unseen } from "./check.ts";
import { locateEntra } from "./locate-entra.ts";
import { readOnDemand } from "./on-demand.ts";
import { checkProduct, conflictChecks, isThere, NOT_ASKED } from "./product-checks.ts";
import type { Tenants } from "./tenants.ts";

/**
 * Has Entra test its connection and provision one user and one group on demand, reads its steps, and asks the product what came.
 * @param scim the product's own endpoint; undefined when its token is not at hand
 */
export async function verifyEntra(
  desired: DesiredEntraApplication,
  subjects: TestSubjects,
  tenants: Tenants,
  scim: ScimClient | undefined,
  knownId?: string,
): Promise<Check[]> {
  const graph = await tenants.graph();
  const { plans, problems } = await planEntra([desired], tenants.ask);
  const [plan] = plans;
  if (!plan) throw new TypeError("one application has one plan");
  const located = await locateEntra(graph, plan, knownId);
  const named = problems.map(asCheck);
  if ("problem" in located) return [...named, failed("the application", located.problem.message)];
  const sync = synchronization(graph, located.servicePrincipalId);
  const job = (await sync.jobs()).find(({ templateId }) => templateId === SYNCHRONIZATION_TEMPLATE);
  if (!job) return [...named, failed("the provisioning job", "there is none; `up` makes one")];

  const connection = await testConnection(sync, job.id);
  if (connection.verdict === "failed") return [...named, connection];
  const people = await readPeople(graph, plan, subjects);
  const ruleId = outboundRule(await sync.schema(job.id)).id;
  const checks = [...named, connection, ...people.problems];
  const userName = (people.user && userNameOf(desired, people.user)) ?? undefined;
  const wasThere = scim !== undefined && userName !== undefined && (await isThere(scim, userName));
  const provision = async (
    who: string,
    request: Omit<Parameters<typeof sync.provisionOnDemand>[1], "ruleId">,
  ) => readOnDemand(who, await sync.provisionOnDemand(job.id, { ruleId, ...request }));
  if (people.user) {
    const { id, userPrincipalName } = people.user;
    checks.push(await provision(userPrincipalName, { objectId: id, objectTypeName: "User" }));
  }
  if (people.group) {
    const { id, displayName } = people.group;
    const { memberIds } = people;
    checks.push(
      await provision(`group ${displayName}`, {
        objectId: id,
        objectTypeName: "Group",
        ...(memberIds.length > 0 ? { memberIds } : {}),
      }),
    );
  }
  const directories = { entra: people.directory, okta: { users: [], groups: [] } };
  const expect = (previously: ReadonlySet<string>) => expectedArrivals(desired, directories, previously);
  if (!scim) return [...checks, ...conflictChecks(expect(new Set())), NOT_ASKED];
  return [
    ...checks,
    ...(await checkProduct(scim, expect, {
      ...(userName === undefined ? {} : { userName }),
      ...(people.group ? { group: people.group.displayName } : {}),
      rolesTravel: rolesTravel(desired.mappings),
      roleIsDue: wasThere && job.status.lastExecution !== null,
    })),
  ];
}

async function testConnection(sync: Synchronization, jobId: string): Promise<Check> {
  const what = "Entra's Test Connection";
  const { refused, unseen: why } = await trySavedCredentials(sync, SYNCHRONIZATION_TEMPLATE, jobId);
  if (why !== undefined) return unseen(what, why);
  return refused === undefined ? ok(what, "the stored endpoint and token work") : failed(what, refused);
}

/** The test user, the test group, and the assigned groups, as the tenant has them now. */
async function readPeople(
  graph: GraphClient,
  plan: EntraPlan,
  { user: name, group: groupName }: TestSubjects,
) {
  const groups = [...assignmentKeys(plan.desired.assignments)].flatMap(([assignment, key]) => {
    const id = plan.assignments[key];
    return assignment.kind === "group" && id ? [{ id, displayName: assignment.name }] : [];
  });
  const lists = await groupMembers(
    graph,
    groups.map(({ id }) => id),
  );
  const membersOf = new Map(groups.map(({ id }, index) => [id, lists[index] ?? []]));
  const problems: Check[] = [];
  const group = groups.find(({ displayName }) => displayName === groupName);
  if (groupName !== undefined && !group) {
    problems.push(
      failed(`group ${groupName}`, "is not assigned by the spec, so Entra does not provision it"),
    );
  }
  const user = name === undefined ? undefined : await findUser(graph, name, problems);
  const users = user ? [user] : [];
  const seen = new Set(users.map(({ id }) => id));
  const directory = {
    users,
    groups: groups.map(({ id, displayName }) => asGroup(id, displayName, membersOf.get(id) ?? [], seen)),
  };
  // Of its members only the test user: on demand, one who is not in the product yet fails the group.
  const inside = user && group && membersOf.get(group.id)?.some(({ id }) => id === user.id);
  return { user, group, memberIds: inside ? [user.id] : [], directory, problems };
}

async function findUser(graph: GraphClient, name: string, problems: Check[]): Promise<EntraUser | undefined> {
  try {
    return await userWithAttributes(graph, name);
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
    problems.push(failed(name, "is nobody in Entra; name somebody by userPrincipalName"));
    return undefined;
  }
}

function asGroup(
  id: string,
  displayName: string,
  members: GroupMember[],
  seen: ReadonlySet<string>,
): EntraGroup {
  return {
    id,
    displayName,
    description: null,
    mailNickname: null,
    mailEnabled: false,
    securityEnabled: true,
    members: members.map((member) => member.id).filter((member) => seen.has(member)),
    deletedDateTime: null,
  };
}
