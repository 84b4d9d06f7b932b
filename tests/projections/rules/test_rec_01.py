"""REC-01: late is labelled, a day late wants a reason and a review, and the future is kept and flagged."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.payload import DeviceLink
from projections.compliance.finding import Finding
from tests.ledger.chart import reference
from tests.ledger.clinic import MD1, RN1, SESSION, SLOT_A, blank, check, make
from tests.projections.rules.day import DRIVER, TABLET, Day
from tests.projections.rules.leaving import assessed
from tests.projections.rules.standing import verdicts


def opened() -> Day:
    return Day().opens()


def dosed(recorded: str) -> Day:
    return opened().gives("a", "10:00", recorded=recorded)


def checked(recorded: str) -> Day:
    return opened().looks_at("a", "10:00", recorded=recorded)


def ahead(by: float, at: str, recorded: str = "") -> Day:
    """A check at this time of a tablet whose clock is so many seconds ahead, received at 10:00."""
    link = DeviceLink(id=TABLET, prev=None, seq=1)
    day = Day().enrols().opens().hears("10:00", 1, 1, by)
    return day.put(check(), SLOT_A, at, recorded=recorded, received="10:00", device=link, precision="s")


def declared(day: Day, at: str = "17 11:00", of: int = -1, by: str = RN1) -> Day:
    """Somebody says what the late entry was taken from."""
    fields = blank("late-entry-declared/1") | {"source": "recollection", "target": reference(day.placed[of])}
    return day.put(make("late-entry-declared/1", **fields), f"{SESSION}/a", at, who=((by, "performed", "nurse"),))


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("nothing of this person", opened, "not-applicable"),
    ("no figures", lambda: Day().opens(protocol=False).gives("a", "10:00"), "cannot-judge"),
    ("at once", lambda: dosed("10:00"), "met"),
    ("a dose 60 min later", lambda: dosed("11:00"), "met"),
    ("a dose a second more", lambda: dosed("11:00:01"), "breached"),
    ("a check 15 min later", lambda: checked("10:15"), "met"),
    ("a check a second more", lambda: checked("10:15:01"), "breached"),
    ("a discharge within its 15 min", lambda: assessed(opened(), "a", "12:55"), "met"),
    ("a clock 2 min ahead", lambda: ahead(0, "10:02"), "met"),
    ("a clock more ahead", lambda: ahead(0, "10:02:01"), "breached"),
    ("ahead by what its clock was wrong", lambda: ahead(3600, "11:02", "11:00"), "met"),
    ("ahead by a second more than that", lambda: ahead(3600, "11:02:01", "11:00"), "breached"),
    ("a day late, with reason and review", lambda: declared(dosed("17 10:01")).signs("17 12:00"), "met"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "REC-01", as_of="17 18:00") == [verdict], name


def one(day: Day) -> Finding:
    (finding,) = day.findings("REC-01", slot="a", as_of="17 18:00")
    return finding


def test_up_to_24_hours_it_is_minor_and_a_second_more_major() -> None:
    assert (one(dosed("17 10:00")).severity, one(dosed("17 10:00:01")).severity) == ("m", "M")


def test_a_major_one_is_closed_by_a_reason_and_a_review_and_by_neither_alone() -> None:
    late = dosed("17 10:01")
    identity = one(late).identity

    assert one(late).sentence.endswith("at most 1 h 00 are asked for; it has no reason and no review.")
    assert one(declared(dosed("17 10:01"))).verdict == "breached"
    assert one(dosed("17 10:01").signs("17 12:00")).verdict == "breached"
    closed = one(declared(dosed("17 10:01")).signs("17 12:00"))
    assert (closed.verdict, closed.identity) == ("met", identity)


def test_whoever_signed_the_entry_or_the_reason_is_no_reviewer() -> None:
    assert one(declared(dosed("17 10:01"), by=DRIVER).signs("17 12:00", by=RN1)).verdict == "breached"
    assert one(declared(dosed("17 10:01"), by=MD1).signs("17 12:00", by=MD1)).verdict == "breached"


def test_a_reason_labels_a_minor_one_and_does_not_take_it_away() -> None:
    finding = one(declared(dosed("11:01"), "11:05"))

    assert (finding.verdict, finding.severity, finding.causes) == ("breached", "m", ("late", "declared"))


def test_what_is_said_of_an_entry_is_exempt() -> None:
    day = opened().gives("a", "10:00").voids("10:05").signs("10:06")
    day.put(
        make(
            "late-entry-declared/1",
            **(blank("late-entry-declared/1") | {"source": "other", "target": reference(day.placed[-3])}),
        ),
        SLOT_A,
        "10:10",
        recorded="17 10:11",
    )

    assert verdicts(day, "REC-01", as_of="17 18:00") == ["not-applicable"]


def test_the_label_of_one_partner_is_not_the_others() -> None:
    day = dosed("11:01").gives("b", "11:00")

    assert (verdicts(day, "REC-01"), verdicts(day, "REC-01", "b")) == (["breached"], ["met"])


def test_a_line_typed_from_a_sheet_is_declared_late_and_lacks_a_review_alone() -> None:
    def typed(recorded: str) -> Day:
        return opened().gives("a", "10:00", recorded=recorded, who=((RN1, "transcribed", "registrar"),))

    assert one(typed("12:00")).causes == ("late", "declared")
    assert one(typed("12:00")).sentence.endswith("typed from a sheet.")
    assert one(typed("17 10:01")).sentence.endswith("it has no review.")
    assert one(typed("17 10:01").signs("17 12:00")).verdict == "met"
    assert one(typed("17 10:01").signs("17 12:00", by=RN1)).verdict == "breached", "who typed it is no reviewer"
