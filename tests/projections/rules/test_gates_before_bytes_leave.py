"""The gates before a copy leaves and before a disclosure of one: what keeps it back, and that facts pass."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.errors import Objection
from tests.ledger.clinic import ANA, SESSION, SLOT_A, SLOT_B
from tests.projections.rules.records_words import ACCESS, OFFICER, SERVICE, Desk, desk

BOTH: dict[str, Any] = {"partner_left_out": False}
OURS = "9" * 64
"""The hash of the copy that the words of these stories make."""


def mixed_up() -> tuple[Desk, int]:
    """A dose of B's stands on A's record, was put right and has its second person; and where it stands."""
    day = desk().mistakes("10:00")
    dose = len(day.placed) - 1
    day.puts_right("12:00", dose).confirms("12:05")
    return day, dose


def leaving(day: Desk, *records: str, **changes: Any) -> list[Objection]:
    """What the rules have against a copy of these records, composed of the first `size` entries."""
    of = Desk()
    of.placed = list(day.placed)
    event = of.copies("13:00", *records, size=changes.pop("size", len(day.placed)), one=changes.pop("one", True))
    asked = event.placed[-1].event.model_copy(update={"staff": OFFICER} | changes)
    return day.objections(asked, ACCESS, "13:00", who=[(SERVICE, "observed", "service")])


def showing(day: Desk, at: str = "13:00", **changes: Any) -> list[Objection]:
    """What they have against a disclosure of A's record."""
    of = Desk()
    of.placed = list(day.placed)
    shown = of.discloses(at, **changes).placed[-1].event
    return day.objections(shown, ANA, at, who=[(OFFICER, "performed", "privacy-officer")])


def rules(objections: list[Objection]) -> list[str]:
    return [each.rule for each in objections]


# -- copies


def test_a_copy_of_one_partners_own_record_leaves() -> None:
    assert leaving(desk(), SLOT_A) == []


def test_a_copy_for_one_with_the_records_of_both_is_kept_back_and_nobody_may_let_it_out() -> None:
    (found,) = leaving(desk(), SLOT_A, SLOT_B)

    assert (found.rule, found.version, found.override) == ("REC-11", "1", None)
    assert found.message.endswith(": it holds the records of both partners.")


def test_a_copy_of_both_is_nobodys_own_record_whatever_it_says_of_the_partner() -> None:
    session = (SESSION, SLOT_A, SLOT_B)

    assert leaving(desk(), *session, one=False, purpose="audit") == []
    assert rules(leaving(desk(), *session, one=False, purpose="own-record")) == ["REC-11"]


def test_what_is_put_right_while_a_copy_is_made_keeps_it_back_and_names_the_entry() -> None:
    day, dose = mixed_up()
    before = len(day.placed) - 1

    (found,) = leaving(day, SLOT_A, size=before)
    assert found.rule == "REC-11"
    assert dose in found.evidence
    assert found.message.endswith(f"this was the partner's, as is known now: {dose}.")
    assert leaving(day, SLOT_A) == [], "made after it was put right, it holds nothing but the place"
    assert leaving(day, SLOT_B, size=before) == [], "the partner's own copy"


def test_a_copy_names_who_takes_it_unless_it_is_the_persons_own() -> None:
    (found,) = leaving(desk(), SLOT_A, staff=None)

    assert (found.rule, found.message) == ("REC-14", "A copy does not say to whom it goes.")
    assert leaving(desk(), SLOT_A, staff=None, reader="own-person") == []


# -- disclosures


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        (BOTH, ["REC-11"]),
        ({"content": []}, ["REC-14"]),
        ({**BOTH, "content": []}, ["REC-11", "REC-14"]),
    ],
)
def test_a_disclosure_of_our_copy_waits_for_the_rules_and_one_made_outside_is_a_fact(
    changes: dict[str, Any], expected: list[str]
) -> None:
    day = desk().copies("11:00", SLOT_A)

    through_the_system = showing(day, export=OURS, **changes)
    assert rules(through_the_system) == expected
    assert all(each.override is None for each in through_the_system)
    for outside in (None, "7" * 64):
        assert showing(day, export=outside, **changes) == []
    day.discloses("13:00", **changes)
    found = [each for rule in ("REC-11", "REC-14") for each in day.findings(rule)]
    assert [each.rule for each in found if each.verdict == "breached"] == expected


@pytest.mark.parametrize(("until", "expected"), [("2026-05-16", []), ("2026-05-15", ["REC-11"])])
def test_the_partners_leave_for_this_recipient_opens_it_to_the_end_of_its_last_local_day(
    until: str, expected: list[str]
) -> None:
    day = desk().asks_for("access-request-received", "09:30").allows("10:00", until=until).copies("11:00", SLOT_A)

    assert rules(showing(day, at="23:30", export=OURS, **BOTH)) == expected


def test_what_the_copy_holds_counts_and_not_what_is_said_of_it() -> None:
    whole = desk().copies("11:00", SESSION, SLOT_A, SLOT_B, one=False)

    (found,) = showing(whole, export=OURS)
    assert found.rule == "REC-11"
    assert len(whole.placed) - 1 in found.evidence, "where the copy stands"
    assert found.message.endswith(
        "the copy that was shown holds the partner's own record, and the partner had not allowed it."
    )


def test_a_copy_made_before_something_was_put_right_is_not_shown_and_one_made_after_is() -> None:
    day = desk().mistakes("10:00")
    dose = len(day.placed) - 1
    day.copies("11:00", SLOT_A).puts_right("12:00", dose).confirms("12:05")
    assert rules(showing(day, export=OURS)) == ["REC-11"]

    late, _ = mixed_up()
    assert showing(late.copies("12:30", SLOT_A), export=OURS) == []
