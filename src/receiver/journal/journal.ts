import type { StatementSync } from "node:sqlite";
import { StorageError } from "../store/batch.ts";
import type { TenantData } from "../store/tenant-data.ts";
import type { JournalEntry } from "./entry.ts";

export interface JournalQuery {
  /** Entries after this seq. */
  since?: number;
  method?: string;
  /** Text that the path holds, letters' case aside. */
  path?: string;
  status?: number;
  /** Only entries with a deviation of this code. */
  deviation?: string;
  /** Default 100. The newest ones, in order of arrival. */
  limit?: number;
  /** Entries before this seq, to page backwards. */
  before?: number;
}

const FLUSH_MS = 100;
const FLUSH_ENTRIES = 500;
const DEFAULT_KEEP = 100_000;

/** While the disk fails entries wait for it, so many of them, and are tried again this often. */
const MAX_WAITING = 1000;
const RETRY_MS = 1000;

interface Pending {
  entry: JournalEntry;
  text: string;
}

/**
 * What came in, in order of arrival. An entry of a request that wrote is in the same transaction as what it wrote; others
 * follow within {@link FLUSH_MS} milliseconds, or once a failing disk can be written to again. No request fails because its
 * entry cannot be written.
 */
export class Journal {
  readonly #data: TenantData;
  readonly #insert: StatementSync;
  readonly #trim: StatementSync;
  readonly #keep: number;
  readonly #listeners = new Set<(text: string) => void>();
  #pending: Pending[] = [];
  #timer: NodeJS.Timeout | undefined;
  #last: number;
  #sinceTrim = 0;
  /** Entries that were given up because the disk failed for so long. */
  lost = 0;

  constructor(data: TenantData, keep = DEFAULT_KEEP) {
    this.#data = data;
    this.#keep = keep;
    this.#insert = data.database.prepare(
      "INSERT OR REPLACE INTO journal (seq, at, method, path, status, entry) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.#trim = data.database.prepare("DELETE FROM journal WHERE seq <= ?");
    const row = data.database.prepare("SELECT max(seq) AS last FROM journal").get() as {
      last: number | null;
    };
    this.#last = row.last ?? 0;
  }

  /** The number of the next request, given out when it arrives. */
  nextSeq(): number {
    return ++this.#last;
  }

  get lastSeq(): number {
    return this.#last;
  }

  /**
   * Keeps an entry, in the open transaction if there is one, and returns its JSON text. An entry of the same seq is replaced:
   * that of a request whose transaction failed.
   *
   * @param requestText The redacted body as JSON text, written as it is.
   */
  record(entry: JournalEntry, requestText: string | undefined): string {
    const head = JSON.stringify(entry);
    const text = requestText === undefined ? head : `${head.slice(0, -1)},"request":${requestText}}`;
    const one = { entry, text };
    if (!this.#data.batch.settled() || !this.#write([one])) this.#wait(one);
    return text;
  }

  /** Tells those who listen, once the answer is certain. */
  publish(text: string): void {
    for (const listener of this.#listeners) listener(text);
  }

  /** @param listener Gets each entry as JSON text. */
  listen(listener: (text: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Writes what is pending, or keeps it for later when the disk fails. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.length === 0) return;
    if (this.#write(this.#pending) && !this.#data.batch.flush()) {
      this.#pending = [];
      return;
    }
    this.lost += Math.max(0, this.#pending.length - MAX_WAITING);
    this.#pending = this.#pending.slice(-MAX_WAITING);
    this.#timer = setTimeout(() => this.flush(), RETRY_MS).unref();
  }

  /** Writes what is pending for the last time. */
  close(): void {
    this.flush();
    clearTimeout(this.#timer);
  }

  /** Entries that still wait for a failing disk are not among them. */
  query(query: JournalQuery = {}): JournalEntry[] {
    this.flush();
    const conditions = ["seq > ?", "seq < ?"];
    const parameters: (string | number)[] = [query.since ?? 0, query.before ?? Number.MAX_SAFE_INTEGER];
    const add = (condition: string, value: string | number | undefined) => {
      if (value === undefined) return;
      conditions.push(condition);
      parameters.push(value);
    };
    add("method = ?", query.method?.toUpperCase());
    add("instr(lower(path), ?) > 0", query.path?.toLowerCase());
    add("status = ?", query.status);
    add(
      "instr(entry, ?) > 0",
      query.deviation === undefined ? undefined : `"code":${JSON.stringify(query.deviation)}`,
    );
    const rows = this.#data.database
      .prepare(`SELECT entry FROM journal WHERE ${conditions.join(" AND ")} ORDER BY seq DESC LIMIT ?`)
      .all(...parameters, Math.min(query.limit ?? 100, 10_000)) as { entry: string }[];
    return rows.reverse().map((row) => JSON.parse(row.entry) as JournalEntry);
  }

  /** Forgets everything; numbers go on. */
  clear(): void {
    this.#pending = [];
    this.#data.batch.run(() => this.#trim.run(Number.MAX_SAFE_INTEGER));
  }

  #wait(one: Pending): void {
    this.#pending.push(one);
    if (this.#pending.length % FLUSH_ENTRIES === 0) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  /** False when it could not; then nothing of it is written. */
  #write(entries: Pending[]): boolean {
    try {
      this.#data.batch.run(() => {
        for (const { entry, text } of entries) {
          this.#insert.run(entry.seq, Date.parse(entry.at), entry.method, entry.path, entry.status, text);
        }
        this.#sinceTrim += entries.length;
        if (this.#sinceTrim >= this.#keep / 10) {
          this.#trim.run(this.#last - this.#keep);
          this.#sinceTrim = 0;
        }
      });
      return true;
    } catch (error) {
      if (error instanceof StorageError) return false;
      throw error;
    }
  }
}
