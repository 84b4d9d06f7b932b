"""SUP-03: nobody watches more dosed persons at once than one monitor may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import pytest

from ledger.errors import Objection
from ledger.events.dosing import DoseAdministered
from projections.compliance.finding import Finding
from projections.compliance.judge import judge
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.rules.supervision.sup_03 import sup_03
from projections.compliance.watched import shared_out
from tests.ledger.clinic import MD1, PLACE, PT1, RN1, SESSION, blank, dose, make
from tests.projections.rules.day import OTHER, PROTOCOL, Day, instant, local
from tests.projections.rules.standing import unreadable
from tests.projections.rules.watching_words import Watch

NEEDLE: dict[str, Any] = {"route": "intramuscular"}


class Crowded(Watch):
    """A day on which one monitor has several to watch, of this couple and of another."""

    def begun(self, *, room: str | None = None, **figures: Any) -> Self:
        """This couple's session, in a room if one is named, and its monitor."""
        self.opens(**figures)
        self._opens_in(SESSION, room) if room else None
        return self.assigns("09:30")

    def besides(self, *, room: str | None = None, monitor: str = RN1, at: str = "09:10", place: str = PLACE) -> Self:
        """Another couple's session under the same protocol, and who watches them."""
        self._opens_in(OTHER, room, at, place)
        return self.assigns("09:31", monitor=monitor, session=OTHER)

    def takes(self, slot: str, at: str, mg: str = "100", *, of: str = SESSION, **changes: Any) -> Self:
        """A lozenge, or with `NEEDLE` something injected; `weight` is what they weigh."""
        return self.put(dose(mg, **changes), f"{of}/{slot}", at)

    def goes(self, slot: str, at: str, *, of: str = SESSION) -> Self:
        """Somebody leaves, and is no longer checked."""
        gone = make("participant-departed/1", release=None, destination="home", mode="escort-car", escort=None)
        return self.put(gone, f"{of}/{slot}", at)

    def joins(self, at: str, *, of: str = SESSION, group: str = "G-1") -> Self:
        """A session becomes part of a group."""
        return self.put(make("session-joined-group/1", formed=None, group=group, room="HALL"), of, at)

    def _opens_in(self, session: str, room: str | None, at: str = "09:00", place: str = PLACE) -> None:
        dig = next(each.dig for each in self.placed if each.stream == PROTOCOL)
        fields = blank("session-opened/1") | {
            "location": place,
            "mode": "simultaneous",
            "presence": "on-site",
            "protocol": {"dig": dig, "id": "00000000-0000-7000-8000-000000000000"},
            "room": room,
            "role_a": "dosing",
            "role_b": "dosing",
        }
        self.put(make("session-opened/1", **fields), session, at)

    def of(self, session: str, as_of: str = "18:00") -> list[Finding]:
        """What the rule says of one of the two sessions."""
        ledger = LedgerAt(self.known(), size=len(self.placed), as_of=to_second(instant(as_of)))
        return judge(ledger.session(session), (sup_03,))


def both(mg: str = "100", **changes: Any) -> Crowded:
    """Both partners are dosed, and one monitor watches them."""
    return Crowded().begun().takes("a", "10:00", mg, **changes).takes("b", "10:02", mg, **changes)


def three(**besides: Any) -> Crowded:
    """Both, and one of another couple."""
    return Crowded().begun().besides(**besides).takes("a", "10:00", of=OTHER).takes("a", "10:05").takes("b", "10:10")


def low(weight: str | None, mg: str = "30", **figures: Any) -> Crowded:
    """Both get an injection where two are allowed at low doses."""
    supervision = {"ratio_injected_low": 2, "ratio_injected_low_mg_per_kg": "0.5"} | figures
    day = Crowded().begun(supervision=supervision)
    for slot, at in (("a", "10:00"), ("b", "10:02")):
        day.takes(slot, at, mg, weight=weight, weight_source="measured" if weight else None, **NEEDLE)
    return day


def trained(day: Crowded) -> Crowded:
    """The therapist is trained as a monitor."""
    fields = {"subject": "monitor", "title": "Watching", "completed": "2026-01-10", "passed": True}
    day.put(make("training-completed/1", **(blank("training-completed/1") | fields)), PT1, "2 07:00")
    return day


def helped(day: Crowded, *, role: str = "nurse", by: str = PT1) -> Crowded:
    """A second one watches A as well from 10:05 on."""
    event = make("monitor-assigned/1", covers=["a"], in_person=True, monitor=by)
    return day.put(event, SESSION, "10:05", who=[(by, "received", role)])


def grouped(up_to: str, mg: str = "100", *, joined: bool = True, **changes: Any) -> Crowded:
    """Three in a group whose table allows three up to so many milligrams."""
    day = Crowded().begun(choices={"group_ratios": [{"persons": 3, "up_to_mg": up_to}]}).besides()
    if joined:
        day.joins("09:40").joins("09:41", of=OTHER)
    return day.takes("a", "10:00", of=OTHER).takes("a", "10:05", mg, **changes).takes("b", "10:10")


STORIES: list[tuple[str, Callable[[], Day], list[str]]] = [
    ("nobody was dosed", lambda: Crowded().begun(), ["not-applicable"]),
    ("one was dosed", lambda: Crowded().begun().takes("a", "10:00"), ["not-applicable"]),
    ("two with one lozenge each", both, ["met"]),
    ("nobody watched", lambda: Crowded().opens().gives("a", "10:00").gives("b", "10:00"), []),
    ("200 mg each", lambda: both("200"), ["met"]),
    ("one above 200 mg", lambda: both("200").takes("b", "11:00", "1"), ["breached"]),
    ("two injected", lambda: both("30", **NEEDLE), ["breached"]),
    ("one injected, the other 60 min earlier", lambda: both().takes("a", "09:59", "30", **NEEDLE), ["breached"]),
    (
        "one injected, one dosed 60 min later",
        lambda: Crowded().begun().takes("a", "10:00", "30", **NEEDLE).takes("b", "11:00"),
        ["met"],
    ),
    (
        "one injected, one dosed a minute before 60 min",
        lambda: Crowded().begun().takes("a", "10:00", "30", **NEEDLE).takes("b", "10:59"),
        ["breached"],
    ),
    ("two injected, low for their weight", lambda: low("60"), ["met"]),
    ("two injected, too much for their weight", lambda: low("59.9"), ["breached"]),
    ("two injected, no weight on record", lambda: low(None), ["breached"]),
    (
        "two injected, the weight cannot be read",
        lambda: unreadable(low("60"), DoseAdministered, "clinical"),
        ["cannot-judge"],
    ),
    ("three of two couples", three, ["breached"]),
    ("three of two couples in two rooms", lambda: three(room="R-2"), ["breached"]),
    ("the other couple has a monitor of its own", lambda: three(monitor=MD1), ["met"]),
    ("the other couple is somewhere else", lambda: three(place=f"{PLACE[:-1]}9"), ["met"]),
    (
        "somebody of the other couple had too much",
        lambda: both().besides(monitor=MD1).takes("a", "10:10", "201", of=OTHER),
        ["breached"],
    ),
    (
        "the same in a room that is named, and ours is not",
        lambda: both().besides(room="R-2", monitor=MD1).takes("a", "10:10", "201", of=OTHER),
        ["breached"],
    ),
    (
        "the same in another room",
        lambda: (
            Crowded()
            .begun(room="R-1")
            .besides(room="R-2", monitor=MD1)
            .takes("a", "10:00")
            .takes("b", "10:02")
            .takes("a", "10:10", "201", of=OTHER)
        ),
        ["met"],
    ),
    (
        "the third comes as the first goes",
        lambda: both().besides().goes("a", "10:10").takes("a", "10:10", of=OTHER),
        ["met"],
    ),
    ("the third comes a minute earlier", lambda: three().goes("a", "10:11", of=OTHER), ["breached"]),
    (
        "the session is closed meanwhile",
        lambda: both().closes("10:10").besides().takes("a", "10:10", of=OTHER),
        ["met"],
    ),
    (
        "by video only",
        lambda: Crowded().opens().assigns("09:30", near=False).gives("a", "10:00").gives("b", "10:00"),
        [],
    ),
    ("a second monitor helps", lambda: helped(both("30", **NEEDLE)), ["breached", "not-applicable"]),
    ("a group whose table allows three", lambda: grouped("100"), ["met"]),
    ("a group in which somebody had more", lambda: grouped("99"), ["breached"]),
    ("the table and no group", lambda: grouped("100", joined=False), ["breached"]),
    ("a group in which somebody is injected", lambda: grouped("100", "30", **NEEDLE), ["breached"]),
]


@pytest.mark.parametrize(("name", "story", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], expected: list[str]) -> None:
    assert sorted(f.verdict for f in story().findings("SUP-03")) == expected, name


def test_the_finding_says_who_how_many_and_from_when_to_when() -> None:
    day = both("30", **NEEDLE).leaves_alone("10:41", "a")
    (found,) = day.findings("SUP-03")

    assert (found.verdict, found.severity, found.slot, found.staff, found.credential) == (
        "breached",
        "M",
        "",
        RN1,
        None,
    )
    assert found.sentence == f"{RN1} watched 2 dosed persons at once from 10:02 to 10:41, 39 min; at most 1 is allowed."
    assert (local(found.limit), local(found.made_at), found.outstanding) == ("10:02", "10:41", False)
    assigned, first, second, broke = (day.placed.index(each) for each in day.placed[-4:])
    assert found.evidence == (assigned, first, second, broke)


def test_while_it_lasts_it_can_still_be_ended() -> None:
    (found,) = three().findings("SUP-03", as_of="11:00")

    assert (found.made_at, found.outstanding) == (None, True)
    assert "watched 3 dosed persons at once since 10:10; at most 2 are allowed" in found.sentence


def test_of_two_couples_there_is_one_finding_where_it_began_and_it_says_only_how_many_they_are() -> None:
    day = both().besides().takes("a", "10:10", of=OTHER).goes("a", "11:00")
    (ours,), (theirs,) = day.of(SESSION), day.of(OTHER)

    assert (ours.verdict, ours.causes) == ("not-applicable", ("counted-elsewhere",))
    assert (theirs.verdict, local(theirs.limit), local(theirs.made_at)) == ("breached", "10:10", "11:00")
    streams = {day.placed[position].stream.removesuffix("/a").removesuffix("/b") for position in theirs.evidence}
    assert streams == {OTHER}
    assert "100" not in theirs.sentence and SESSION not in theirs.sentence


def test_two_stretches_are_two_findings() -> None:
    day = both("30", **NEEDLE).leaves_alone("10:20", "a").is_back("10:30", "a").goes("a", "10:40")
    found = [f for f in day.findings("SUP-03") if f.verdict == "breached"]

    assert [(local(f.limit), local(f.made_at)) for f in found] == [("10:02", "10:20"), ("10:30", "10:40")]
    assert len({f.identity for f in found}) == 2


def test_the_identity_survives_a_corrected_time() -> None:
    day = both("30", **NEEDLE)
    (before,) = day.findings("SUP-03")
    second = day.placed[-1].payload.occurred.at
    day.corrects("12:00", ("occurred.at", second, instant("10:01"))).signs("12:05")
    (after,) = day.findings("SUP-03")

    assert (local(before.limit), local(after.limit)) == ("10:02", "10:01")
    assert before.identity == after.identity


def test_a_voided_dose_counts_no_longer_now_and_did_then() -> None:
    day = both().besides().takes("a", "10:10", of=OTHER)
    known = len(day.placed)
    day.voids("12:00").signs("12:05")

    assert [f.verdict for f in day.of(SESSION)] == ["met"]
    ledger = LedgerAt(day.known(), size=known, as_of=to_second(instant("18:00")))
    assert [f.verdict for f in judge(ledger.session(SESSION), (sup_03,))] == ["not-applicable"]
    assert [f.verdict for f in judge(ledger.session(OTHER), (sup_03,))] == ["breached"]


def test_a_session_that_is_closed_later_was_open_then() -> None:
    """What the index keeps of a closed session does not reach back before its closing was known."""
    day = both().besides()
    ended = blank("session-closed/1") | {"stock_balanced": True, "ended_a": "departed", "ended_b": "departed"}
    known = len(day.placed) + 1
    day.takes("a", "17 10:00", of=OTHER)
    day.put(make("session-closed/1", **ended), SESSION, "18:00", recorded="17 12:00")
    ledger = LedgerAt(day.known(), size=known, as_of=to_second(instant("17 11:00")))

    assert [f.verdict for f in judge(ledger.session(OTHER), (sup_03,))] == ["breached"]
    assert [f.verdict for f in day.of(OTHER, as_of="17 11:00")] == ["not-applicable"]


@pytest.mark.parametrize(("able", "until"), [(False, "11:02"), (True, "10:05")])
def test_a_therapist_helps_only_with_training_as_a_monitor(able: bool, until: str) -> None:
    """Without it the monitor has both until 60 min after the last dose."""
    day = helped(both("30", **NEEDLE), role="therapist")
    found = (trained(day) if able else day).findings("SUP-03")

    assert [local(f.made_at) for f in found if f.verdict == "breached"] == [until]


def asked(day: Crowded, monitor: str = MD1, session: str = SESSION, at: str = "11:00") -> list[Objection]:
    """What this rule has against somebody who begins to watch A and B."""
    event = make("monitor-assigned/1", covers=["a", "b"], in_person=True, monitor=monitor)
    found = day.objections(event, session, at, who=[(monitor, "received", "nurse")])
    return [each for each in found if each.rule == "SUP-03"]


def test_whoever_would_have_too_many_is_not_assigned_unless_the_director_says_so() -> None:
    day = both().besides(monitor=MD1).takes("a", "10:10", of=OTHER).leaves_alone("10:50")
    (objection,) = asked(day)

    assert (objection.staff, objection.override) == (MD1, "medical-director")
    assert "3 dosed persons at once since 11:00; at most 2 are allowed" in objection.message
    assert set(objection.evidence) <= set(range(len(day.placed)))
    assert objection.evidence
    fields = {"credential": None, "reason": "MD2 is on the way", "rule": "SUP-03", "staff": MD1}
    day.put(make("authorisation-overridden/1", **fields), SESSION, "10:54", who=[(MD1, "authorised", "prescriber")])
    assert len(asked(day)) == 1, "a prescriber may not"
    day.put(
        make("authorisation-overridden/1", **fields), SESSION, "10:55", who=[(MD1, "authorised", "medical-director")]
    )
    assert asked(day) == []


def test_whoever_has_room_is_assigned_and_so_is_one_who_comes_to_help() -> None:
    assert asked(both().leaves_alone("10:50")) == []
    assert asked(three()) == []


def test_a_group_is_judged_by_the_protocol_it_was_planned_under() -> None:
    """Three by the protocol of the group, where the sessions' own allows two."""
    day = Crowded().begun().besides()
    published = make(
        "protocol-published/2",
        effective="2026-05-01",
        name="KAP-GROUP",
        parameters={"choices": {"group_ratios": [{"persons": 3, "up_to_mg": "100"}]}},
        rule_set="rules-1",
        version="v1",
    )
    day.put(published, f"{PROTOCOL[:-1]}9", "2 09:00")
    named = {"dig": day.placed[-1].dig, "id": day.placed[-1].payload.id}
    formed = blank("retreat-group-formed/1") | {
        "couples_at_most": 2,
        "group": "G-1",
        "planned_from": instant("09:00"),
        "planned_to": instant("18:00"),
        "protocol": named,
        "room": "HALL",
    }
    day.put(make("retreat-group-formed/1", **formed), PLACE, "2 10:00")
    plan = {"dig": day.placed[-1].dig, "id": day.placed[-1].payload.id}
    for session in (SESSION, OTHER):
        day.put(make("session-joined-group/1", formed=plan, group="G-1", room="HALL"), session, "09:40")
    day.takes("a", "10:00", of=OTHER).takes("a", "10:05").takes("b", "10:10")

    assert [f.verdict for f in day.findings("SUP-03")] == ["met"]


@pytest.mark.parametrize(
    ("watchers", "most", "held"),
    [
        ({1: "MN", 2: "M", 3: "M"}, {"M": 2, "N": 1}, {"M": 2, "N": 1}),
        ({1: "MN", 2: "MN", 3: "M", 4: "N"}, {"M": 2, "N": 2}, {"M": 2, "N": 2}),
        ({1: "MN", 2: "NO", 3: "M", 4: "N"}, {"M": 1, "N": 1, "O": 1}, {"M": 2, "N": 1, "O": 1}),
        ({1: "M", 2: "M", 3: "M"}, {"M": 2}, {"M": 3}),
    ],
)
def test_somebody_whom_two_watch_counts_where_it_helps(
    watchers: dict[int, str], most: dict[str, int], held: dict[str, int]
) -> None:
    shared = shared_out({(f"session/{number}", "a"): list(names) for number, names in watchers.items()}, most)

    assert {monitor: len(persons) for monitor, persons in shared.items()} == held
