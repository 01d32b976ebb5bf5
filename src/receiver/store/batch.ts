import type { DatabaseSync, StatementSync } from "node:sqlite";

/** The data could not be written. 507: no room; 503: read-only, or the disk fails. */
export class StorageError extends Error {
  readonly status: 503 | 507;

  constructor(cause: unknown) {
    const full = primaryCode(cause) === SQLITE_FULL;
    super(
      full
        ? "The disk is full, or the tenant's data has reached its limit; nothing of this request was kept. Make room, then send it again: the receiver need not be restarted."
        : `The data cannot be written at present (${reasonOf(cause)}); nothing of this request was kept. Look whether the data directory's disk is mounted read-only or fails; once it can be written to, send the request again: the receiver need not be restarted.`,
      { cause },
    );
    this.name = "StorageError";
    this.status = full ? 507 : 503;
  }
}

const SQLITE_FULL = 13;

function primaryCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === "number" ? code & 0xff : undefined;
}

/** SQLite's words for its result code; they name neither values nor files. */
function reasonOf(error: unknown): string {
  const reason = (error as { errstr?: unknown } | null)?.errstr;
  return typeof reason === "string" ? reason : "unknown reason";
}

/**
 * Group commit: the writes of all requests that are handled in one turn of the event loop share one transaction, each in a
 * savepoint of its own. Nobody is answered before the transaction that he wrote to, or read from, is on disk.
 */
export class Batch {
  readonly #database: DatabaseSync;
  readonly #statements: Record<"begin" | "commit" | "rollback" | "save" | "release" | "undo", StatementSync>;
  readonly #onRollback: () => void;
  #depth = 0;
  #open: { done: Promise<void>; resolve: () => void; reject: (error: Error) => void } | undefined;

  constructor(database: DatabaseSync, onRollback: () => void) {
    this.#database = database;
    this.#onRollback = onRollback;
    this.#statements = {
      begin: database.prepare("BEGIN IMMEDIATE"),
      commit: database.prepare("COMMIT"),
      rollback: database.prepare("ROLLBACK"),
      save: database.prepare("SAVEPOINT request"),
      release: database.prepare("RELEASE request"),
      undo: database.prepare("ROLLBACK TO request"),
    };
  }

  /** Runs `work`; all of its writes are kept, or, when it throws, none. Calls may nest. */
  run<T>(work: () => T): T {
    // The first of a transaction needs no savepoint: there is nothing before it that must stay.
    const first = !this.#open;
    try {
      if (first) this.#begin();
      else this.#statements.save.run();
    } catch (error) {
      throw this.#abandon(error);
    }
    this.#depth++;
    try {
      const result = work();
      if (!first) this.#statements.release.run();
      return result;
    } catch (error) {
      if (first) this.#cancel();
      else this.#undo();
      throw primaryCode(error) === undefined
        ? error
        : this.#database.isTransaction
          ? new StorageError(error)
          : this.#abandon(error);
    } finally {
      this.#depth--;
    }
  }

  /** Runs `work` and keeps none of its writes. */
  rehearse<T>(work: () => T): T {
    class Done extends Error {}
    let result: { value: T } | undefined;
    try {
      this.run(() => {
        result = { value: work() };
        throw new Done();
      });
    } catch (error) {
      if (!(error instanceof Done)) throw error;
    }
    if (!result) throw new Error("unreachable: a rehearsal ends with its result or an error");
    return result.value;
  }

  /** When the open transaction is on disk; undefined when none is open. Rejects with a StorageError. */
  settled(): Promise<void> | undefined {
    return this.#open?.done;
  }

  /** Commits what is open at once. @returns Why it could not; everybody who waits for it is told too. */
  flush(): StorageError | undefined {
    const open = this.#open;
    if (!open || this.#depth > 0) return undefined;
    try {
      this.#statements.commit.run();
      this.#open = undefined;
      open.resolve();
      return undefined;
    } catch (error) {
      return this.#abandon(error);
    }
  }

  #begin(): void {
    this.#statements.begin.run();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => {});
    this.#open = { done: promise, resolve, reject };
    setImmediate(() => this.flush());
  }

  #undo(): void {
    if (!this.#database.isTransaction) return;
    this.#statements.undo.run();
    this.#statements.release.run();
    this.#onRollback();
  }

  /** Ends a transaction in which nothing else was done. */
  #cancel(): void {
    if (this.#database.isTransaction) this.#statements.rollback.run();
    this.#onRollback();
    this.#open?.resolve();
    this.#open = undefined;
  }

  /** Gives up the transaction as a whole: everybody who takes part in it is told. */
  #abandon(error: unknown): StorageError {
    const failure = new StorageError(error);
    if (this.#database.isTransaction) this.#statements.rollback.run();
    this.#onRollback();
    const open = this.#open;
    this.#open = undefined;
    open?.reject(failure);
    return failure;
  }
}
