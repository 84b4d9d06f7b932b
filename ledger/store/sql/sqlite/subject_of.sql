SELECT blocks.subject FROM events JOIN blocks ON blocks.position = events.position
WHERE events.stream = ? AND blocks.name = ? ORDER BY events.version LIMIT 1
