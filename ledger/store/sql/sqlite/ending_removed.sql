UPDATE ending SET state = max(state, 1) WHERE under = ?
