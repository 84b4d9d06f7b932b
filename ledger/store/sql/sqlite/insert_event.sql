INSERT INTO events (position, stream, version, type, tag, event_id, dig, leaf, entry, envelope)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
