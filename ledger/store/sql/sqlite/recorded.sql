SELECT dig FROM events WHERE dig IN (SELECT value FROM json_each(?))
UNION ALL
SELECT event_id FROM events WHERE event_id IN (SELECT value FROM json_each(?))
UNION ALL
SELECT digest FROM blocks WHERE digest IN (SELECT value FROM json_each(?))
