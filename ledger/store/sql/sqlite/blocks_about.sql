-- Reads every block: erasing somebody is rare, and an index would be paid by every recording.
SELECT digest, position FROM blocks WHERE subject = ? ORDER BY digest
