SELECT tag, version, leaf
FROM json_each(?) AS asked
JOIN events ON tag = asked.value AND version = (SELECT max(version) FROM events WHERE tag = asked.value)
