SELECT digest FROM blocks WHERE digest IN (SELECT value FROM json_each(?))
