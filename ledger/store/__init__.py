"""
Where the ledger keeps its bytes: the stores, the head store, and the subjects' keys.

The only package that imports the `eventsourcing` library, and the only one of `ledger` that touches a disk.

- `port`: what the ledger asks of a store. `sqlite` and `memory` are two answers.
- `head_store`: the last head that was signed, kept beside the log key and never in the database.
- `subject_keys`: one key for each person, whose destruction is erasure.
"""
