"""When a finding began and how old it is: from when it was so and could be known, in days of the local calendar."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from projections.compliance.finding import Finding
from projections.compliance.known import Known
from projections.compliance.moments import SECOND, local, to_second


def opened_at(known: Known, finding: Finding) -> datetime | None:
    """
    The second at which it was so and what set it going had come in; None when nothing tells.

    What was to be done by a limit is missed a second after it; what was done wrongly, when it was done.
    """
    entries = [placed for position in finding.evidence if (placed := known.index.entry_at(position)) is not None]
    happened = [(known.fact(placed).at, known.index.received_of(placed.position)) for placed in entries]
    made = None if finding.made_at is None else to_second(finding.made_at)
    limit = None if finding.limit is None else to_second(finding.limit) + SECOND
    if limit is not None and (made is None or made >= limit):
        since = limit
    elif made is not None:
        since = made
    elif happened:
        since = max(at for at, _ in happened)
    else:
        return None
    return max([since, *(received for at, received in happened if at <= since)])


def age_in_days(opened: datetime | None, until: datetime, zone: ZoneInfo) -> int | None:
    """Whole days by the local calendar, as the exact rules count ages (section 0, item 3)."""
    if opened is None:
        return None
    days: date = local(until, zone).date()
    return max(0, (days - local(opened, zone).date()).days)
