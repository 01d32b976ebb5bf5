import { byId, cell, element, emptyRow } from "./dom.js";

const SHOWN = 500;

/** What the product makes of it: people with status and roles, teams with their members. */
export async function openProduct(api) {
  let view = { people: [], teams: [] };
  try {
    view = await api.product();
    byId("product-note").textContent = "What the product makes of the users and groups that it was sent.";
  } catch (error) {
    byId("product-note").textContent =
      `${error.message} Roles stand with the users, members with the groups.`;
  }
  const people = view.people
    .slice(0, SHOWN)
    .map((person) =>
      element("tr", {}, cell(person.userName), cell(person.status), cell(person.roles.join(", "))),
    );
  const teams = view.teams.slice(0, SHOWN).map((team) => {
    const members = team.members.map(({ userName, roles }) =>
      roles.length > 0 ? `${userName} (${roles.join(", ")})` : userName,
    );
    return element(
      "tr",
      {},
      cell(team.name),
      cell(team.parent),
      cell(members.slice(0, SHOWN).join(", ") || "nobody"),
    );
  });
  byId("people-rows").replaceChildren(...(people.length > 0 ? people : [emptyRow(3, "Nobody.")]));
  byId("team-rows").replaceChildren(...(teams.length > 0 ? teams : [emptyRow(3, "No team.")]));
}
