"""
The tamper-evident log: a Merkle tree over entries, its signed size and root, and proofs about both.

Everything here is pure: bytes come in, bytes go out; no file, clock, network or random number is touched.
The formats are public ones (RFC 6962, c2sp.org), so that an auditor may check our log with
tools we did not write.

- `tree`: what is hashed, and how the hashes become one root.
- `tiles`: how the hashes of a tree are cut into files of 256, and how a tree grows by its right edge.
- `proofs`: that an entry is in a tree, and that a tree only grew.
- `note`: text under Ed25519 signatures. `checkpoint`: the note that states size and root.
- `receipt`: one entry, its proof and a checkpoint in one text file.
- `heads`: an entry that commits to the newest version of every stream, for proofs that nothing was left out.
"""
