UPDATE ending SET state = 2 WHERE state = 1 AND under IN (SELECT value FROM json_each(?))
