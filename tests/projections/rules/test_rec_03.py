"""REC-03: a countersignature by somebody who signed the entry is kept, does not count, and is stopped at the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from projections.compliance.known import Fact
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.rules.records.rec_03 import rec_03
from tests.ledger.chart import countersignature
from tests.ledger.clinic import MD1, RN1, SESSION, SLOT_A
from tests.projections.rules.day import Day, instant


def dosed() -> Day:
    return Day().opens().gives("a", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("nothing was countersigned", dosed, "not-applicable"),
    ("by a colleague", lambda: dosed().signs("10:05", gives="witnessed"), "met"),
    ("by the author", lambda: dosed().signs("10:05", by=RN1, role="nurse", gives="witnessed"), "breached"),
    ("a dispute by the author", lambda: dosed().signs("10:05", by=RN1, role="nurse", verdict="disputes"), "breached"),
    (
        "a colleague's correction, by the author of the wrong entry",
        lambda: dosed().voids("10:30", by=MD1).signs("10:35", by=RN1, role="nurse"),
        "met",
    ),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    (finding,) = story().findings("REC-03", slot="a")

    assert finding.verdict == verdict, name


@pytest.mark.parametrize(("by", "objects"), [(RN1, True), (MD1, False)])
def test_the_gate_stops_an_author_and_nobody_else(by: str, objects: bool) -> None:
    day = dosed()
    event = countersignature(day.placed[-1], gives="witnessed")
    proposed = Fact(event, to_second(instant("10:05")), SLOT_A, len(day.placed), "", (by,))
    history = LedgerAt(day.known(), size=len(day.placed), as_of=to_second(instant("10:05")), proposed=proposed).session(
        SESSION
    )

    found = [finding.verdict for finding in rec_03.findings(history)]

    assert found == (["breached"] if objects else [])
    assert rec_03.gate is not None
    assert rec_03.gate.override_of(("own-act",), type(event)) is None, "nobody may override it"
