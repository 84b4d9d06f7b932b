SELECT position, entry, leaf, stream, version, type, event_id, dig, envelope
FROM events WHERE stream = ? AND version > ? ORDER BY version
