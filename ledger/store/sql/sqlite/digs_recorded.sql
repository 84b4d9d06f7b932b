SELECT dig FROM events WHERE dig IN (SELECT value FROM json_each(?))
