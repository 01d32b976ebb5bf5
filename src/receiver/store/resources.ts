import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";

/** A stored resource. `body` is the JSON text of everything but meta, members and what is computed. */
export interface Row {
  seq: number;
  id: string;
  /** userName or, of a group, displayName; letters' case folded. */
  name: string;
  /** A user's displayName, letters' case folded. */
  display: string | null;
  external_id: string | null;
  version: number;
  /** Milliseconds since 1970. */
  created: number;
  modified: number;
  body: string;
  /** Of groups. */
  member_count?: number;
}

export type NewRow = Omit<Row, "seq" | "member_count">;

/** A condition in SQL over a resource table, with its parameters. */
export interface Condition {
  sql: string;
  parameters: SQLInputValue[];
  /** No index leads to the rows: a whole index must be read for them. */
  scans?: boolean;
}

const MAX_CACHED_STATEMENTS = 200;

/** Rows up to which it pays to look them up one by one. */
const FEW = 2000;

/** The rows of one resource type of one tenant, in the order of their creation. */
export class ResourceTable {
  readonly #database: DatabaseSync;
  readonly #table: string;
  readonly #insert: StatementSync;
  readonly #byId: StatementSync;
  readonly #byName: StatementSync;
  readonly #exists: StatementSync;
  readonly #update: StatementSync;
  readonly #updateBody: StatementSync;
  readonly #touch: StatementSync;
  readonly #delete: StatementSync;
  readonly #cache = new Map<string, StatementSync>();
  #count: number | undefined;

  constructor(database: DatabaseSync, table: "scim_user" | "scim_group") {
    this.#database = database;
    this.#table = table;
    this.#insert = database.prepare(
      `INSERT INTO ${table} (id, name, display, external_id, version, created, modified, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#byId = database.prepare(`SELECT * FROM ${table} WHERE id = ?`);
    this.#byName = database.prepare(`SELECT id FROM ${table} WHERE name = ? LIMIT 1`);
    this.#exists = database.prepare(`SELECT 1 FROM ${table} WHERE id = ?`);
    this.#update = database.prepare(
      `UPDATE ${table} SET name = ?, display = ?, external_id = ?, version = ?, modified = ?, body = ? WHERE seq = ?`,
    );
    this.#updateBody = database.prepare(
      `UPDATE ${table} SET version = ?, modified = ?, body = ? WHERE seq = ?`,
    );
    this.#touch = database.prepare(`UPDATE ${table} SET version = version + 1, modified = ? WHERE seq = ?`);
    this.#delete = database.prepare(`DELETE FROM ${table} WHERE seq = ?`);
  }

  /** Returns the row's seq. */
  insert(row: NewRow): number {
    const { lastInsertRowid } = this.#insert.run(
      row.id,
      row.name,
      row.display,
      row.external_id,
      row.version,
      row.created,
      row.modified,
      row.body,
    );
    if (this.#count !== undefined) this.#count++;
    return Number(lastInsertRowid);
  }

  byId(id: string): Row | undefined {
    return this.#byId.get(id) as Row | undefined;
  }

  has(id: string): boolean {
    return this.#exists.get(id) !== undefined;
  }

  /** The id of the resource with this name, letters' case folded by the caller. */
  idOfName(name: string): string | undefined {
    return (this.#byName.get(name) as { id: string } | undefined)?.id;
  }

  /** Leaves the indexes alone when nothing that is indexed changed. */
  update(before: Row, after: NewRow): void {
    const sameKeys =
      before.name === after.name &&
      before.display === after.display &&
      before.external_id === after.external_id;
    if (sameKeys) this.#updateBody.run(after.version, after.modified, after.body, before.seq);
    else {
      this.#update.run(
        after.name,
        after.display,
        after.external_id,
        after.version,
        after.modified,
        after.body,
        before.seq,
      );
    }
  }

  /** A new version with the same body. */
  touch(seq: number, modified: number): void {
    this.#touch.run(modified, seq);
  }

  delete(seq: number): void {
    this.#delete.run(seq);
    if (this.#count !== undefined) this.#count--;
  }

  count(where?: Condition): number {
    if (where) {
      const row = this.#prepare(`SELECT count(*) AS n FROM ${this.#table} WHERE ${where.sql}`).get(
        ...where.parameters,
      );
      return (row as { n: number }).n;
    }
    if (this.#count === undefined) {
      this.#count = (this.#prepare(`SELECT count(*) AS n FROM ${this.#table}`).get() as { n: number }).n;
    }
    return this.#count;
  }

  /** After a rollback the number of rows is counted anew. */
  forgetCount(): void {
    this.#count = undefined;
  }

  /**
   * @param matches How many rows meet the condition, where that is known: a few are found through a small index before the
   * table is read, many by reading the table in order until the page is full.
   */
  page(
    where: Condition | undefined,
    order: string,
    limit: number,
    offset: number,
    matches = Infinity,
  ): Row[] {
    let condition = where?.sql;
    if (where?.scans && matches <= FEW)
      condition = `seq IN (SELECT seq FROM ${this.#table} WHERE ${where.sql})`;
    const sql = `SELECT * FROM ${this.#table} ${condition ? `WHERE ${condition}` : ""} ORDER BY ${order} LIMIT ? OFFSET ?`;
    return this.#prepare(sql).all(...(where?.parameters ?? []), limit, offset) as unknown as Row[];
  }

  /** Every row in order, read in pieces. */
  *all(): Generator<Row> {
    let last = 0;
    for (;;) {
      const rows = this.page({ sql: "seq > ?", parameters: [last] }, "seq", 1000, 0);
      if (rows.length === 0) return;
      for (const row of rows) {
        last = row.seq;
        yield row;
      }
    }
  }

  /** Conditions come from filters: their number is bounded only by the callers', so that few of them are kept prepared. */
  #prepare(sql: string): StatementSync {
    let statement = this.#cache.get(sql);
    if (!statement) {
      if (this.#cache.size >= MAX_CACHED_STATEMENTS) this.#cache.clear();
      statement = this.#database.prepare(sql);
      this.#cache.set(sql, statement);
    }
    return statement;
  }
}
