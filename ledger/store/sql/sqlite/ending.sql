-- What is no longer kept: made when a retention ends for the first time, so that other ledgers stay what they are.
CREATE TABLE IF NOT EXISTS ended (
    position INTEGER PRIMARY KEY REFERENCES events (position),
    under    INTEGER NOT NULL REFERENCES events (position)
) STRICT;
CREATE INDEX IF NOT EXISTS ended_under ON ended (under);
CREATE TABLE IF NOT EXISTS ending (
    under   INTEGER PRIMARY KEY REFERENCES events (position),
    state   INTEGER NOT NULL CHECK (state IN (0, 1, 2)) -- 1: removed from the rows; 2: from every file
) STRICT;

-- The only ways in which a row of these two tables comes to be, or changes.
CREATE TRIGGER IF NOT EXISTS ended_insert BEFORE INSERT ON ended
WHEN NOT EXISTS (SELECT 1 FROM events WHERE position = NEW.under AND type = 'retention-ended/1')
    OR NOT EXISTS (SELECT 1 FROM events WHERE position = NEW.position AND position < NEW.under
        AND (stream GLOB 'session/*' OR stream GLOB 'person/*' OR stream GLOB 'couple/*' OR stream GLOB 'stock/*'
            OR stream GLOB 'access/*'))
BEGIN SELECT RAISE(ABORT, 'append-only: only a recorded end of retention ends anything'); END;
CREATE TRIGGER IF NOT EXISTS ended_update BEFORE UPDATE ON ended
BEGIN SELECT RAISE(ABORT, 'append-only: ended are never changed'); END;
CREATE TRIGGER IF NOT EXISTS ended_delete BEFORE DELETE ON ended
BEGIN SELECT RAISE(ABORT, 'append-only: ended are never deleted'); END;
CREATE TRIGGER IF NOT EXISTS ending_update BEFORE UPDATE ON ending
WHEN NEW.under <> OLD.under OR NEW.state < OLD.state
BEGIN SELECT RAISE(ABORT, 'append-only: an ending only goes on'); END;
CREATE TRIGGER IF NOT EXISTS ending_delete BEFORE DELETE ON ending
BEGIN SELECT RAISE(ABORT, 'append-only: ending are never deleted'); END;

-- An envelope may be emptied, and then its blocks, if the list has it; nothing else of either ever changes.
DROP TRIGGER IF EXISTS events_update;
CREATE TRIGGER events_update BEFORE UPDATE ON events
WHEN length(NEW.envelope) <> 0 OR NOT EXISTS (SELECT 1 FROM ended WHERE position = OLD.position)
    OR NEW.position <> OLD.position OR NEW.stream <> OLD.stream OR NEW.version <> OLD.version
    OR NEW.type <> OLD.type OR NEW.tag <> OLD.tag OR NEW.event_id <> OLD.event_id OR NEW.dig <> OLD.dig
    OR NEW.leaf <> OLD.leaf OR NEW.entry <> OLD.entry
BEGIN SELECT RAISE(ABORT, 'append-only: events are never changed'); END;
DROP TRIGGER IF EXISTS blocks_update;
CREATE TRIGGER blocks_update BEFORE UPDATE ON blocks
WHEN length(NEW.stored) <> 0 OR NOT EXISTS (SELECT 1 FROM ended WHERE position = OLD.position)
    OR NEW.digest <> OLD.digest OR NEW.position <> OLD.position OR NEW.name <> OLD.name OR NEW.subject <> OLD.subject
BEGIN SELECT RAISE(ABORT, 'append-only: blocks are never changed'); END;
