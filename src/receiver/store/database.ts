import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { MIGRATIONS } from "./migrations.ts";

/** "process": what was answered survives the end of the process, however hard. "power": the end of the machine too. */
export type Durability = "process" | "power";

export interface DatabaseOptions {
  durability: Durability;
  /** Upper limit of the file in bytes; beyond it writes fail as on a full disk. None when undefined. */
  maxBytes?: number;
}

const SQLITE_BUSY = 5;

const PAGE_BYTES = 4096;

/** Pages of the write-ahead log (64 MiB) after which they are copied into the file: rarer is cheaper. */
const CHECKPOINT_PAGES = 16_000;

/**
 * Opens one tenant's database, ":memory:" or a file, and brings it to the present version. The file is held exclusively.
 *
 * @throws Error when another process holds it, a newer rollcall wrote it, or it cannot be written to.
 */
export function openDatabase(file: string, options: DatabaseOptions): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    if (file !== ":memory:") {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      // People's data: for the owner's eyes only, whatever folder it lies in.
      closeSync(openSync(file, "a", 0o600));
    }
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${options.durability === "power" ? "FULL" : "NORMAL"};
      PRAGMA cache_size = -32768;
      PRAGMA temp_store = MEMORY;
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
      ${options.maxBytes === undefined ? "" : `PRAGMA max_page_count = ${Math.floor(options.maxBytes / PAGE_BYTES)};`}
    `);
    migrate(database, file);
    return database;
  } catch (error) {
    database?.close();
    const { errcode, code, message } = error as NodeJS.ErrnoException & { errcode?: number };
    if (errcode === SQLITE_BUSY) {
      throw new Error(
        `${file} is in use by another receiver. Stop that one, or give this one another data directory.`,
      );
    }
    if (errcode === undefined && code === undefined) throw error;
    throw new Error(
      `The data of the receiver cannot be opened for writing: ${file} (${message}). Nothing was changed. Make its directory writable and see that there is room, or give another data directory.`,
      { cause: error },
    );
  }
}

function migrate(database: DatabaseSync, file: string): void {
  const row = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (row.user_version > MIGRATIONS.length) {
    throw new Error(
      `${file} was written by a newer rollcall (version ${row.user_version} of the data; this one knows ${MIGRATIONS.length}). Use that rollcall, or another data directory.`,
    );
  }
  for (let version = row.user_version; version < MIGRATIONS.length; version++) {
    database.exec(`BEGIN IMMEDIATE; ${MIGRATIONS[version]} PRAGMA user_version = ${version + 1}; COMMIT;`);
  }
}
