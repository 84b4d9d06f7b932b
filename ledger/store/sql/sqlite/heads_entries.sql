SELECT position, entry, leaf FROM heads_entries WHERE position >= ? AND position < ? ORDER BY position
