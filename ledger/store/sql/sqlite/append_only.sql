-- Hygiene against slips, not the guarantee: whoever can write the file can drop a trigger. The tree is the guarantee.
CREATE TRIGGER events_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'append-only: events are never changed'); END;
CREATE TRIGGER events_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'append-only: events are never deleted'); END;
CREATE TRIGGER heads_entries_update BEFORE UPDATE ON heads_entries
BEGIN SELECT RAISE(ABORT, 'append-only: heads_entries are never changed'); END;
CREATE TRIGGER heads_entries_delete BEFORE DELETE ON heads_entries
BEGIN SELECT RAISE(ABORT, 'append-only: heads_entries are never deleted'); END;
CREATE TRIGGER blocks_update BEFORE UPDATE ON blocks
BEGIN SELECT RAISE(ABORT, 'append-only: blocks are never changed'); END;
CREATE TRIGGER blocks_delete BEFORE DELETE ON blocks
BEGIN SELECT RAISE(ABORT, 'append-only: blocks are never deleted'); END;
CREATE TRIGGER checkpoints_update BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'append-only: checkpoints are never changed'); END;
CREATE TRIGGER checkpoints_delete BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'append-only: checkpoints are never deleted'); END;
CREATE TRIGGER refused_update BEFORE UPDATE ON refused
BEGIN SELECT RAISE(ABORT, 'append-only: refused are never changed'); END;
CREATE TRIGGER refused_delete BEFORE DELETE ON refused
BEGIN SELECT RAISE(ABORT, 'append-only: refused are never deleted'); END;

CREATE TRIGGER tiles_update BEFORE UPDATE ON tiles
WHEN NEW.level <> OLD.level OR NEW.tile <> OLD.tile OR length(NEW.data) <= length(OLD.data)
    OR substr(NEW.data, 1, length(OLD.data)) <> OLD.data
BEGIN SELECT RAISE(ABORT, 'append-only: a tile is only continued'); END;
CREATE TRIGGER tiles_delete BEFORE DELETE ON tiles
BEGIN SELECT RAISE(ABORT, 'append-only: tiles are never deleted'); END;

CREATE TRIGGER ledger_head_update BEFORE UPDATE ON ledger_head
WHEN NEW.one <> OLD.one OR NEW.origin <> OLD.origin OR NEW.schema_version < OLD.schema_version
    OR NEW.size < OLD.size OR (NEW.size = OLD.size AND NEW.root <> OLD.root)
    OR coalesce(NEW.key_position, -1) < coalesce(OLD.key_position, -1)
BEGIN SELECT RAISE(ABORT, 'append-only: the head only grows'); END;
CREATE TRIGGER ledger_head_delete BEFORE DELETE ON ledger_head
BEGIN SELECT RAISE(ABORT, 'append-only: the head is never deleted'); END;

CREATE TRIGGER events_dense BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM heads_entries WHERE position = NEW.position)
    OR (NEW.position <> 0
        AND NOT EXISTS (SELECT 1 FROM events WHERE position = NEW.position - 1)
        AND NOT EXISTS (SELECT 1 FROM heads_entries WHERE position = NEW.position - 1))
BEGIN SELECT RAISE(ABORT, 'append-only: positions are dense'); END;
CREATE TRIGGER heads_entries_dense BEFORE INSERT ON heads_entries
WHEN EXISTS (SELECT 1 FROM events WHERE position = NEW.position)
    OR (NEW.position <> 0
        AND NOT EXISTS (SELECT 1 FROM events WHERE position = NEW.position - 1)
        AND NOT EXISTS (SELECT 1 FROM heads_entries WHERE position = NEW.position - 1))
BEGIN SELECT RAISE(ABORT, 'append-only: positions are dense'); END;
CREATE TRIGGER events_next_version BEFORE INSERT ON events
WHEN NEW.version <> 1
    AND NOT EXISTS (SELECT 1 FROM events WHERE tag = NEW.tag AND version = NEW.version - 1 AND stream = NEW.stream)
BEGIN SELECT RAISE(ABORT, 'append-only: versions are dense'); END;
