SELECT position FROM ended WHERE under = ? ORDER BY position
