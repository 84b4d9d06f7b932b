SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM heads_entries),
    max(coalesce((SELECT max(position) FROM events), -1), coalesce((SELECT max(position) FROM heads_entries), -1))
