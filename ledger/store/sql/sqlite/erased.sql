-- As the partial index has it: a literal, so that the index is used.
SELECT DISTINCT stream FROM events WHERE type = 'subject-erased/1'
