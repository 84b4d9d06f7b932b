"""A question looks only at the sessions that may pass its filters, and finds what looking at all of them finds."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledger.encoding import to_instant
from ledger.errors import Refused
from projections.compliance.history import History
from projections.compliance.known import Known
from projections.compliance.ledger_at import LedgerAt
from projections.questions.asked import Asked, begun
from projections.questions.filters import checked
from projections.questions.question import SESSIONS
from tests.ledger.clinic import START
from tests.projections.anything_said import COUPLES, PEOPLE, PLACES, SESSIONS_OF, STEPS, Step, played

DAYS: Final = tuple((START + timedelta(days=day)).date().isoformat() for day in (-2, -1, 0, 1, 2))
INSTANTS: Final = tuple(to_instant(START + timedelta(minutes=minute)) for minute in (-600, -1, 0, 2, 5, 9, 600))
FILTERS: Final = st.fixed_dictionaries(
    {},
    optional={
        "from": st.sampled_from((*DAYS, *INSTANTS)),
        "to": st.sampled_from((*DAYS, *INSTANTS)),
        "session": st.sampled_from(SESSIONS_OF),
        "couple": st.sampled_from(COUPLES),
        "location": st.sampled_from(PLACES),
        "person": st.sampled_from(PEOPLE),
    },
)


def found(ledger: LedgerAt, filters: dict[str, str]) -> Asked:
    return Asked(ledger, checked(SESSIONS, filters), lambda _session, _rules: [])


def passes(asked: Asked, history: History) -> bool:
    """Whether a session passes, asked of the session itself."""
    return (
        asked.session in (None, history.session)
        and asked.couple in (None, history.couple)
        and asked.location in (None, history.location)
        and (asked.person is None or bool(history.slots_of(asked.person)))
        and asked.filters.within(begun(history), history.day)
    )


@example([("move", 0, 0, 0)], {"to": INSTANTS[1]}, 0)
@given(STEPS, FILTERS, st.integers(0, 10))
@settings(max_examples=20, deadline=None)
def test_the_sessions_found_are_those_that_looking_at_every_session_finds(
    steps: list[Step], filters: dict[str, str], back: int
) -> None:
    known = Known()
    chart = played(steps)
    for placed in chart.placed:
        known.take(placed)
    ledger = LedgerAt(known, size=max(1, known.size - back), as_of=START + timedelta(days=3))
    everything = found(ledger, {}).sessions  # one ledger makes each history only once
    asked = found(ledger, filters)

    try:
        _ = asked.session, asked.couple, asked.location, asked.person
    except Refused as error:
        assert error.code == "not-found"  # nobody recorded the couple or place by then
        return

    assert asked.sessions == [each for each in everything if passes(asked, each)]


def test_a_question_about_one_session_looks_at_no_other() -> None:
    known = Known()
    for placed in played([("plan", 0, 2, 0), ("dose", 0, 2, 0)]).placed:
        known.take(placed)
    ledger = Looked(known, size=known.size, as_of=START + timedelta(days=3))

    assert [each.session for each in found(ledger, {"session": SESSIONS_OF[1]}).sessions] == [SESSIONS_OF[1]]
    assert ledger.looked_at == {SESSIONS_OF[1]}
    assert len(found(ledger, {}).sessions) == len(ledger.looked_at) == 2


class Looked(LedgerAt):
    """A ledger that remembers which sessions somebody looked at."""

    looked_at: set[str]

    def session(self, name: str) -> History:
        self.looked_at = {*getattr(self, "looked_at", ()), name}
        return super().session(name)
