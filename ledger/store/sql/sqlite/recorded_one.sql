SELECT dig FROM events WHERE dig = ?
UNION ALL
SELECT event_id FROM events WHERE event_id = ?
UNION ALL
SELECT digest FROM blocks WHERE digest IN (?)
