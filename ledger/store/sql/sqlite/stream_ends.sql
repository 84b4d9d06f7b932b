-- The inner query reads the index alone: (tag, version) and, in each row of it, the position.
SELECT events.tag, events.version, events.leaf
FROM (SELECT position, max(version) FROM events INDEXED BY events_tag WHERE position < ? GROUP BY tag) AS ends
JOIN events ON events.position = ends.position
ORDER BY events.tag
