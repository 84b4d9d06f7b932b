SELECT 1 FROM events WHERE stream = ? AND type = ? LIMIT 1
