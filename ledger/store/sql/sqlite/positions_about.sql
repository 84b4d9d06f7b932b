SELECT DISTINCT position FROM blocks WHERE subject IN (SELECT value FROM json_each(?)) ORDER BY position
