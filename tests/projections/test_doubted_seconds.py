"""What the rules know of a correction whose second signature was made with a stolen key: then, and now."""

from __future__ import annotations

from ledger.events.dosing import DoseAdministered
from projections.compliance.known import Known
from tests.ledger.chart import Chart, mg
from tests.ledger.clinic import PT1, SESSION, dose, make


def test_rules_count_the_correction_as_known_before_the_revocation_and_no_longer_after_it() -> None:
    chart, known = Chart(), Known()
    signed = chart.signs(chart.corrects(chart.put(dose("100")), ("mass", mg("100"), mg("50"))))
    stolen = signed.payload.attested[0].key
    event = make("key-revoked/1", key=stolen, reason="stolen", suspect_from=signed.position)
    revoked = chart.put(event, "keys", (PT1, "revoked", "security-officer"))
    for placed in chart.placed:
        known.take(placed)

    assert _masses(known, revoked.position) == ["50"]
    assert _masses(known, revoked.position + 1) == ["100"]


def _masses(known: Known, size: int) -> list[str]:
    events = [fact.event for fact in known.recorded(SESSION, size)]
    return [event.mass.value for event in events if isinstance(event, DoseAdministered)]
