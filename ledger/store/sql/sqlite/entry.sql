SELECT entry FROM events WHERE position = ?
UNION ALL
SELECT entry FROM heads_entries WHERE position = ?
