SELECT DISTINCT position FROM blocks NOT INDEXED WHERE subject IN (SELECT value FROM json_each(?))
