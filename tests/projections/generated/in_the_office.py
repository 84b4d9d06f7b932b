"""Violations in what happens to records: a look nobody reviews, a request nobody answers, a ledger that fails."""

from __future__ import annotations

from datetime import timedelta

from tests.ledger.clinic import RN1, blank, make
from tests.projections.generated.couple_day import said
from tests.projections.generated.seeding import Case, violation
from tests.projections.rules.records_words import ACCESS, CHECKS, OFFICER, SERVICE


@violation("REC-05", "the ledger did not verify", about="session")
def _(case: Case) -> None:
    event = make("sys-integrity-failed/1", codes=["signature"], first=0, position=7, size=10)
    case.day.put(event, CHECKS, said(case.part.given), who=((SERVICE, "verified", "service"),))


@violation("REC-10", "nobody reviews an emergency access", about="session")
def _(case: Case) -> None:
    said_so = {"reason": "allergies-needed", "record": "5" * 64, "role": "nurse", "staff": RN1}
    event = make("sys-break-glass-used/1", **(blank("sys-break-glass-used/1") | said_so))
    case.day.put(event, ACCESS, said(case.part.given), who=((SERVICE, "observed", "service"),))


@violation("REC-11", "what is shown of one leaves the other in it", about="session")
def _(case: Case) -> None:
    said_so = {"accountable": True, "basis": "treatment", "content": ["sessions"], "partner_left_out": False}
    fields = blank("disclosure-made/1") | said_so | {"purpose": "treatment", "recipient": "St M, ward 4"}
    event = make("disclosure-made/1", **fields)
    case.day.put(event, case.person, said(case.part.given), who=((OFFICER, "performed", "privacy-officer"),))


@violation("REC-12", "a request to see the record waits for 31 days", about="session")
def _(case: Case) -> None:
    day = f"{case.sitting.day - timedelta(days=31):%Y-%m-%d}"
    fields = blank("access-request-received/1") | {"received_on": day, "due": day, "asked_by": "person"}
    event = make("access-request-received/1", **fields)
    case.day.put(event, case.person, said(case.part.given), who=((OFFICER, "received", "privacy-officer"),))


@violation("REC-14", "a disclosure does not say what was shown", about="session")
def _(case: Case) -> None:
    said_so = {"accountable": True, "basis": "treatment", "content": [], "partner_left_out": True}
    fields = blank("disclosure-made/1") | said_so | {"purpose": "treatment", "recipient": "St M, ward 4"}
    event = make("disclosure-made/1", **fields)
    case.day.put(event, case.person, said(case.part.given), who=((OFFICER, "performed", "privacy-officer"),))
