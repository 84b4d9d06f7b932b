"""
What the rules say about what happened: findings with their evidence, and objections before an authorisation.

A rule is a pure function of a history and holds no figure: figures come from the protocol pinned when the
session was opened.
The same function serves twice, as a finding and at a gate.
Findings are for staff: their sentences may join what both partners did.
"""
