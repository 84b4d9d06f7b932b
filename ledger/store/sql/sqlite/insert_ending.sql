INSERT INTO ending (under, state) VALUES (?, 0)
