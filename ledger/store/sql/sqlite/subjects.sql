SELECT DISTINCT subject FROM blocks ORDER BY subject
