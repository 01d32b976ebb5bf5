import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { JsonObject } from "../document/json.ts";

/** Members of groups, one row each, so that adding one costs the same in a group of any size. */
export class Memberships {
  readonly #insert: StatementSync;
  readonly #replace: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeAll: StatementSync;
  readonly #list: StatementSync;
  readonly #groupsOf: StatementSync;
  readonly #groupSeqsOf: StatementSync;
  readonly #removeEverywhere: StatementSync;
  readonly #adjust: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare("INSERT OR IGNORE INTO member (group_seq, value, body) VALUES (?, ?, ?)");
    this.#replace = database.prepare(
      "UPDATE member SET body = ? WHERE group_seq = ? AND value = ? AND body IS NOT ?",
    );
    this.#remove = database.prepare("DELETE FROM member WHERE group_seq = ? AND value = ?");
    this.#removeAll = database.prepare("DELETE FROM member WHERE group_seq = ?");
    this.#list = database.prepare("SELECT value, body FROM member WHERE group_seq = ? ORDER BY position");
    this.#groupsOf = database.prepare(
      `SELECT g.id, g.body FROM member m JOIN scim_group g ON g.seq = m.group_seq WHERE m.value = ? ORDER BY g.seq`,
    );
    this.#groupSeqsOf = database.prepare("SELECT group_seq FROM member WHERE value = ?");
    this.#removeEverywhere = database.prepare("DELETE FROM member WHERE value = ?");
    this.#adjust = database.prepare("UPDATE scim_group SET member_count = member_count + ? WHERE seq = ?");
  }

  /** How many of these were no members yet. What was sent with one that was takes the place of what was kept. */
  add(group: number, elements: JsonObject[]): { added: number; changed: boolean } {
    let added = 0;
    let changed = false;
    for (const element of elements) {
      const value = String(element.value);
      const body = bodyOf(element);
      if (this.#insert.run(group, value, body).changes === 1) added++;
      else if (body !== null) changed = this.#replace.run(body, group, value, body).changes === 1 || changed;
    }
    if (added > 0) this.#adjust.run(added, group);
    return { added, changed: changed || added > 0 };
  }

  /** False when it was no member. */
  remove(group: number, value: string): boolean {
    const removed = this.#remove.run(group, value).changes === 1;
    if (removed) this.#adjust.run(-1, group);
    return removed;
  }

  removeAll(group: number): number {
    const removed = Number(this.#removeAll.run(group).changes);
    if (removed > 0) this.#adjust.run(-removed, group);
    return removed;
  }

  /** In the order in which they were added. */
  list(group: number): JsonObject[] {
    return (this.#list.all(group) as { value: string; body: string | null }[]).map(elementOf);
  }

  /** The groups that hold this id directly: their ids and bodies. */
  groupsOf(value: string): { id: string; body: string }[] {
    return this.#groupsOf.all(value) as { id: string; body: string }[];
  }

  /** Takes a deleted resource out of every group; returns the groups' seqs. */
  removeEverywhere(value: string): number[] {
    const groups = (this.#groupSeqsOf.all(value) as { group_seq: number }[]).map((row) => row.group_seq);
    if (groups.length === 0) return groups;
    this.#removeEverywhere.run(value);
    for (const group of groups) this.#adjust.run(-1, group);
    return groups;
  }
}

/** A member that is its value alone, as most are, needs no text. */
function bodyOf(element: JsonObject): string | null {
  return Object.keys(element).length === 1 ? null : JSON.stringify(element);
}

function elementOf(row: { value: string; body: string | null }): JsonObject {
  return row.body === null ? { value: row.value } : (JSON.parse(row.body) as JsonObject);
}
