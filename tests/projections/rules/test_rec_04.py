"""REC-04: signatures by keys that counted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ledger.clinic import ANA, MD1, SESSION, make
from tests.projections.rules.day import Day
from tests.projections.rules.standing import evaluated, verdicts

KEY = f"{0:064d}"
"""The key with which the first signer of every entry signs in these stories."""
OFFICER = ((MD1, "revoked", "security-officer"),)


def revoked(day: Day, at: str, since: int | None = None, reason: str = "stolen", key: str = KEY) -> Day:
    """A key is revoked, suspect from a position on."""
    event = make("key-revoked/1", key=key, reason=reason, suspect_from=since)
    day.put(event, "keys", at, who=OFFICER)
    return day


def dosed(at: str = "10:00") -> Day:
    return Day().opens().gives("a", at)


def handed_in_late() -> Day:
    """A dose that was signed with a key revoked before the entry came in."""
    return revoked(Day().opens(), "09:30").gives("a", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("nothing is signed", lambda: Day().opens(), "not-applicable"),
    ("no key was ever revoked", dosed, "met"),
    ("revoked afterwards", lambda: revoked(dosed(), "11:00"), "met"),
    ("another key was revoked", lambda: revoked(Day().opens(), "09:30", key="f" * 64).gives("a", "10:00"), "met"),
    ("suspect from the next entry on", lambda: revoked(dosed(), "11:00", since=5), "met"),
    ("suspect from this entry on", lambda: revoked(dosed(), "11:00", since=4), "cannot-judge"),
    ("revoked before", handed_in_late, "breached"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "REC-04", "a") == [verdict], name


def test_it_says_which_entry_and_why_and_rests_on_the_revocation() -> None:
    (finding,) = handed_in_late().findings("REC-04", slot="a")

    assert finding.sentence == (
        "A: entry 5 is signed as performed (nurse): key already revoked at position 4 (stolen)."
    )
    assert finding.evidence == (4, 5)
    assert finding.causes == ("quarantined",)


def test_before_the_revocation_was_known_nothing_was_doubted() -> None:
    day = revoked(dosed(), "11:00", since=4)

    assert verdicts(day, "REC-04", "a", known_at=len(day.placed) - 1) == ["met"]
    assert verdicts(day, "REC-04", "a") == ["cannot-judge"]


def test_the_first_revocation_counts() -> None:
    day = revoked(revoked(dosed(), "11:00", since=4), "11:05", since=None)

    assert verdicts(day, "REC-04", "a") == ["cannot-judge"]


def test_the_joint_record_is_judged_beside_the_partners() -> None:
    day = revoked(dosed(), "11:00", since=3)
    joint = [finding for finding in day.findings("REC-04") if finding.subject == SESSION]

    assert [(finding.verdict, finding.evidence) for finding in joint] == [("cannot-judge", (3, 5))]


def test_a_signature_beside_the_session_is_about_its_own_record() -> None:
    day = evaluated(revoked(Day().opens(), "4 09:00"), "a", "5 10:00")
    beside = [finding for finding in day.findings("REC-04") if finding.about]

    assert [(finding.about, finding.verdict) for finding in beside] == [(ANA, "breached")]
