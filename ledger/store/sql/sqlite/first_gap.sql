WITH taken (position) AS (SELECT position FROM events UNION ALL SELECT position FROM heads_entries)
SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM taken WHERE position = 0) THEN 0 ELSE (
    SELECT min(position) + 1 FROM taken
    WHERE NOT EXISTS (SELECT 1 FROM events WHERE events.position = taken.position + 1)
        AND NOT EXISTS (SELECT 1 FROM heads_entries WHERE heads_entries.position = taken.position + 1)) END
