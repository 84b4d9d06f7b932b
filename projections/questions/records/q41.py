"""Question 41: when the log was verified, from which position to which, and what the first entry is that failed."""

from __future__ import annotations

from ledger.events.integrity import SysIntegrityFailed, SysIntegrityVerified
from projections.compliance.moments import as_instant
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.records.entries import entries

_SHOWN = 16
"""How much of a root is shown; all of it stands in the entry."""


@question(
    "41",
    "When was the log verified, up to where, and which entry was the first that could not be believed?",
    section="records",
    columns=(
        Column("at", "Verified", "instant"),
        Column("first", "From position", "number"),
        Column("size", "Up to so many entries", "number"),
        Column("root", "Root of the tree"),
        Column("result", "Result"),
        Column("bad", "First position that cannot be believed", "number"),
        Column("codes", "What is wrong"),
    ),
    takes=("from", "to"),
    empty="No verification is on record.",
    reading=(
        "What the software recorded of its own verifications. A proof that nothing was altered since a checkpoint is "
        "made from the bytes, by whoever asks and without trusting this answer: `session-ledger verify --checkpoint` "
        "checks every signature, chain and tree and names the first position."
    ),
)
def q41(asked: Asked) -> Found:
    """One row for each verification, in the order of the log."""
    rows: list[Row] = []
    covered = 0
    for placed in entries(asked, SysIntegrityVerified, SysIntegrityFailed):
        at = as_instant(asked.ledger.known.fact(placed).at)
        match placed.event:
            case SysIntegrityVerified(first=first, size=size, root=root):
                covered = max(covered, size)
                rows.append(_row(placed.position, at, first, size, root[:_SHOWN], "verified", None, None))
            case SysIntegrityFailed(first=first, position=bad, codes=codes):
                rows.append(_row(placed.position, at, first, None, None, "failed", bad, ", ".join(codes)))
            case _:
                continue
    failed = [position for each in rows if each.values["result"] == "failed" for position in each.evidence]
    figures = (
        figure("count", "Verifications", len(rows), [position for each in rows for position in each.evidence]),
        figure("failed", "Failed", len(failed), failed),
        figure("since", "Entries that no verification on record covers", max(0, asked.ledger.size - covered)),
    )
    return Found(tuple(rows), figures)


def _row(
    position: int, at: str | None, first: int, size: int | None, root: str | None, result: str, bad: int | None,
    codes: str | None,
) -> Row:  # fmt: skip
    return row([position], at=at, first=first, size=size, root=root, result=result, bad=bad, codes=codes)
