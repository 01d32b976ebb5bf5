import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
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

/** The story of DataHub's guide for Entra; empty when the spec is not about its people. */
export function storyOf(stage: Stage): Chapter[] {
  const application = stage.application("datahub");
  const plays =
    application?.idp === "entra" &&
    application.assignments.some(({ name }) => name === "governance-team") &&
    stage.sandbox.directories().entra.users.some((user) => user.userPrincipalName === JOHN);
  return plays ? entraStory(application) : [];
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
        stage.useSpec(withRole(stage, "governance-team", "Editor"));
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
      play: ({ sandbox }) => sandbox.entra.change({ change: "deleteGroup", group: "data-platform" }),
      outcome: async (stage) => {
        demand(!(await look(stage)).groups.includes("data-platform"), "the group is still there");
        return "the group is gone, and its people are deactivated";
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

/** Writes a copy of the spec in which a group has another role. @returns its path */
function withRole(stage: Stage, group: string, role: string): string {
  const document = parseDocument(readFileSync(stage.spec, "utf8"));
  const path = ["applications", "datahub", "entra", "assignments"];
  const assignments = document.getIn(path) as { toJSON(): { group?: string }[] };
  const index = assignments.toJSON().findIndex((assignment) => assignment.group === group);
  document.setIn([...path, index, "role"], role);
  const file = join(stage.scratch, "role-changed.yaml");
  writeFileSync(file, document.toString());
  return file;
}
