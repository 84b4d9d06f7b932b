-- One ledger per file. Positions are dense from 0 over events and heads entries together.
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream   TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    type     TEXT    NOT NULL,
    tag      TEXT    NOT NULL,
    event_id TEXT    NOT NULL,
    dig      TEXT    NOT NULL,
    leaf     BLOB    NOT NULL,
    entry    BLOB    NOT NULL,
    envelope BLOB    NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_stream ON events (stream, version);
CREATE UNIQUE INDEX events_tag    ON events (tag, version);
CREATE UNIQUE INDEX events_id     ON events (event_id);
CREATE UNIQUE INDEX events_dig    ON events (dig);
-- Costs nothing but for the events it is about; a ledger of an earlier release is asked without it, slower.
CREATE INDEX events_erased ON events (stream) WHERE type = 'subject-erased/1';

CREATE TABLE heads_entries (
    position INTEGER PRIMARY KEY,
    leaf     BLOB NOT NULL,
    entry    BLOB NOT NULL
) STRICT;

CREATE TABLE blocks (
    digest   TEXT    NOT NULL UNIQUE,
    position INTEGER NOT NULL REFERENCES events (position),
    name     TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    stored   BLOB    NOT NULL
) STRICT;
CREATE INDEX blocks_position ON blocks (position);

-- C2SP tlog-tiles: up to 256 hashes of 32 bytes, joined; the right edge of each level grows in place.
CREATE TABLE tiles (
    level INTEGER NOT NULL,
    tile  INTEGER NOT NULL,
    data  BLOB    NOT NULL CHECK (length(data) % 32 = 0 AND length(data) BETWEEN 32 AND 8192),
    UNIQUE (level, tile)
) STRICT;

CREATE TABLE ledger_head (
    one            INTEGER PRIMARY KEY CHECK (one = 1),
    origin         TEXT    NOT NULL,
    schema_version INTEGER NOT NULL,
    size           INTEGER NOT NULL,
    root           BLOB    NOT NULL,
    received_at    TEXT,
    key_position   INTEGER
) STRICT;

CREATE TABLE checkpoints (
    size INTEGER PRIMARY KEY,
    note BLOB NOT NULL
) STRICT;

CREATE TABLE refused (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    received_at TEXT NOT NULL,
    code        TEXT NOT NULL,
    envelope    BLOB NOT NULL
) STRICT;

-- The names under which the eventsourcing library reads events; its ids count from 1.
CREATE VIEW stored_events AS
SELECT position + 1 AS rowid, stream AS originator_id, version AS originator_version, type AS topic, envelope AS state
FROM events;
