SELECT position, entry, leaf, stream, version, type, event_id, dig, envelope
FROM events WHERE dig = ?
