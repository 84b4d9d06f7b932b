"""The state of a finding: acts lead forward, only a reopening leads back, and what is known closes by itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.compliance.finding import Verdict
from projections.findings.act import Act, ActKind
from projections.findings.became import STATES, Turn, became

OPENED = "2026-05-16T14:55:01.000000Z"


def step(position: int, kind: str, outcome: str | None = None) -> Act | Turn:
    at = f"2026-05-17T00:{position % 60:02}:00.000000Z"
    if kind == "gone":
        return Turn("gone", at, position)
    if kind == "back":
        return Turn("back", at, position)
    kinds: dict[str, ActKind] = {
        "acknowledged": "acknowledged",
        "explained": "explained",
        "dispositioned": "dispositioned",
        "closed": "closed",
        "reopened": "reopened",
    }
    return Act(kinds[kind], at, ("staff/x",), "compliance-officer", position, "d", "i", outcome)


def state(words: str, verdict: Verdict = "breached") -> str | None:
    steps = [step(position, kind) for position, kind in enumerate(words.split())]
    acts = [each for each in steps if isinstance(each, Act)]
    turns = [each for each in steps if isinstance(each, Turn)]
    found = became(verdict, acts, turns, opened_at=OPENED)
    return None if found is None else f"{found.state}{' by itself' if found.by_itself else ''}"


@pytest.mark.parametrize(
    ("words", "verdict", "expected"),
    [
        ("", "met", None),
        ("", "cannot-judge", None),
        ("", "breached", "open"),
        ("acknowledged", "breached", "acknowledged"),
        ("acknowledged explained", "breached", "explained"),
        ("explained acknowledged", "breached", "explained"),
        ("explained dispositioned", "breached", "dispositioned"),
        ("dispositioned explained", "breached", "dispositioned"),
        ("dispositioned closed", "breached", "closed"),
        ("closed acknowledged", "breached", "closed"),
        ("closed reopened", "breached", "reopened"),
        ("closed reopened acknowledged", "breached", "acknowledged"),
        ("reopened", "breached", "open"),
        ("acknowledged gone", "met", "closed by itself"),
        ("gone back", "breached", "reopened by itself"),
        ("gone back dispositioned closed", "breached", "closed"),
        ("closed gone back", "breached", "reopened by itself"),
        ("gone", "breached", "reopened by itself"),
        ("acknowledged", "met", "closed by itself"),
        ("acknowledged", "not-applicable", "closed by itself"),
        ("acknowledged", "cannot-judge", "acknowledged"),
        ("closed", "met", "closed"),
    ],
)
def test_story(words: str, verdict: Verdict, expected: str | None) -> None:
    assert state(words, verdict) == expected


def test_it_says_since_when_and_what_was_decided_until_it_is_open_again() -> None:
    first, second = step(3, "dispositioned", "corrected"), step(5, "closed")
    assert isinstance(first, Act)
    assert isinstance(second, Act)
    again = step(8, "reopened")
    assert isinstance(again, Act)

    closed = became("breached", [first, second], opened_at=OPENED)
    reopened = became("breached", [first, second, again], opened_at=OPENED)
    untouched = became("breached", [], opened_at=OPENED)

    assert closed is not None
    assert reopened is not None
    assert untouched is not None
    assert (closed.since, closed.disposition, closed.evidence) == (second.at, first, (3, 5))
    assert (reopened.since, reopened.disposition, reopened.evidence) == (again.at, None, (3, 5, 8))
    assert untouched.since == OPENED


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["acknowledged", "explained", "dispositioned", "closed", "reopened", "gone", "back"])))
def test_whatever_was_done_a_breach_is_never_closed_by_itself_and_what_is_not_so_is_never_open(
    kinds: list[str],
) -> None:
    words = " ".join(kinds)

    assert state(words, "breached") != "closed by itself"
    if kinds:
        assert (state(words, "met") or "").startswith("closed")
    assert (state(words, "breached") or "").split()[0] in STATES
