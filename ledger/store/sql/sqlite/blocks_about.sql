-- Reads every block, in the order of the file: erasing somebody is rare, and an index would be paid by every recording.
-- (Sorted by the caller: ORDER BY digest would look up each row through the index of digests.)
SELECT digest, position FROM blocks NOT INDEXED WHERE subject = ?
