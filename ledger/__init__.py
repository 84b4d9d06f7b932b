"""
The session ledger: what happened, signed by who did it, in an order nobody can change unseen.

This package knows no web server and no view.
Its formats are specified in `docs/format.md`; the decisions behind its shape are in `docs/adr/`.
"""
