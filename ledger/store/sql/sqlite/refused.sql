SELECT received_at, code, envelope FROM refused ORDER BY number
