SELECT position + 1 AS id, stream AS originator_id, version AS originator_version, type AS topic, envelope AS state
FROM events WHERE position >= ? AND position <= ? ORDER BY position LIMIT ?
