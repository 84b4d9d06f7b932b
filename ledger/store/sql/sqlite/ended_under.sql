SELECT under FROM ended WHERE position = ?
