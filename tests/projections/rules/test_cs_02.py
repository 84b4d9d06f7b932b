"""CS-02: what is drawn up is given or wasted, and a witness stands by when it is wasted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from projections.compliance.known import Fact
from projections.compliance.moments import to_second
from projections.compliance.objecting import asked_before
from tests.ledger.clinic import MD1, PT1, RN1, SESSION, SLOT_A, make
from tests.projections.rules.day import Day, instant, local
from tests.projections.rules.standing import VIAL, credential, received, reference
from tests.projections.rules.stock_words import PERFORMED, WITNESSED, drawn, mass, no_longer_kept, wasted
from tests.projections.rules.test_rel_10 import closing

LATER = (PERFORMED,)


def ready(**figures: Any) -> Day:
    """35 mg were drawn up for A, 30 given; MD1 and RN1 hold a licence, PT1 one as a psychotherapist."""
    day = received(Day().opens(**figures))
    credential(credential(day, MD1, "licence", profession="md"), RN1, "licence", profession="rn")
    credential(day, PT1, "licence", profession="psychotherapist")
    return drawn(day, "a", "10:00", "L-A", "35").gives("a", "10:02", "30", container=VIAL, label="L-A")


def alone(**figures: Any) -> Day:
    """The rest was wasted at 10:12, and nobody has signed as the witness yet."""
    return wasted(ready(**figures), "10:12", "5", "L-A", who=LATER)


def signed(at: str, by: str = MD1, role: str = "prescriber", **figures: Any) -> Day:
    return alone(**figures).signs(at, by=by, gives="witnessed", role=role)


def in_no_session(witness: bool = True, *, protocol: bool = True) -> Day:
    day = received(Day().opens(protocol=protocol))
    credential(day, MD1, "licence", profession="md")
    return wasted(day, "10:12", "5", session=None, who=(PERFORMED, WITNESSED) if witness else LATER)


def part(taken: str) -> Day:
    """Of the 30 mg only so much went in."""
    day = ready()
    fields = {"dose": reference(day), "estimated": False, "mass_taken": mass(taken), "reason": None}
    event = make("dose-partially-taken/1", **fields, units_taken=None, volume_taken=None)
    return day.put(event, SLOT_A, "10:03")


Told = list[tuple[str, ...]]
STORIES: list[tuple[str, Callable[[], Day], str, Told]] = [
    ("nothing drawn, nothing wasted", lambda: Day().opens().gives("a", "10:00"), "18:00", [("not-applicable",)]),
    ("a remainder while the session is open", ready, "18:00", [("pending",)]),
    ("a remainder at the closing", lambda: ready().closes("13:00"), "18:00", [("breached", "left-over")]),
    ("wasted before a witness", lambda: wasted(ready(), "10:12", "5", "L-A").closes("13:00"), "18:00",
     [("met",), ("met",)]),
    ("wasted after the closing", lambda: wasted(ready().closes("13:00"), "13:05", "5", "L-A"), "18:00",
     [("breached", "left-over"), ("met",)]),
    ("wasted in the minute of the closing", lambda: wasted(ready().closes("13:00"), "13:00", "5", "L-A"), "18:00",
     [("met",), ("met",)]),
    ("a waste that names another label", lambda: wasted(ready(), "10:12", "5", "L-B").closes("13:00"), "18:00",
     [("breached", "left-over"), ("met",)]),
    ("too much is wasted", lambda: wasted(ready(), "10:12", "5.001", "L-A").closes("13:00"), "18:00",
     [("breached", "more-than-drawn"), ("met",)]),
    ("the waste names the dose", lambda: wasted(ready(), "10:12", "5", dose=reference(ready())).closes("13:00"),
     "18:00", [("met",), ("met",)]),
    ("a dose taken in part leaves more", lambda: wasted(part("20"), "10:12", "5", "L-A").closes("13:00"), "18:00",
     [("breached", "left-over"), ("met",)]),
    ("a dose taken in part, all wasted", lambda: wasted(part("20"), "10:12", "15", "L-A").closes("13:00"), "18:00",
     [("met",), ("met",)]),
    ("no witness yet", alone, "10:42", [("met",), ("pending",)]),
    ("no witness after 30 min", alone, "10:42:01", [("met",), ("breached", "no-witness")]),
    ("a witness after 30 min", lambda: signed("10:42"), "18:00", [("met",), ("met",)]),
    ("a witness after 31 min", lambda: signed("10:43"), "18:00", [("met",), ("breached", "late")]),
    ("another figure of the protocol", lambda: signed("10:43", substance={"waste_witness_min": 31}), "18:00",
     [("met",), ("met",)]),
    ("a therapist is no witness", lambda: signed("10:20", PT1, "therapist"), "18:00",
     [("met",), ("breached", "wrong-licence")]),
    ("where the protocol takes one", lambda: signed("10:20", PT1, "therapist",
     choices={"waste_witness": ["psychotherapist"]}), "18:00", [("met",), ("met",)]),
    ("who did it is no witness", lambda: wasted(ready(), "10:12", "5", "L-A", who=(PERFORMED, (RN1, "witnessed",
     "nurse"))), "18:00", [("met",), ("breached", "same-person")]),
    ("a participant is no witness", lambda: wasted(ready(), "10:12", "5", "L-A", who=(PERFORMED, (SLOT_A, "witnessed",
     "participant"))), "18:00", [("met",), ("breached", "participant")]),
    ("closed before the witness signed", lambda: alone().closes("10:20").signs("10:30", of=-2, gives="witnessed"),
     "18:00", [("met",), ("breached", "late")]),
    ("what was wasted is no longer kept", lambda: no_longer_kept(wasted(ready(), "10:12", "5", "L-A").closes("13:00")),
     "18:00", [("cannot-judge", "expired")]),
    ("in no session, with a witness", in_no_session, "18:00", [("not-applicable",), ("met",)]),
    ("in no session, without one", lambda: in_no_session(witness=False), "18:00",
     [("not-applicable",), ("breached", "no-witness")]),
    ("in no session, and no protocol", lambda: in_no_session(protocol=False), "18:00",
     [("not-applicable",), ("not-applicable",), ("cannot-judge", "no-protocol")]),
]  # fmt: skip


def told(day: Day, as_of: str = "18:00", **asked: Any) -> Told:
    return [(each.verdict, *each.causes) for each in day.findings("CS-02", as_of=as_of, **asked)]


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: Told) -> None:
    assert told(story(), as_of) == expected, name


def test_the_finding_is_of_the_partner_whose_dose_it_is_left_over_from() -> None:
    remainder, waste = signed("10:43").closes("13:00").findings("CS-02")

    assert (remainder.slot, remainder.sentence) == (
        "a",
        "A: 35 mg of L-A drawn up, 30 mg given, 5 mg wasted at the closing at 13:00.",
    )
    assert (waste.slot, waste.subject, waste.severity) == ("a", SLOT_A, "M")
    assert waste.sentence == (
        "A: 5 mg of L-A wasted Sat 16 May 10:12, the witness signed after 31 min; at the latest at 10:42, "
        "30 min are allowed."
    )
    assert (local(waste.due), local(waste.limit), local(waste.made_at)) == ("10:12", "10:42", "10:43")


def test_of_a_waste_without_a_label_nobody_is_named() -> None:
    (_, waste) = wasted(ready(), "10:12", "5", who=LATER).findings("CS-02")

    assert (waste.slot, waste.subject) == ("", SESSION)


def test_in_no_session_it_is_about_the_container() -> None:
    _, waste = in_no_session(witness=False).findings("CS-02")

    assert (waste.about, waste.session, waste.protocol) == (VIAL, "", 1)


def test_what_was_signed_too_late_was_missing_then() -> None:
    day = signed("10:30")
    then = len(day.placed) - 1

    assert told(day, "12:00") == [("met",), ("met",)]
    assert told(day, "10:20", known_at=then) == [("met",), ("pending",)]


def test_a_waste_that_is_voided_leaves_the_remainder() -> None:
    day = wasted(ready(), "10:12", "5", "L-A")
    day.voids("10:50").signs("10:55").closes("13:00")

    assert told(day) == [("breached", "left-over")]


def test_a_waste_corrected_to_no_session_is_judged_as_one_of_none() -> None:
    day = alone().corrects("11:00", ("session", SESSION, None))

    assert told(day) == [("met",), ("breached", "no-witness")]
    assert [each.about for each in day.findings("CS-02")] == ["", VIAL]
    assert local(day.findings("CS-02")[1].limit) == "10:42"


def test_instants_are_those_of_the_ledger() -> None:
    assert alone().findings("CS-02")[1].limit == instant("10:42")


# -- before a closing


def against_closing(day: Day) -> list[tuple[str | None, str | None]]:
    """Of each objection of this rule whose it is, and who may override."""
    found = day.objections(closing(), SESSION, "13:30", who=((RN1, "reviewed", "nurse"),))
    return [(each.slot, each.override) for each in found if each.rule == "CS-02"]


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("a remainder", ready, [("a", "medical-director")]),
        ("a waste without a witness", alone, [("a", "medical-director")]),
        ("a witness who is none", lambda: signed("10:20", PT1, "therapist"), [("a", "medical-director")]),
        ("a witness in time", lambda: signed("10:20"), []),
        ("a late witness opens the gate", lambda: signed("11:30"), []),
        ("nothing drawn", lambda: Day().opens().gives("a", "10:00"), []),
    ],
)
def test_before_a_closing(name: str, day: Callable[[], Day], expected: list[tuple[str | None, str | None]]) -> None:
    assert against_closing(day()) == expected, name


def test_a_late_witness_opens_the_gate_and_the_finding_stays() -> None:
    day = signed("11:30")

    assert against_closing(day) == []
    assert told(day.closes("13:30")) == [("met",), ("breached", "late")]


def test_what_the_director_permitted_is_a_declared_finding() -> None:
    day = ready()
    event = make("rule-overridden-for-partner/1", evidence=[], permits="closing", reason="Looked for.", rule="CS-02")
    day.put(event, SLOT_A, "13:20", who=((MD1, "authorised", "medical-director"),))

    assert against_closing(day) == []
    (found,) = day.closes("13:30").findings("CS-02")
    assert (found.verdict, day.placed[found.declared_by or 0].event.type) == (
        "breached",
        "rule-overridden-for-partner/1",
    )


def test_a_waste_that_is_recorded_together_with_the_closing_counts() -> None:
    day = wasted(ready(), "13:20", "5", "L-A").put(closing(), SESSION, "13:30", who=((RN1, "reviewed", "nurse"),))
    waste, proposed = (Fact.of(each) for each in day.placed[-2:])
    before = ready().known()
    found = asked_before(before, proposed, to_second(instant("13:30")), beside=[waste])

    assert [each.rule for each in found if each.rule == "CS-02"] == []
