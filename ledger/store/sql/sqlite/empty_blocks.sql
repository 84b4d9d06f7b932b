UPDATE blocks SET stored = x'' WHERE position IN (SELECT position FROM ended WHERE under = ?)
