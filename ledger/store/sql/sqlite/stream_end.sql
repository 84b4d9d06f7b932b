SELECT version, leaf FROM events WHERE tag = ? ORDER BY version DESC LIMIT 1
