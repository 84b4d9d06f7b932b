SELECT under, state FROM ending ORDER BY under
