import GRDB

/// The cache's tables.
///
/// A migration is never edited once it was released.
///
/// Every change is kept: a row of `state` holds from `valid_from` until `valid_until`, both in
/// milliseconds since 1970, and until now where that is null. What is unchanged is not written.
/// Its `place` says where it stands: `StatePlace` knows the rule, and a check holds to it.
enum Migrations {
  static var cache: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("v1") { database in
      try database.execute(
        sql: """
          CREATE TABLE state (
            kind INTEGER NOT NULL,
            id TEXT NOT NULL,
            valid_from INTEGER NOT NULL,
            valid_until INTEGER,
            owner TEXT,
            payload BLOB NOT NULL,
            PRIMARY KEY (kind, id, valid_from),
            CHECK (valid_until IS NULL OR valid_until >= valid_from)
          ) STRICT, WITHOUT ROWID;
          CREATE UNIQUE INDEX state_current ON state (kind, id) WHERE valid_until IS NULL;
          CREATE INDEX state_owner ON state (kind, owner) WHERE owner IS NOT NULL;
          CREATE INDEX state_ended ON state (valid_until) WHERE valid_until IS NOT NULL;

          CREATE TABLE series (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE
          ) STRICT;
          CREATE TABLE sample (
            at INTEGER NOT NULL,
            series INTEGER NOT NULL,
            utilization INTEGER,
            memory INTEGER,
            power INTEGER,
            temperature INTEGER,
            error INTEGER,
            PRIMARY KEY (at, series)
          ) STRICT, WITHOUT ROWID;
          CREATE TABLE sample_minute (
            at INTEGER NOT NULL,
            series INTEGER NOT NULL,
            utilization INTEGER,
            memory INTEGER,
            power INTEGER,
            temperature INTEGER,
            PRIMARY KEY (at, series)
          ) STRICT, WITHOUT ROWID;

          CREATE TABLE traffic (
            at INTEGER NOT NULL,
            workload TEXT NOT NULL,
            payload BLOB NOT NULL,
            PRIMARY KEY (workload, at)
          ) STRICT, WITHOUT ROWID;
          CREATE TABLE feed (
            id TEXT PRIMARY KEY,
            at INTEGER NOT NULL,
            is_scaling INTEGER NOT NULL,
            workload TEXT,
            payload BLOB NOT NULL
          ) STRICT, WITHOUT ROWID;
          CREATE INDEX feed_at ON feed (at);

          CREATE TABLE usage (
            replica TEXT NOT NULL,
            started INTEGER NOT NULL,
            workload TEXT NOT NULL,
            region TEXT NOT NULL,
            type TEXT NOT NULL,
            ended INTEGER,
            seconds INTEGER NOT NULL,
            PRIMARY KEY (replica, started)
          ) STRICT, WITHOUT ROWID;

          CREATE TABLE sync (
            resource TEXT PRIMARY KEY,
            payload BLOB NOT NULL
          ) STRICT, WITHOUT ROWID;
          CREATE TABLE sync_run (
            at INTEGER NOT NULL,
            resource TEXT NOT NULL,
            failure TEXT,
            PRIMARY KEY (at, resource)
          ) STRICT, WITHOUT ROWID;
          CREATE TABLE head (
            slot INTEGER PRIMARY KEY CHECK (slot = 1),
            payload BLOB NOT NULL
          ) STRICT;
          """)
    }
    migrator.registerMigration("v2") { database in
      try database.execute(
        sql: """
          CREATE TABLE coverage (
            began INTEGER PRIMARY KEY,
            ended INTEGER NOT NULL,
            slack INTEGER NOT NULL
          ) STRICT;
          CREATE INDEX traffic_at ON traffic (at);
          CREATE INDEX state_began ON state (valid_from);
          CREATE INDEX state_past ON state (kind, valid_until) WHERE valid_until IS NOT NULL;
          """)
    }
    migrator.registerMigration("trend") { database in
      try database.execute(
        sql: "CREATE TABLE trend (at INTEGER PRIMARY KEY, payload BLOB NOT NULL) STRICT")
    }
    // Samples are in chunks from here on; what is in the tables of before is read until it is moved.
    //
    // An interval that ended is found by how long it was and when it ended: of those up to an hour
    // only the ends within an hour can hold an instant.
    // Its column is named in the other index so that this alone answers, without the table.
    migrator.registerMigration("v3") { database in
      try database.execute(
        sql: """
          CREATE TABLE sample_chunk (
            at INTEGER PRIMARY KEY,
            samples INTEGER NOT NULL,
            payload BLOB NOT NULL
          ) STRICT;
          CREATE TABLE minute_chunk (
            at INTEGER PRIMARY KEY,
            samples INTEGER NOT NULL,
            payload BLOB NOT NULL
          ) STRICT;
          DROP INDEX state_past;
          CREATE INDEX state_open ON state (valid_from, valid_until) WHERE valid_until IS NULL;
          CREATE INDEX state_span ON state ((CASE
            WHEN valid_until - valid_from < 60000 THEN 0
            WHEN valid_until - valid_from < 240000 THEN 1
            WHEN valid_until - valid_from < 960000 THEN 2
            WHEN valid_until - valid_from < 3840000 THEN 3
            WHEN valid_until - valid_from < 15360000 THEN 4
            WHEN valid_until - valid_from < 61440000 THEN 5
            WHEN valid_until - valid_from < 245760000 THEN 6
            ELSE 7 END), valid_until) WHERE valid_until IS NOT NULL;
          """)
    }
    migrator.registerMigration("v4", migrate: placeStates)
    migrator.registerMigration("consoles") { database in
      try database.execute(
        sql: """
          CREATE TABLE change (
            number INTEGER PRIMARY KEY,
            states INTEGER,
            feed INTEGER,
            traffic INTEGER
          ) STRICT
          """)
    }
    return migrator
  }

  /// Puts states in the order in which the past is read: what held together stands together, and
  /// the long identifiers stand in one index instead of six.
  @Sendable private static func placeStates(_ database: Database) throws {
    let slice = """
      ((CASE WHEN valid_until IS NULL THEN 8
        WHEN valid_until - valid_from < 60000 THEN 0
        WHEN valid_until - valid_from < 240000 THEN 1
        WHEN valid_until - valid_from < 960000 THEN 2
        WHEN valid_until - valid_from < 3840000 THEN 3
        WHEN valid_until - valid_from < 15360000 THEN 4
        WHEN valid_until - valid_from < 61440000 THEN 5
        WHEN valid_until - valid_from < 245760000 THEN 6
        ELSE 7 END << 33)
        + min(max(coalesce(valid_until, valid_from) / 1000, 0), 8589934591))
      """
    try database.execute(
      sql: """
        CREATE TABLE placed_state (
          place INTEGER PRIMARY KEY,
          kind INTEGER NOT NULL,
          id TEXT NOT NULL,
          valid_from INTEGER NOT NULL,
          valid_until INTEGER,
          owner TEXT,
          payload BLOB NOT NULL,
          CHECK (valid_until IS NULL OR valid_until >= valid_from),
          CHECK (place >> 26 = \(slice))
        ) STRICT;
        INSERT INTO placed_state
          SELECT (slice << 26) + row_number() OVER (ORDER BY slice),
            kind, id, valid_from, valid_until, owner, payload
          FROM (SELECT *, \(slice) AS slice FROM state) ORDER BY slice;
        DROP TABLE state;
        ALTER TABLE placed_state RENAME TO state;
        CREATE UNIQUE INDEX state_key ON state (kind, id, valid_from);
        CREATE UNIQUE INDEX state_current ON state (kind, id) WHERE valid_until IS NULL;
        CREATE INDEX state_owner ON state (kind, owner) WHERE owner IS NOT NULL;
        CREATE INDEX state_began ON state (valid_from, kind);
        """)
  }

  static var journal: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("v1", migrate: makeEntries)
    migrator.registerMigration("v2", migrate: makeNotes)
    migrator.registerMigration("v3", migrate: chainNotes)
    return migrator
  }

  /// The journal's tables in a file that holds others too.
  static func makeJournal(_ database: Database) throws {
    try makeEntries(database)
    try makeNotes(database)
    try chainNotes(database)
  }

  @Sendable private static func makeEntries(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE entry (
          number INTEGER PRIMARY KEY,
          intent INTEGER,
          payload BLOB NOT NULL,
          previous TEXT NOT NULL,
          hash TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
          BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
        CREATE TRIGGER entry_remains BEFORE DELETE ON entry
          BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
        """)
  }

  /// Notes are chained like entries; those that were written before stay without a hash.
  @Sendable private static func chainNotes(_ database: Database) throws {
    try database.execute(
      sql: "ALTER TABLE note ADD COLUMN previous TEXT; ALTER TABLE note ADD COLUMN hash TEXT")
  }

  @Sendable private static func makeNotes(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE note (
          number INTEGER PRIMARY KEY,
          incident INTEGER,
          at INTEGER NOT NULL,
          kind TEXT NOT NULL CHECK (kind IN ('start', 'mark', 'end')),
          text TEXT NOT NULL
        ) STRICT;
        CREATE INDEX note_at ON note (at);
        CREATE TRIGGER note_stays BEFORE UPDATE ON note
          BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
        CREATE TRIGGER note_remains BEFORE DELETE ON note
          BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
        """)
  }
}
