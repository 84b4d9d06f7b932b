"""The view of staff: what each holds, how it stands on the day at a place, and what it lets them do."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.errors import Refused
from ledger.events.staff import TrainingCompleted
from tests.ledger.clinic import MD1, PLACE, RN1, blank, make
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.standing import unreadable
from tests.projections.rules.test_sup_02 import Duty, event

VIEW = "staff-credentials"
HELD = ("held", "standing", "expires", "days_left")


def nurse(*credentials: str, **changes: Any) -> Duty:
    """A nurse who is licensed, and holds these."""
    day = Duty()
    day.opens()
    return day.licensed().holds(*credentials, **changes)


def registered(day: Day, who: str = RN1, code: str = "RN1") -> Day:
    """Somebody is registered."""
    return day.put(make("staff-registered/1", agreement=None, code=code, name="Somebody"), who, "1 06:00")


def renewed(day: Duty, of: int, **changes: Any) -> Duty:
    """The grant at this place is renewed."""
    fields = {
        "effective": "2027-01-01",
        "expires": "2027-12-31",
        "granted": day.dig(of),
        "issuer": "I",
        "states": ["NY"],
    } | changes
    return day.says(event("credential-renewed/1", **fields), at="15:00")


def test_each_credential_is_a_row_with_its_days_and_how_many_are_left() -> None:
    day = nurse("bls", expires="2026-05-20")
    registered(day)
    found = asked(day, VIEW, location=PLACE)

    assert told(found, "staff", *HELD) == [
        ("RN1", "licence", "valid", "2026-12-31", 229),
        ("RN1", "bls", "valid", "2026-05-20", 4),
    ]
    assert told(found, "profession", "states", "places") == [("rn", "NY", "all"), (None, "NY", "all")]
    assert (counted(found, "not_valid"), counted(found, "soon"), counted(found, "without")) == (0, 1, 0)


@pytest.mark.parametrize(
    ("days", "standing", "left"),
    [
        ({"expires": "2026-05-16"}, "valid", 0),
        ({"expires": "2026-05-15"}, "expired", None),
        ({"effective": "2026-05-16"}, "valid", 229),
        ({"effective": "2026-05-17"}, "not-yet", None),
        ({"states": ["CO"]}, "other-place", None),
    ],
)
def test_both_ends_are_valid_days_and_the_state_has_to_be_named(
    days: dict[str, Any], standing: str, left: int | None
) -> None:
    found = asked(nurse("bls", **days), VIEW, location=PLACE)

    assert told(found, "standing", "days_left")[1] == (standing, left)


def test_it_is_the_local_day_that_counts() -> None:
    day = nurse("bls", expires="2026-05-16")

    assert told(asked(day, VIEW, as_of="23:59", location=PLACE), "standing")[1] == ("valid",)
    assert told(asked(day, VIEW, as_of="17 00:00", location=PLACE), "standing")[1] == ("expired",)


def test_a_renewal_goes_on_in_the_same_row_and_shows_the_term_that_counts() -> None:
    day = nurse("bls", expires="2026-05-15")
    renewed(day, -1, effective="2026-05-16")
    found = asked(day, VIEW, location=PLACE)

    assert told(found, *HELD)[1:] == [("bls", "valid", "2027-12-31", 594)]


def test_two_licences_of_two_states_are_two_rows() -> None:
    day = nurse().licensed(states=["CO"])

    assert told(asked(day, VIEW, location=PLACE), "states", "standing") == [("NY", "valid"), ("CO", "other-place")]
    assert told(asked(day, VIEW), "states", "standing") == [("NY", "valid"), ("CO", "valid")]


def test_what_was_suspended_revoked_or_given_back_stands_so() -> None:
    day = nurse("bls", "acls")
    granted = day.dig(-1)
    day.says(event("credential-suspended/1", "bls", effective="2026-05-10", imposed_by="issuer", states=[]))
    suspended = day.dig()
    day.says(
        event("credential-revoked/1", "acls", effective="2026-05-16", granted=granted, imposed_by="issuer", states=[])
    )

    assert told(asked(day, VIEW, location=PLACE), "held", "standing") == [
        ("licence", "valid"),
        ("bls", "suspended"),
        ("acls", "revoked"),
    ]
    day.says(make("credential-reinstated/1", **(blank("credential-reinstated/1") | {
        "conditions": [], "credential": "bls", "effective": "2026-05-12", "suspended": suspended,
    })))  # fmt: skip
    assert told(asked(day, VIEW, location=PLACE), "standing")[1] == ("valid",)


def test_the_roles_are_those_whose_credentials_all_stand_at_the_place() -> None:
    whole = nurse("bls", "kap")

    assert told(asked(whole, VIEW, location=PLACE), "attends_as")[0] == ("nurse",)
    assert told(asked(nurse("bls"), VIEW, location=PLACE), "attends_as")[0] == (None,)
    assert told(asked(whole, VIEW), "attends_as")[0] == (None,), "no place was asked for"


def test_trainings_delegations_and_the_agreement_stand_beside() -> None:
    day = nurse()
    training = blank("training-completed/1") | {"completed": "2026-01-10", "subject": "monitor", "title": "Watching"}
    day.says(make("training-completed/1", **(training | {"passed": True, "repeat_by": "2026-05-15"})))
    day.says(make("release-delegated/1", document=None, effective="2026-05-01", expires=None, locations=[PLACE]))
    delegated = day.dig()
    day.says(make("signature-agreement-signed/1", text="a" * 64, version="v1"))
    found = asked(day, VIEW, location=PLACE)

    assert told(found, "kind", "held", "standing")[1:] == [
        ("training", "monitor: Watching", "expired"),
        ("delegation", "may release", "valid"),
        ("agreement", "signature agreement v1", "signed"),
    ]
    day.says(make("release-delegation-ended/1", delegated=delegated, ended="2026-05-16"))
    assert told(asked(day, VIEW, location=PLACE), "standing")[2] == ("ended",)
    lost = unreadable(day, TrainingCompleted, "sensitive")
    assert told(asked(lost, VIEW, location=PLACE), "standing")[1] == ("withheld",)


def test_one_member_of_staff_is_chosen_by_code() -> None:
    day = registered(registered(nurse(), MD1, "MD1"))

    assert {each.values["staff"] for each in asked(day, VIEW, staff="RN1").rows} == {"RN1"}
    assert {each.values["staff"] for each in asked(day, VIEW).rows} == {"MD1", "RN1"}
    with pytest.raises(Refused, match="no staff RN9"):
        asked(day, VIEW, staff="RN9")


def test_somebody_without_any_is_a_row_of_their_own() -> None:
    found = asked(registered(nurse(), MD1, "MD1"), VIEW, location=PLACE)

    assert told(found, "staff", "kind", "held")[0] == ("MD1", "nothing", "no credential")
    assert counted(found, "without") == 1


def test_what_was_recorded_later_is_known_now_and_was_not_then() -> None:
    day = nurse("bls", expires="2026-05-15")
    size = len(day.placed)
    renewed(day, -1, effective="2026-05-16")

    assert told(asked(day, VIEW, location=PLACE), "standing")[1] == ("valid",)
    assert told(asked(day, VIEW, location=PLACE, known_at=size), "standing")[1] == ("expired",)
