"""The view of tasks: whatever waits for somebody, each with its last moment and the signed events it rests on."""

from __future__ import annotations

from typing import Any

from projections.questions.answer import Found
from tests.ledger.clinic import ANA, MD1, PLACE, RN1, SESSION, blank, make
from tests.projections.questions.test_staff_credentials import nurse, registered
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.records_words import desk
from tests.projections.rules.standing import VIAL, received
from tests.projections.rules.stock_words import counted as count

VIEW = "my-tasks"


def of(found: Found, what: str, *names: str) -> list[tuple[Any, ...]]:
    """The tasks of one kind, in these columns."""
    return [each[1:] for each in told(found, "what", *names) if each[0] == what]


def test_a_request_is_a_task_until_it_is_answered_with_its_last_day() -> None:
    days = {"access_request_days": 10, "amendment_request_days": 12, "erasure_request_months": 0}
    day = desk(choices=days).asks_for("access-request-received", "17 12:00").asks_for("amendment-requested", "18 12:00")

    waiting = asked(day, VIEW, as_of="20 12:00")
    assert [each.values["limit"] for each in waiting.rows if each.values["what"] == "REC-12"] == [
        "2026-05-28T03:59:59.000000Z",
        "2026-05-31T03:59:59.000000Z",
    ]
    assert {each.values["about"] for each in waiting.rows if each.values["what"] == "REC-12"} == {ANA}
    day.answers("amendment-accepted", "20 13:00")
    assert len(of(asked(day, VIEW, as_of="20 14:00"), "REC-12", "limit")) == 1


def test_what_is_not_for_who_asks_is_no_task_of_theirs_and_is_not_counted() -> None:
    day = desk(choices={"access_request_days": 10}).asks_for("access-request-received", "17 12:00")
    whole, less = (asked(day, VIEW, as_of="20 12:00", unread=unread) for unread in ((), ("REC-12",)))

    assert (len(of(whole, "REC-12", "words")), len(of(less, "REC-12", "words"))) == (1, 0)
    assert int(str(counted(whole, "count"))) == int(str(counted(less, "count"))) + 1


def test_a_count_is_a_task_before_it_is_late_and_its_second_counter_until_they_sign() -> None:
    day = Day().opens()
    count(day, "2 09:59", kind="initial")
    received(day, "2 10:00")
    count(day, "3 18:00", "500", who=((RN1, "performed", "nurse"),))

    found = asked(day, VIEW, as_of="4 12:00")

    assert of(found, "CS-03", "about", "limit")
    assert of(found, "signature", "about", "since") == [(PLACE, "18:00"), (VIAL, "10:00")]
    assert not of(asked(day, VIEW, as_of="4 12:00", session=SESSION), "CS-03", "about")


def test_a_credential_that_runs_out_soon_is_a_task_of_whose_it_is() -> None:
    day = registered(registered(nurse("bls", expires="2026-05-20")), MD1, "MD1")

    mine = of(asked(day, VIEW, staff=RN1), "credential", "staff", "words", "limit")

    assert mine == [("RN1", "bls runs out: 4 days left.", "19:59:59")]  # its last day, by the day in UTC
    assert not of(asked(day, VIEW, staff=MD1), "credential", "words")
    assert not of(asked(nurse("bls", expires="2026-07-20"), VIEW), "credential", "words")


def test_findings_wait_for_an_acknowledgement_and_then_for_what_was_decided() -> None:
    day = registered(Day().opens().gives("a", "10:00"))
    found = asked(day, VIEW, as_of="12:00")
    waiting = of(found, "acknowledgement", "session", "words")
    assert [session for session, _ in waiting] == [SESSION] and "SUP-05" in waiting[0][1]
    assert not of(asked(day, VIEW, as_of="12:00", staff=RN1), "acknowledgement", "words")

    sup_05 = [each for each in day.findings("SUP-05", as_of="12:00") if each.verdict == "breached"]
    for each in sup_05:
        fields = blank("finding-dispositioned/2") | {
            "action": "Two nurses on this shift.",
            "due": "2026-06-01",
            "evidence": [],
            "finding": each.identity,
            "outcome": "corrected",
            "rule": each.rule,
            "rule_version": each.version,
        }
        day.put(
            make("finding-dispositioned/2", **fields),
            SESSION.replace("session/", "governance/"),
            "12:30",
            who=((MD1, "reviewed", "medical-director"),),
        )
    after = asked(day, VIEW, as_of="13:00")
    assert {words for (words,) in of(after, "action", "words")} == {"SUP-05: Two nurses on this shift."}
    assert "SUP-05" not in str(of(after, "acknowledgement", "words"))
