import { ADA, GOVERNANCE, JOHN, SID } from "../harness.ts";
import { graph, type Refusal, reference, tenant, UNKNOWN } from "./fixture.ts";

const groups = () => `/groups/${GOVERNANCE}`;
const newUser = {
  accountEnabled: true,
  displayName: "New",
  mailNickname: "new",
  userPrincipalName: "new@acme.example",
  passwordProfile: {},
};
const newGroup = { displayName: "New", mailNickname: "new", mailEnabled: false, securityEnabled: true };

/** Refusals about users and groups. */
export const DIRECTORY: Record<string, Refusal> = {
  "unknown user": () => graph("GET", `/users/${UNKNOWN}`),
  "soft-deleted user": async () => {
    tenant.change({ change: "softDelete", user: SID });
    const answer = await graph("GET", `/users/${SID}`);
    tenant.change({ change: "restore", user: SID });
    return answer;
  },
  "unknown group": () => graph("GET", `/groups/${UNKNOWN}`),
  "user without a required property": () => graph("POST", "/users", { ...newUser, mailNickname: undefined }),
  "second user of the same name": () =>
    graph("POST", "/users", { ...newUser, userPrincipalName: "ADA@acme.example" }),
  "user whose displayName is too long": () =>
    graph("PATCH", `/users/${ADA}`, { displayName: "x".repeat(257) }),
  "group without a required property": () =>
    graph("POST", "/groups", { ...newGroup, securityEnabled: undefined }),
  "member who is one already": () => graph("POST", `${groups()}/members/$ref`, reference(JOHN)),
  "member who does not exist": () => graph("POST", `${groups()}/members/$ref`, reference(UNKNOWN)),
  "removing somebody who is no member": () => graph("DELETE", `${groups()}/members/${ADA}/$ref`),
  "restoring what is not deleted": () => graph("POST", `/directory/deletedItems/${ADA}/restore`),
  "more than 1,000 ids at once": () =>
    graph("POST", "/directoryObjects/getByIds", { ids: Array.from({ length: 1001 }, () => ADA) }),
};
