import type { Document } from "yaml";
import type { DesiredApplication } from "../desired/model.ts";
import type { Arrived } from "../verify/arrived.ts";
import type { Stage } from "./stage.ts";

/** One event of the guide's story, and what must be seen in the product afterwards. */
export interface Chapter {
  /** What somebody does. */
  happens: string;
  play(stage: Stage): Promise<void> | void;
  /** What is seen in the product, as a sentence; throws what is seen instead. */
  outcome(stage: Stage): Promise<string>;
}

const JOHN = "john@sandbox.example";
const SID = "sid@sandbox.example";
const BO = "bo@sandbox.example";

/** The stories of DataHub's guides, for Entra and for Okta; none where the spec is not about their people. */
export function storiesOf(stage: Stage): { title: string; chapters: Chapter[] }[] {
  const { entra, okta } = stage.sandbox.directories();
  const fromEntra = stage.application("datahub");
  const fromOkta = stage.application("datahub-okta");
  const stories: { title: string; chapters: Chapter[] }[] = [];
  if (
    fromEntra?.idp === "entra" &&
    fromEntra.assignments.some(({ name }) => name === "governance-team") &&
    entra.users.some((user) => user.userPrincipalName === JOHN)
  ) {
    stories.push({ title: "The story of DataHub's guide for Entra", chapters: entraStory(fromEntra) });
  }
  if (
    fromOkta?.idp === "okta" &&
    fromOkta.assignments.some(({ name }) => name === SID) &&
    okta.users.some((user) => user.profile.login === JOHN)
  ) {
    stories.push({ title: "The story of DataHub's guide for Okta", chapters: oktaStory(fromOkta) });
  }
  return stories;
}

function entraStory(application: DesiredApplication): Chapter[] {
  const look = (stage: Stage) => stage.arrived(application);
  return [
    {
      happens: "john leaves governance-team",
      play: ({ sandbox }) =>
        sandbox.entra.change({ change: "removeMember", group: "governance-team", user: JOHN }),
      outcome: async (stage) => {
        const there = await look(stage);
        demand(!memberOf(there, "governance-team", JOHN), "john is still a member of governance-team");
        demand(userIn(there, JOHN)?.active === false, "john is not deactivated");
        return "he is gone from the group, and deactivated: it was his only way in";
      },
    },
    {
      happens: "the spec makes governance-team an Editor instead of a Reader",
      play: async (stage) => {
        edited(stage, "role-changed.yaml", "datahub", "entra", (document, path, list) => {
          const index = list.findIndex(({ group }) => group === "governance-team");
          document.setIn([...path, index, "role"], "Editor");
        });
        await stage.run("up");
      },
      outcome: async (stage) => {
        const roles = (await look(stage)).roles
          .filter((role) => role.userName === SID)
          .map(({ role }) => role);
        demand(roles.join() === "Editor", `sid's roles are ${roles.join(", ") || "none"}`);
        return "sid is an Editor, and a Reader no more";
      },
    },
    {
      happens: "sid is deleted for good",
      play: ({ sandbox }) => sandbox.entra.change({ change: "delete", user: SID }),
      outcome: async (stage) => {
        demand(userIn(await look(stage), SID) === undefined, "sid is still there");
        return "he is gone from DataHub";
      },
    },
    {
      happens: "the group data-platform is deleted for good",
      play: (stage) => {
        stage.sandbox.entra.change({ change: "deleteGroup", group: "data-platform" });
        // The next `up` would stop at a group that is not there.
        edited(stage, "group-gone.yaml", "datahub", "entra", (document, path, list) =>
          document.deleteIn([...path, list.findIndex(({ group }) => group === "data-platform")]),
        );
      },
      outcome: async (stage) => {
        demand(!(await look(stage)).groups.includes("data-platform"), "the group is still there");
        return "the group is gone, and its people are deactivated";
      },
    },
  ];
}

function oktaStory(application: DesiredApplication): Chapter[] {
  const look = (stage: Stage) => stage.arrived(application);
  const isInactive = async (stage: Stage, login: string, who: string) =>
    demand(userIn(await look(stage), login)?.active === false, `${who} is not deactivated`);
  return [
    {
      happens: "governance-team was pushed",
      play: () => undefined,
      outcome: async (stage) => {
        const there = await look(stage);
        demand(memberOf(there, "governance-team", JOHN), "john is not in governance-team");
        demand(there.roles.length === 0, "roles arrived, which Okta does not send");
        return "it is there with john and sid; roles do not travel, so grant one to the group in DataHub: Settings > Users & Groups > Groups";
      },
    },
    {
      happens: "the spec assigns sid no longer",
      play: async (stage) => {
        const assigned = (assignments: { user?: string }[]) =>
          assignments.findIndex(({ user }) => user === SID);
        edited(stage, "sid-unassigned.yaml", "datahub-okta", "okta", (document, path, list) =>
          document.deleteIn([...path, assigned(list)]),
        );
        await stage.run("up");
      },
      outcome: async (stage) => {
        await isInactive(stage, SID, "sid");
        return "he is deactivated";
      },
    },
    {
      happens: "john leaves datahub-users, his only way in",
      play: ({ sandbox }) => sandbox.okta.people.removeMember("datahub-users", JOHN),
      outcome: async (stage) => {
        await isInactive(stage, JOHN, "john");
        return "he is deactivated (DataHub says: suspended)";
      },
    },
    {
      happens: "bo is deleted in Okta",
      play: ({ sandbox }) => {
        sandbox.okta.people.change(BO, "deactivate");
        sandbox.okta.people.delete(BO);
      },
      outcome: async (stage) => {
        await isInactive(stage, BO, "bo");
        return "he is deactivated and stays in DataHub: Okta deletes nobody there";
      },
    },
  ];
}

function demand(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}

const userIn = (there: Arrived, userName: string) => there.users.find((user) => user.userName === userName);

const memberOf = (there: Arrived, group: string, userName: string) =>
  there.memberships.some((membership) => membership.group === group && membership.userName === userName);

/** Goes on with a copy of the spec that has other assignments of one application. */
function edited(
  stage: Stage,
  name: string,
  application: string,
  provider: "entra" | "okta",
  edit: (
    document: Document,
    path: (string | number)[],
    assignments: { group?: string; user?: string }[],
  ) => void,
): void {
  stage.editSpec(name, (document) => {
    const path = ["applications", application, provider, "assignments"];
    const list = document.getIn(path) as { toJSON(): { group?: string; user?: string }[] };
    edit(document, path, list.toJSON());
  });
}
