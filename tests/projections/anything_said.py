"""Histories of two sessions in which anything is said about anything, drawn by Hypothesis."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from ledger.encoding import to_instant
from tests.ledger.chart import Chart, correction, mg, reference
from tests.ledger.clinic import ANA, BEN, COUPLE, MD1, OWN_A, PLACE, RN1, SESSION, START, check, dose, make, uuid
from tests.projections.house import NURSE, OWN_B

COUPLES: Final = (COUPLE, f"couple/{uuid(62)}")
SESSIONS_OF: Final = (SESSION, f"session/{uuid(63)}")
PLACES: Final = (PLACE, f"location/{uuid(64)}")
BOTTLES: Final = (OWN_A, OWN_B)
PEOPLE: Final = (ANA, BEN)
STREAMS: Final = tuple(f"{session}/{slot}" for session in SESSIONS_OF for slot in "ab")
TIMES: Final = tuple(to_instant(START.replace(hour=hour)) for hour in (3, 9, 21))

SECOND: Final = ((MD1, "witnessed", "prescriber"),)

Step = tuple[str, int, int, int]
STEPS: Final = st.lists(
    st.tuples(
        st.sampled_from(
            ("dose", "check", "plan", "couple", "change", "change", "move", "void", "sign", "link", "add", "key", "two")
        ),
        st.integers(0, 40),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    min_size=4,
    max_size=24,
)


def played(steps: list[Step]) -> Chart:
    """A history of two sessions in which anything may be said about anything."""
    chart = Chart()
    for word, which, one, other in [("plan", 0, 0, 0), ("couple", 0, 0, 0), ("dose", 0, 0, 0), *steps]:
        target = chart.placed[which % len(chart.placed)] if chart.placed else None
        match word:
            case "dose":
                chart.put(dose(container=BOTTLES[other % 2]), STREAMS[one], NURSE, *SECOND[: which % 2])
            case "check":
                chart.put(check(), STREAMS[one])
            case "plan":
                chart.put(plan(COUPLES[one % 2], PLACES[other % 2]), SESSIONS_OF[one // 2])
            case "key":
                fields = {"key": f"{1:064d}", "reason": "stolen", "suspect_from": which if other else None}
                chart.put(make("key-revoked/1", **fields), "keys")
            case "couple":
                chart.put(couple(one), COUPLES[other % 2], (MD1, "performed", "registrar"))
            case _ if target is not None:
                _said(chart, word, target, one, other)
    return chart


def _said(chart: Chart, word: str, target: Any, one: int, other: int) -> None:
    kind = target.payload.type
    match word:
        case "change" if kind == "dose-administered/1" and one % 2:
            chart.corrects(target, ("container", target.event.container, BOTTLES[other % 2]))
        case "change" if kind == "dose-administered/1":
            chart.corrects(target, ("mass", mg("100"), mg(f"{10 + other}")))
        case "change" if kind == "session-scheduled/1":
            field, now = ("couple", COUPLES[other % 2]) if one % 2 else ("location", PLACES[other % 2])
            chart.corrects(target, (field, getattr(target.event, field), now))
        case "change" if kind == "couple-registered/1":
            chart.corrects(target, ("code", target.event.code, f"C-{other}"), by=MD1)
        case "change" if kind == "entry-corrected/1" and target.event.changes:
            was = target.event.changes[0].now
            chart.corrects(target, ("changes.0.now", was, COUPLES[other % 2] if isinstance(was, str) else was))
        case "two" if kind == "dose-administered/1":
            reviewed = correction(target, ("mass", mg("100"), mg("70")))
            chart.put(reviewed, target.stream, (RN1, "corrected", "nurse"), (MD1, "reviewed", "prescriber"))
        case "move":
            chart.corrects(target, ("occurred.at", target.payload.occurred.at, TIMES[other % 3]))
        case "void" if kind != "entry-reattributed/1":
            chart.voids(target)
        case "sign":
            chart.signs(target, verdict=("confirms", "disputes")[other % 2])
        case "link" if target.stream in STREAMS and kind == "dose-administered/1":
            void = chart.voids(target)
            chart.reattributes(void, chart.put(target.event, STREAMS[other]))
        case "add":
            fields = {"code": None, "note": None, "note_a": None, "note_b": None, "target": reference(target)}
            chart.put(make("addendum-appended/1", **fields), target.stream)


def plan(of: str, place: str) -> Any:
    """A session of this couple is planned at this place."""
    return make(
        "session-scheduled/1",
        couple=of,
        course=None,
        location=place,
        mode="simultaneous",
        ordinal=1,
        planned_start=to_instant(START),
        staff=[],
        person_a=ANA,
        person_b=BEN,
    )


def couple(number: int) -> Any:
    """A couple is registered."""
    return make(
        "couple-registered/1",
        code=f"C-{number}",
        location=PLACE,
        sharing_policy="v1",
        started="2026-05-01",
        person_a=PEOPLE[number % 2],
        person_b=PEOPLE[1 - number % 2],
    )
