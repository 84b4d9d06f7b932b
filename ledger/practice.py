"""
Practice ledgers: their name says it, so that nothing of them is ever taken for a real one's.

    practice.clinic.example/00c0ffee00c0ffee

The name (origin) stands in every event that is signed, in every checkpoint and so in every receipt, and cannot be
changed without breaking each signature. A ledger is for practice when the host in its name begins with `practice.`.
Source: format v1, sections 1, 3 and 6; that the label means this is ours.
"""

from __future__ import annotations

from ledger.errors import Refused

LABEL = "practice"


def is_practice(origin: str) -> bool:
    """Whether this is the name of a practice ledger."""
    return origin.startswith(f"{LABEL}.")


def practice_host(host: str) -> str:
    """The host in the name of a practice ledger."""
    return host if is_practice(host) else f"{LABEL}.{host}"


def check_same_sort(here: str, other: str, what: str, field: str = "") -> None:
    """
    Pass when both names are of practice ledgers, or both of real ones; any other difference is somebody else's.

    Raises:
        Refused: `practice-ledger` for something of a practice ledger at a real one, `real-ledger` the other way.
    """
    if is_practice(here) == is_practice(other):
        return
    if is_practice(other):
        raise Refused(
            "practice-ledger",
            f"This {what} is of the practice ledger {other}; nothing of practice enters a real ledger.",
            field=field,
            remedy="Use the real one's own. What was done for real is recorded and signed for the real ledger.",
        )
    raise Refused(
        "real-ledger",
        f"This {what} is of the real ledger {other or '(no name)'}; it has no place in a practice ledger.",
        field=field,
        remedy="Use one made for practice, and keep what is real away from training.",
    )


def named_in(note: bytes) -> str:
    """The name in the first line of a signed note, or empty: for telling what was handed in, not for believing it."""
    line = note.partition(b"\n")[0]
    return line.decode("ascii", "replace") if b"/" in line and len(line) < 300 else ""


def check_note(here: str, note: bytes, what: str, field: str = "") -> None:
    """Pass when a note names no ledger, or one of the same sort; raises as `check_same_sort`."""
    other = named_in(note)
    if other:
        check_same_sort(here, other, what, field)
