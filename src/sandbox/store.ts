import { DatabaseSync } from "node:sqlite";

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

/** JSON documents in one SQLite file, or in memory when `file` is ":memory:". Stopping and starting keeps everything. */
export class Store {
  readonly #database: DatabaseSync;
  readonly #collections = new Map<string, Collection<unknown>>();

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS document (
        collection TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (collection, id)
      ) STRICT;`);
  }

  /** Documents are shared objects: call `put` again after changing one. */
  collection<T>(name: string): Collection<T> {
    const known = this.#collections.get(name);
    if (known) return known as Collection<T>;
    const documents = new Map<string, T>();
    const rows = this.#database
      .prepare("SELECT id, body FROM document WHERE collection = ? ORDER BY rowid")
      .all(name) as { id: string; body: string }[];
    for (const row of rows) documents.set(row.id, JSON.parse(row.body) as T);
    const insert = this.#database.prepare(
      "INSERT INTO document VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
    );
    const remove = this.#database.prepare("DELETE FROM document WHERE collection = ? AND id = ?");
    const collection: Collection<T> = {
      get: (id) => documents.get(id),
      has: (id) => documents.has(id),
      values: () => [...documents.values()],
      entries: () => [...documents.entries()],
      put: (id, document) => {
        insert.run(name, id, JSON.stringify(document));
        documents.set(id, document);
      },
      delete: (id) => {
        remove.run(name, id);
        return documents.delete(id);
      },
      get size() {
        return documents.size;
      },
    };
    this.#collections.set(name, collection);
    return collection;
  }

  /** Runs `work` in one transaction, so that a killed process leaves all of it or nothing of it. */
  transaction<R>(work: () => R): R {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      this.#collections.clear();
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }
}
