import { randomBytes } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Json } from "../document/json.ts";
import { isObject } from "../document/json.ts";
import { foldCase } from "../document/predicate.ts";
import type { ResourceType } from "../schema/model.ts";
import { Batch } from "./batch.ts";
import type { DatabaseOptions } from "./database.ts";
import { openDatabase } from "./database.ts";
import { Memberships } from "./memberships.ts";
import { ResourceTable } from "./resources.ts";

/** Everything that one tenant keeps: one SQLite database, shared with no other tenant. */
export class TenantData {
  readonly database: DatabaseSync;
  readonly users: ResourceTable;
  readonly groups: ResourceTable;
  readonly members: Memberships;
  readonly batch: Batch;
  readonly #addEmail: StatementSync;
  readonly #removeEmail: StatementSync;

  /** @param file A file, or ":memory:". */
  constructor(file: string, options: DatabaseOptions) {
    this.database = openDatabase(file, options);
    this.users = new ResourceTable(this.database, "scim_user");
    this.groups = new ResourceTable(this.database, "scim_group");
    this.members = new Memberships(this.database);
    this.batch = new Batch(this.database, () => {
      this.users.forgetCount();
      this.groups.forgetCount();
    });
    this.#addEmail = this.database.prepare("INSERT OR IGNORE INTO email (value, seq) VALUES (?, ?)");
    this.#removeEmail = this.database.prepare("DELETE FROM email WHERE value = ? AND seq = ?");
  }

  table(type: ResourceType): ResourceTable {
    return type === "User" ? this.users : this.groups;
  }

  /** Keeps the index of e-mail addresses in step with a user's `emails` before and after a change. */
  indexEmails(seq: number, before: Json | undefined, after: Json | undefined): void {
    const old = emailValues(before);
    const now = emailValues(after);
    for (const value of old) if (!now.has(value)) this.#removeEmail.run(value, seq);
    for (const value of now) if (!old.has(value)) this.#addEmail.run(value, seq);
  }

  /** Deletes every resource; the journal stays. */
  clear(): void {
    this.batch.run(() => {
      for (const table of ["scim_user", "scim_group", "member", "email"]) {
        this.database.prepare(`DELETE FROM ${table}`).run();
      }
      this.users.forgetCount();
      this.groups.forgetCount();
    });
  }

  /** A random key that is made once and kept with the data, so that cursors outlive a restart. */
  secret(name: string): Buffer {
    const key = `secret:${name}`;
    const row = this.database.prepare("SELECT value FROM setting WHERE key = ?").get(key) as
      | { value: string }
      | undefined;
    if (row) return Buffer.from(row.value, "base64");
    const secret = randomBytes(32);
    this.database.prepare("INSERT INTO setting VALUES (?, ?)").run(key, secret.toString("base64"));
    return secret;
  }

  close(): void {
    this.batch.flush();
    this.database.close();
  }
}

function emailValues(emails: Json | undefined): Set<string> {
  const values = new Set<string>();
  if (!Array.isArray(emails)) return values;
  for (const email of emails) {
    if (isObject(email) && typeof email.value === "string") values.add(foldCase(email.value));
  }
  return values;
}
