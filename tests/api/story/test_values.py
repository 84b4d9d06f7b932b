"""What a text means depends on the field that takes it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from api.story.reader import Raw
from api.story.values import Meaning
from ledger.events.arrival import NoDrivingAcknowledged, ParticipantCheckedIn, TransportPlanSigned
from ledger.events.authority import LocationRegistered, ProtocolPublished
from ledger.events.base import Event
from ledger.events.dosing import DoseAdministered
from ledger.events.eligibility import EvaluationCompleted, OrderSigned
from ledger.events.release import ParticipantDeparted, ReleaseAuthorised
from ledger.events.supervision import SupervisionChecked

NEW_YORK = ZoneInfo("America/New_York")
DAY = datetime(2026, 5, 16, 9, 40, tzinfo=NEW_YORK)
RELEASE = {"dig": "1" * 64, "id": "0190f2f0-0000-7000-8000-000000000000"}


@pytest.fixture
def meaning(tmp_path: Path) -> Meaning:
    (tmp_path / "no-driving.txt").write_text("I will not drive.\n", encoding="utf-8")
    known = Meaning({"own-A": "stock/1", "D1": "staff/1", "R-1": "location/1"}, NEW_YORK, tmp_path)
    known.labels["release-A"] = dict(RELEASE)
    return known


@pytest.mark.parametrize(
    ("kind", "field", "text", "value"),
    [
        (DoseAdministered, "container", "own-A", "stock/1"),
        (LocationRegistered, "code", "R-1", "R-1"),
        (DoseAdministered, "label", "own-A", "own-A"),
        (DoseAdministered, "mass", "0.5 mg", {"unit": "mg", "value": "0.5"}),
        (SupervisionChecked, "blood_pressure", "128/80", {"diastolic": 80, "systolic": 128}),
        (ParticipantCheckedIn, "last_food", "07:10", "2026-05-16T11:10:00.000000Z"),
        (ParticipantCheckedIn, "last_food", "2026-01-15 22:00", "2026-01-16T03:00:00.000000Z"),
        (
            ReleaseAuthorised, "no_drive_until", "2026-05-17 10:50",
            {"at": "2026-05-17T14:50:00.000000Z", "local": "2026-05-17 10:50 EDT"},
        ),
        (ParticipantDeparted, "release", "release-A", RELEASE),
        (ParticipantDeparted, "release", "none", None),
        (ParticipantCheckedIn, "suicidality", "none", "none"),
        (ParticipantCheckedIn, "medicines", "none", None),
        (ParticipantCheckedIn, "medicines", [], []),
        (NoDrivingAcknowledged, "text", "hash of no-driving.txt", hashlib.sha256(b"I will not drive.\n").hexdigest()),
        (NoDrivingAcknowledged, "text", "a" * 64, "a" * 64),
        (OrderSigned, "as_needed", [{"dose": "4 mg", "medicine": "x", "route": "oral"}],
         [{"dose": "4 mg", "medicine": "x", "route": "oral"}]),
        (TransportPlanSigned, "escort", {"staff": "D1", "relationship": "staff"},
         {"staff": "staff/1", "relationship": "staff", "name": None, "person": None, "phone": None}),
        (ProtocolPublished, "parameters", {}, {}),
        (ProtocolPublished, "name", "R-1", "R-1"),
    ],
)  # fmt: skip
def test_a_text_becomes_what_its_field_takes(
    meaning: Meaning, kind: type[Event], field: str, text: Raw, value: object
) -> None:
    assert meaning.fields(kind, {field: text}, DAY)[field] == value


def test_what_is_not_mentioned_is_null_or_an_empty_list_and_only_there(meaning: Meaning) -> None:
    fields = meaning.fields(EvaluationCompleted, {}, DAY)

    assert fields["contraindications"] is None  # no checklist, which is not a checklist without a mark
    assert fields["allergies"] == []
    assert "private" not in fields


def test_a_text_outside_the_folder_of_texts_is_none_of_the_storys(meaning: Meaning, tmp_path: Path) -> None:
    (tmp_path.parent / "secret.txt").write_text("x", encoding="utf-8")

    with pytest.raises(Exception, match=r"There is no text \.\./secret\.txt"):
        meaning.fields(NoDrivingAcknowledged, {"text": "hash of ../secret.txt"}, DAY)
