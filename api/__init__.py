"""How the ledger is reached: the command line, stories, and the folder in which a ledger lives."""
