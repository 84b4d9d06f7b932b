"""REL-07: a dosed person leaves with an identified, sober adult who may drive; never with the dosed partner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.fields import ERASED, WITHHELD
from projections.compliance.finding import Finding
from tests.ledger.clinic import BEN
from tests.projections.rules.day import CARLA, DRIVER, OTHER, Day

PARTNER: dict[str, Any] = {"relationship": "partner", "name": "Ben"}
BEN_BY_NAME: dict[str, Any] = {"relationship": "friend", "name": "Ben", "person": BEN}
SHUTTLE: dict[str, Any] = {"relationship": "staff", "name": None, "staff": DRIVER}
CARLA_COMES: dict[str, Any] = {"relationship": "friend", "name": "Carla", "person": CARLA}


def dosed() -> Day:
    return Day().opens().gives("a", "10:00")


def fetched(escort: dict[str, Any] | None = None, at: str = "13:00", **verified: Any) -> Day:
    """A is dosed, this escort is verified, and they leave together."""
    return dosed().verifies("a", "12:50", escort, **verified).leaves("a", at, escort)


def both_dosed(b_at: str = "10:05", escort: dict[str, Any] = PARTNER, at: str = "13:00") -> Day:
    return dosed().gives("b", b_at).verifies("a", "12:50", escort).leaves("a", at, escort)


def with_carla(carlas_dose: str, leaves: str = "13:00") -> Day:
    """Carla, who takes part in another session, comes for A."""
    story = dosed().plans(OTHER, a=CARLA, b=f"person/{'0' * 8}-0000-4000-8000-{'0' * 11}4")
    story.gives("a", carlas_dose, session=OTHER)
    return story.verifies("a", "12:50", CARLA_COMES).leaves("a", leaves, CARLA_COMES)


STORIES: list[tuple[str, Callable[[], Day], str, tuple[str, ...]]] = [
    ("not dosed: leaves as they like", lambda: Day().opens().leaves("a", "13:00", alone=True), "not-applicable", ()),
    ("not gone yet: nothing to say", lambda: dosed().releases("a", "12:30"), "not-applicable", ()),
    ("with a verified sister: met", fetched, "met", ()),
    ("with the staff driver: met", lambda: fetched(SHUTTLE), "met", ()),
    (
        "verified in the minute of leaving: met",
        lambda: dosed().verifies("a", "13:00").leaves("a", "13:00"),
        "met",
        (),
    ),
    (
        "verified a minute after leaving: breached",
        lambda: dosed().leaves("a", "13:00").verifies("a", "13:01"),
        "breached",
        ("not-verified",),
    ),
    (
        "alone: breached",
        lambda: dosed().verifies("a", "12:50").leaves("a", "13:00", alone=True),
        "breached",
        ("no-escort",),
    ),
    (
        "with somebody else than was verified: breached",
        lambda: dosed().verifies("a", "12:50").leaves("a", "13:00", SHUTTLE),
        "breached",
        ("not-verified",),
    ),
    ("not sober: breached", lambda: fetched(sober=False), "breached", ("not-sober",)),
    ("no adult: breached", lambda: fetched(adult=False), "breached", ("not-adult",)),
    ("not identified: breached", lambda: fetched(identified=False), "breached", ("not-identified",)),
    (
        "the latest look at the escort counts",
        lambda: dosed().verifies("a", "12:30").verifies("a", "12:50", sober=False).leaves("a", "13:00"),
        "breached",
        ("not-sober",),
    ),
    (
        "a second look may find them sober",
        lambda: dosed().verifies("a", "12:30", sober=False).verifies("a", "12:50").leaves("a", "13:00"),
        "met",
        (),
    ),
    (
        "stays on site: no escort is needed",
        lambda: dosed().leaves("a", "13:00", alone=True, destination="onsite-lodging", mode="onsite-lodging"),
        "not-applicable",
        (),
    ),
    (
        "to a hospital: no escort is needed",
        lambda: dosed().leaves("a", "11:00", alone=True, destination="hospital", mode="other"),
        "not-applicable",
        (),
    ),
    ("with the partner, who took nothing: met", lambda: fetched(PARTNER), "met", ()),
    ("with the dosed partner: breached", both_dosed, "breached", ("escort-dosed",)),
    (
        "with the dosed partner as a friend by name and person: breached",
        lambda: both_dosed(escort=BEN_BY_NAME),
        "breached",
        ("escort-dosed",),
    ),
    (
        "the partner took theirs after the departure: met",
        lambda: both_dosed(b_at="13:30"),
        "met",
        (),
    ),
    (
        "the partner's window ends at the moment of leaving: met",
        lambda: both_dosed(b_at="10:05", at="17 10:05"),
        "met",
        (),
    ),
    (
        "a minute before their window ends: breached",
        lambda: both_dosed(b_at="10:05", at="17 10:04"),
        "breached",
        ("escort-dosed",),
    ),
    (
        "a participant of another session, dosed that morning: breached",
        lambda: with_carla("09:30"),
        "breached",
        ("escort-dosed",),
    ),
    (
        "a participant of another session, dosed the day before yesterday: met",
        lambda: with_carla("14 09:30"),
        "met",
        (),
    ),
    (
        "the dosed partner and not sober: both are named",
        lambda: dosed().gives("b", "10:05").verifies("a", "12:50", PARTNER, sober=False).leaves("a", "13:00", PARTNER),
        "breached",
        ("not-sober", "escort-dosed"),
    ),
    (
        "the dosed partner, whom nobody verified: both are named",
        lambda: dosed().gives("b", "10:05").leaves("a", "13:00", PARTNER),
        "breached",
        ("not-verified", "escort-dosed"),
    ),
    (
        "who they left with is withheld: cannot be judged",
        lambda: fetched().loses("participant-departed", "identity"),
        "cannot-judge",
        ("unreadable",),
    ),
    (
        "whom they verified is erased: cannot be judged",
        lambda: fetched().loses("escort-verified", "identity", absent=ERASED),
        "cannot-judge",
        ("unreadable",),
    ),
    (
        "what they found is erased: cannot be judged",
        lambda: fetched().loses("escort-verified", "clinical", absent=ERASED),
        "cannot-judge",
        ("unreadable", "erased"),
    ),
    (
        "where they went is withheld and nobody verified: cannot be judged",
        lambda: dosed().leaves("a", "13:00", alone=True).loses("participant-departed", "clinical"),
        "cannot-judge",
        ("unreadable",),
    ),
    (
        "where they went is withheld, with a verified sister: met anyway",
        lambda: fetched().loses("participant-departed", "clinical"),
        "met",
        (),
    ),
    (
        "who was in the other session is erased, and that slot was dosed: cannot be judged",
        lambda: with_carla("09:30").loses("session-scheduled", "identity", absent=ERASED),
        "cannot-judge",
        ("unreadable",),
    ),
    (
        "who was in the other session is erased, and its window is long over: met",
        lambda: with_carla("14 09:30").loses("session-scheduled", "identity", absent=WITHHELD),
        "met",
        (),
    ),
    (
        "the partner is the other slot, whoever that was",
        lambda: both_dosed().loses("session-scheduled", "identity"),
        "breached",
        ("escort-dosed",),
    ),
    (
        "without a published protocol there is nothing to compare with",
        lambda: Day().opens(protocol=False).gives("a", "10:00").leaves("a", "13:00"),
        "cannot-judge",
        ("no-protocol",),
    ),
]


@pytest.mark.parametrize(
    ("story", "verdict", "causes"), [pytest.param(s, verdict, causes, id=name) for name, s, verdict, causes in STORIES]
)
def test_the_verdict_on_a(story: Callable[[], Day], verdict: str, causes: tuple[str, ...]) -> None:
    found = of_a(story())

    assert (found.verdict, found.causes) == (verdict, causes)


def of_a(story: Day) -> Finding:
    (found,) = story.findings("REL-07", slot="a", as_of="17 18:00")
    return found


def test_the_sentence_says_when_the_escort_was_dosed_and_until_when_they_may_not_drive() -> None:
    found = of_a(both_dosed())

    assert found.severity == "C"
    assert found.sentence == (
        "A left at 13:00; the escort is B, dosed at 10:05, who may not drive until Sun 17 May 10:05."
    )
    assert found.evidence == (4, 5, 6, 7)


def test_a_dose_late_in_the_day_bars_until_24_hours_later_and_an_early_one_until_the_next_morning() -> None:
    """The later of the next local day at the protocol's time and so many hours after the dose."""
    short = Day().opens(release={"no_drive_h": 2, "no_drive_next_day": "06:00"}).gives("a", "10:00").gives("b", "10:05")

    def leaves(at: str) -> str:
        story = short.changed(lambda placed: placed.event)
        return of_a(story.verifies("a", "12:50", PARTNER).leaves("a", at, PARTNER)).verdict

    assert (leaves("17 05:59"), leaves("17 06:00")) == ("breached", "met")


def test_one_escort_may_take_both() -> None:
    story = dosed().gives("b", "10:05")
    for slot in ("a", "b"):
        story.verifies(slot, "12:50", SHUTTLE).leaves(slot, "13:00", SHUTTLE)

    assert [(f.slot, f.verdict) for f in story.findings("REL-07")] == [("a", "met"), ("b", "met")]


def test_the_couples_twin_b_takes_something_and_drives_both_home() -> None:
    """Scenario S4, negative twin: B is dosed at 10:55 and is A's escort; B leaves with nobody verified."""
    story = dosed().gives("b", "10:55", "10").verifies("a", "13:04", PARTNER)
    story.leaves("a", "13:06", PARTNER).leaves("b", "13:06", alone=True, mode="own-vehicle")

    a, b = story.findings("REL-07")
    assert (a.verdict, a.severity, a.causes) == ("breached", "C", ("escort-dosed",))
    assert "dosed at 10:55, who may not drive until Sun 17 May 10:55" in a.sentence
    assert (b.verdict, b.causes) == ("breached", ("no-escort",))


def test_the_partners_dose_recorded_after_the_departure_is_a_breach_known_only_later() -> None:
    story = fetched(PARTNER).gives("b", "10:05", recorded="15:00")

    then = story.findings("REL-07", slot="a", as_of="14:00", known_at=story.size_when("14:00"))
    assert [f.verdict for f in then] == ["met"]
    assert of_a(story).verdict == "breached"
