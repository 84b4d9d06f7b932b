"""Which sessions can be open: found from those that were opened and not closed, and not by reading every session."""

from __future__ import annotations

from projections.snapshot import Snapshot

_OPENED = (
    "SELECT o.session AS session FROM [row] o WHERE o.type = 'session-opened/1' AND +o.position < ?1 AND +o.at <= ?2"
    " AND NOT EXISTS (SELECT 1 FROM [row] c WHERE c.type = 'session-closed/1' AND c.session = o.session"
    " AND +c.position < ?1 AND +c.at <= ?2 AND (+c.at > o.at OR (+c.at = o.at AND +c.position > o.position)))"
)
_SAID_ON_JOINT_RECORDS = (
    "SELECT DISTINCT session FROM [row] WHERE type IN ('entry-corrected/1', 'entry-voided/1',"
    " 'countersignature-given/1') AND slot NOT IN ('a', 'b') AND +position < ?"
)


def may_be_open(seen: Snapshot) -> list[str]:
    """Every session that is open by then, and a few more: those about whose joint record something was said."""
    found = seen.rows(_OPENED, seen.position, seen.until) + seen.rows(_SAID_ON_JOINT_RECORDS, seen.position)
    return [row["session"] for row in found]
