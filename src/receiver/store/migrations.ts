/**
 * Each step brings a tenant's database from version n to n + 1 (SQLite's user_version). Steps are never edited once
 * released: an older data directory is opened by running those it lacks.
 */
export const MIGRATIONS: string[] = [
  `
  CREATE TABLE scim_user (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    display TEXT,
    external_id TEXT,
    version INTEGER NOT NULL,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX user_name ON scim_user (name);
  CREATE INDEX user_display ON scim_user (display);
  CREATE INDEX user_external_id ON scim_user (external_id);

  CREATE TABLE scim_group (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    display TEXT,
    external_id TEXT,
    version INTEGER NOT NULL,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    body TEXT NOT NULL,
    member_count INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX group_name ON scim_group (name);
  CREATE INDEX group_external_id ON scim_group (external_id);

  CREATE TABLE member (
    position INTEGER PRIMARY KEY,
    group_seq INTEGER NOT NULL,
    value TEXT NOT NULL,
    body TEXT
  ) STRICT;
  CREATE UNIQUE INDEX member_of_group ON member (group_seq, value);
  CREATE INDEX member_value ON member (value);

  CREATE TABLE email (value TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (value, seq)) STRICT, WITHOUT ROWID;

  CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    status INTEGER NOT NULL,
    entry TEXT NOT NULL
  ) STRICT;

  CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  // One scan of a small index answers searches for a part of a name.
  `
  DROP INDEX user_name;
  CREATE INDEX user_name ON scim_user (name, display);
  `,
];
