INSERT INTO tiles (level, tile, data) VALUES (?, ?, ?)
ON CONFLICT (level, tile) DO UPDATE SET data = excluded.data
