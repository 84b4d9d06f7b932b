"""Violations in what became of the substance: a count that is short, an order nobody looked up before."""

from __future__ import annotations

from datetime import timedelta

from tests.ledger.clinic import MD1, PLACE, RN1, blank, make
from tests.projections.generated.couple_day import said
from tests.projections.generated.founding import bottle
from tests.projections.generated.seeding import Case, violation
from tests.projections.rules.custody_words import CLINIC
from tests.projections.rules.day import instant
from tests.projections.rules.standing import VIAL


@violation("CS-01", "half a lozenge is missing", "sublingual", also=("CS-06",), about="any")
@violation("CS-06", "nobody looked into half a lozenge that is missing", "sublingual", also=("CS-01",), about="any")
def _(case: Case) -> None:
    container = bottle(case.sitting, case.slot)
    place = case.day.all_of("own-medication-checked-out", container)[0]
    count = float(case.day.placed[place].event.model_dump()["count"])
    case.changes("own-medication-checked-out", container, count=f"{count - 0.5:g}")


@violation("CS-02", "who wasted the rest did it alone", "intramuscular", "remainder", about="any")
def _(case: Case) -> None:
    case.day.signs_otherwise("wastage-recorded", VIAL, (RN1, "performed", "nurse"))


@violation("CS-02", "the rest was never wasted", "intramuscular", "remainder", also=("CS-03",), about="any")
def _(case: Case) -> None:
    case.drops("wastage-recorded", VIAL)


@violation("CS-03", "the vial stays, and nobody counts it", "intramuscular", about="any")
def _(case: Case) -> None:
    case.drops("returned-to-reverse-distributor", VIAL)


@violation("CS-04", "the invoice names no DEA number", "intramuscular", about="any")
def _(case: Case) -> None:
    case.changes("stock-received", VIAL, supplier_dea="none")


@violation("CS-05", "nobody wrote down how many or how much")
def _(case: Case) -> None:
    case.changes("dose-administered", nth=0, units=None, volume=None)


@violation("CS-06", "a theft that nobody reported", "sublingual", about="any")
def _(case: Case) -> None:
    fields = {
        "count": None,
        "counted": {"unit": "mg", "value": "900"},
        "difference": {"unit": "mg", "value": "-100"},
        "expected": {"unit": "mg", "value": "1000"},
        "suspicion": "theft",
        "tolerance": {"unit": "mg", "value": "0"},
    }
    event = make("discrepancy-found/1", **fields)
    case.puts(event, case.part.given - timedelta(minutes=1), bottle(case.sitting, case.slot))


@violation("CS-07", "the registration of the place ended the day before", about="session")
def _(case: Case) -> None:
    case.changes("location-registered", PLACE, dea_to=f"{case.sitting.day - timedelta(days=1):%Y-%m-%d}")


@violation("CS-08", "own lozenges were given out as the clinic's stock", "sublingual", about="any")
def _(case: Case) -> None:
    fields = blank("stock-dispensed-to-session/1") | {
        "amount": {"unit": "mg", "value": "100"},
        "session": case.sitting.session,
        "to": RN1,
    }
    event = make("stock-dispensed-to-session/1", **fields)
    case.puts(event, case.part.given - timedelta(minutes=1), bottle(case.sitting, case.slot))


@violation(
    "CS-11",
    "nobody counted the vial before it left the retreat",
    "intramuscular",
    "retreat",
    also=("CS-03",),
    about="any",
)
def _(case: Case) -> None:
    fields = blank("custody-transferred/1") | {
        "amount": {"unit": "mg", "value": "100"},
        "arrived_at": instant(said(case.sitting.closed + timedelta(hours=2))),
        "departed_at": instant(said(case.sitting.closed + timedelta(minutes=5))),
        "from_location": PLACE,
        "seals": ["S-1"],
        "to_location": CLINIC,
    }
    who = ((RN1, "relinquished", "custodian"), (MD1, "received", "prescriber"))
    case.puts(make("custody-transferred/1", **fields), case.sitting.closed + timedelta(minutes=5), VIAL, who=who)


@violation("CS-12", "the vial was opened at half past nine in the evening", "intramuscular", about="any")
def _(case: Case) -> None:
    at = case.sitting.closed.replace(hour=21, minute=30)
    case.puts(make("container-opened/1", seal=None, use_by=None), at, VIAL)


@violation("CS-13", "who prepared the dose checked it as well", "sublingual")
def _(case: Case) -> None:
    case.day.signs_otherwise("dose-prepared", case.record, (RN1, "performed", "nurse"), (RN1, "verified", "nurse"))


@violation("CS-14", "nobody asked the prescription database")
def _(case: Case) -> None:
    case.changes("evaluation-completed", case.person, pdmp_checked=False)
