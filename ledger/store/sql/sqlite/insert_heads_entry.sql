INSERT INTO heads_entries (position, leaf, entry) VALUES (?, ?, ?)
