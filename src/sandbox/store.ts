import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";

/** One named set of JSON documents in a {@link Store}. Reads come from memory, writes go through to the file. */
export interface Collection<T> {
  get(id: string): T | undefined;
  put(id: string, document: T): void;
  delete(id: string): boolean;
  has(id: string): boolean;
  /** In order of first insertion. */
  values(): T[];
  entries(): [string, T][];
  readonly size: number;
}

const SCHEMA = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS document (
    collection TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (collection, id)
  ) STRICT;`;

/** JSON documents in one SQLite file, or in memory when `file` is ":memory:". Stopping and starting keeps everything. */
export class Store {
  readonly #database: DatabaseSync;
  readonly #collections = new Map<string, StoredCollection<unknown>>();
  #depth = 0;

  /**
   * Creates what is missing of `file`, readable by its owner only: a tenant's documents hold credentials.
   * @throws Error when another process has the file open: two would not see each other's changes
   */
  constructor(file: string) {
    if (file !== ":memory:") {
      mkdirSync(dirname(file), { recursive: true });
      closeSync(openSync(file, "a", 0o600));
    }
    this.#database = new DatabaseSync(file);
    try {
      this.#database.exec(SCHEMA);
    } catch (error) {
      this.#database.close();
      if (error instanceof Error && /locked|busy/i.test(error.message)) {
        throw new Error(
          `${file} is in use: another sandbox is running on it. Stop that one, or name another file.`,
        );
      }
      throw error;
    }
  }

  /** Documents are shared objects: call `put` again after changing one. */
  collection<T>(name: string): Collection<T> {
    const known = this.#collections.get(name);
    if (known) return known as StoredCollection<unknown> as StoredCollection<T>;
    const collection = new StoredCollection<T>(this.#database, name);
    this.#collections.set(name, collection as StoredCollection<unknown>);
    return collection;
  }

  /**
   * Runs `work` in one transaction, so that a killed process leaves all of it or nothing of it. When `work` throws, every
   * collection holds again what it held before. Inside another transaction it is a part of that one.
   */
  transaction<R>(work: () => R): R {
    if (this.#depth > 0) return work();
    this.#database.exec("BEGIN IMMEDIATE");
    this.#depth++;
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      for (const collection of this.#collections.values()) collection.reload();
      throw error;
    } finally {
      this.#depth--;
    }
  }

  close(): void {
    this.#database.close();
  }
}

class StoredCollection<T> implements Collection<T> {
  readonly #name: string;
  readonly #documents = new Map<string, T>();
  readonly #select: StatementSync;
  readonly #insert: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync, name: string) {
    this.#name = name;
    this.#select = database.prepare("SELECT id, body FROM document WHERE collection = ? ORDER BY rowid");
    this.#insert = database.prepare(
      "INSERT INTO document VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
    );
    this.#remove = database.prepare("DELETE FROM document WHERE collection = ? AND id = ?");
    this.reload();
  }

  /** Forgets what is in memory and reads the file again. */
  reload(): void {
    this.#documents.clear();
    const rows = this.#select.all(this.#name) as { id: string; body: string }[];
    for (const row of rows) this.#documents.set(row.id, JSON.parse(row.body) as T);
  }

  get(id: string): T | undefined {
    return this.#documents.get(id);
  }

  has(id: string): boolean {
    return this.#documents.has(id);
  }

  values(): T[] {
    return [...this.#documents.values()];
  }

  entries(): [string, T][] {
    return [...this.#documents.entries()];
  }

  put(id: string, document: T): void {
    this.#insert.run(this.#name, id, JSON.stringify(document));
    this.#documents.set(id, document);
  }

  delete(id: string): boolean {
    this.#remove.run(this.#name, id);
    return this.#documents.delete(id);
  }

  get size(): number {
    return this.#documents.size;
  }
}
