UPDATE events SET envelope = x'' WHERE position IN (SELECT position FROM ended WHERE under = ?)
