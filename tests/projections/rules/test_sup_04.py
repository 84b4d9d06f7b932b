"""SUP-04: the prescriber is there, or answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.errors import Objection
from ledger.events.lifecycle import SessionOpened
from tests.ledger.clinic import MD1, PT1, SESSION, make
from tests.projections.rules.day import Day
from tests.projections.rules.leaving import released
from tests.projections.rules.standing import VIAL, causes, received, verdicts
from tests.projections.rules.watching_words import Watch

MOMENTS = ("10:31",)
NEAR: dict[str, Any] = {"supervision": {"prescriber": "on-site"}}


def is_now(day: Day, at: str, presence: str | None, prescriber: str = MD1, **when: Any) -> Watch:
    event = make("prescriber-presence-changed/1", prescriber=prescriber, presence=presence)
    day.put(event, SESSION, at, **when)
    assert isinstance(day, Watch)
    return day


def opened(presence: str = "on-site", prescriber: str | None = MD1, **figures: Any) -> Watch:
    """A session that was opened with the prescriber so near, and nobody dosed yet."""
    day = Watch()
    day.opens(**figures)
    event = day.placed[-1].event
    assert isinstance(event, SessionOpened)
    changed = event.model_copy(update={"presence": presence, "prescriber": prescriber})
    day.placed.pop()
    day.put(changed, SESSION, "09:00")
    return day


def dosed(presence: str = "on-site", prescriber: str | None = MD1, **figures: Any) -> Watch:
    day = opened(presence, prescriber, **figures)
    day.gives("a", "10:00")
    return day


def released_of(presence: str) -> Watch:
    day = dosed(presence)
    released(day)
    return day


def left_between() -> Watch:
    """Both were dosed, A was released at 13:00, and the prescriber left at 13:30."""
    day = dosed()
    released(day.gives("b", "10:05"), "a", "13:00")
    return is_now(day, "13:30", None)


def esketamine(presence: str = "reachable", **choices: Any) -> Watch:
    """A dose of esketamine at 10:00."""
    day = received(opened(presence, choices=choices), container=VIAL, drug="esketamine", form="nasal-device")
    day.gives("a", "10:00", "56", container=VIAL)
    assert isinstance(day, Watch)
    return day


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("nobody was dosed", opened, "not-applicable"),
    ("on the site", dosed, "met"),
    ("to be reached, which is enough", lambda: dosed("reachable"), "met"),
    ("to be reached, and on the site is asked for", lambda: dosed("reachable", **NEAR), "breached"),
    ("on the site, as asked for", lambda: dosed(**NEAR), "met"),
    ("nobody at all", lambda: dosed(prescriber=None), "breached"),
    ("left before the dose", lambda: is_now(opened(), "09:30", None).gives("a", "10:00"), "breached"),
    (
        "left and came back before the dose",
        lambda: is_now(is_now(opened(), "09:30", None), "10:00", "on-site").gives("a", "10:00"),
        "met",
    ),
    (
        "came a minute after it",
        lambda: is_now(is_now(opened(), "09:30", None).gives("a", "10:00"), "10:01", "on-site"),
        "breached",
    ),
    ("left before the release", lambda: released(is_now(dosed(), "12:59", None)), "breached"),
    ("left at the release", lambda: is_now(released(dosed()), "13:00", None), "met"),
    (
        "left when one of two was released",
        lambda: is_now(released(dosed().gives("b", "10:05")), "13:00", None),
        "breached",
    ),
    ("left between the two releases", lambda: released(left_between(), "b", "14:00"), "breached"),
    (
        "left and came back in the same minute",
        lambda: is_now(is_now(dosed(), "10:30", None), "10:30", "on-site"),
        "met",
    ),
    ("another one stays", lambda: is_now(is_now(dosed(**NEAR), "10:30", "on-site", PT1), "10:40", None), "met"),
    ("answered after 5 min", lambda: dosed("reachable").calls("a", "10:30", "10:35"), "met"),
    ("answered after 6 min", lambda: dosed("reachable").calls("a", "10:30", "10:36"), "breached"),
    ("never answered", lambda: dosed("reachable").calls("a", "10:30", None), "breached"),
    ("never answered, and on the site", lambda: dosed().calls("a", "10:30", None), "met"),
    ("called before the dose", lambda: opened("reachable").calls("a", "09:30", None).gives("a", "10:00"), "met"),
    ("called in the minute of the release", lambda: released_of("reachable").calls("a", "13:00", None), "met"),
    ("called a minute before it", lambda: released(dosed("reachable").calls("a", "12:59", None)), "breached"),
    ("esketamine, and only to be reached", esketamine, "breached"),
    ("esketamine, and on the site", lambda: esketamine("on-site"), "met"),
    ("esketamine, by a protocol that permits it", lambda: esketamine(esketamine_prescriber="reachable"), "met"),
    ("no figures", lambda: Day().opens(protocol=False).gives("a", "10:00"), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    found = verdicts(story(), "SUP-04", "")

    assert verdict in found and not {"met", "breached"} - {verdict} & set(found), name


def test_for_5_min_a_call_is_pending_the_limit_included() -> None:
    day = dosed("reachable").calls("a", "10:30", None)

    assert verdicts(day, "SUP-04", "", as_of="10:35") == ["pending"]
    assert verdicts(day, "SUP-04", "", as_of="10:35:01") == ["breached"]


def test_each_reason_is_named_and_there_is_one_finding() -> None:
    day = is_now(dosed("reachable").calls("a", "10:30", None), "11:00", None)

    assert causes(day, "SUP-04", "") == [("unanswered", "absent")]


def test_it_says_nothing_of_whom_the_call_was_about() -> None:
    (found,) = dosed("reachable").calls("b", "10:30", None).findings("SUP-04")

    assert found.slot == ""
    assert "B" not in found.sentence


def opening(presence: str, prescriber: str | None, **figures: Any) -> list[Objection]:
    day = Day().opens(**figures)
    event = day.placed.pop().event
    assert isinstance(event, SessionOpened)
    asked = event.model_copy(update={"presence": presence, "prescriber": prescriber})
    return [each for each in day.objections(asked, SESSION, "09:00") if each.rule == "SUP-04"]


def test_a_session_is_not_opened_without_a_prescriber() -> None:
    (refused,) = opening("on-site", None)

    assert (refused.rule, refused.version, refused.override) == ("SUP-04", "1", "medical-director")
    assert opening("reachable", MD1) == []


def test_where_one_on_site_is_asked_for_the_opening_waits_for_them() -> None:
    assert len(opening("reachable", MD1, **NEAR)) == 1
    assert opening("on-site", MD1, **NEAR) == []


def test_what_happens_after_the_opening_ends_as_a_finding() -> None:
    assert opening("on-site", MD1, **NEAR) == []
    assert verdicts(is_now(dosed(**NEAR), "10:30", "reachable"), "SUP-04", "") == ["breached"]
