"""Who may read what: which facts stand open, and what never reaches a partner or their copy."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from ledger.entry import stream_tag
from ledger.errors import Refused
from ledger.events import EVENT_TYPES
from ledger.reading import stream_kind
from tests.ledger.clinic import COUPLE, ORIGIN, PLACE, RN1, SESSION, Clinic, make, uuid
from tests.ledger.events.walk import fields_of, leaves

OPEN_OF_A_PARTNER = {
    # what a substance audit asks for
    *("concentration", "container", "count_checked", "dose_max", "drawn_from_vial", "expires", "label", "lot", "mass"),
    *("mass_taken", "ordinal", "route", "units", "units_taken", "volume", "volume_taken", "estimated"),
    # times, and until when not to drive
    *("answered_at", "began", "ended", "informed_at", "no_drive_until", "stopped_at", "valid_from", "valid_to"),
    # other entries
    *(
        "about",
        "adverse_event",
        "assessment",
        "called",
        "dose",
        "doses",
        "evidence",
        "held",
        "order",
        "reading",
        "release",
    ),
    # staff, and what staff did
    *("accompanied_by", "as_said", "prescriber", "provider", "read_back"),
    # texts by their hash or version, and the clinic's own number
    *("contact", "instructions", "text", "version"),
}
"""Every field of a partner's record that every holder may read; a new one is thought over before it is added here."""


def test_what_stands_open_on_a_partners_record_is_named_here() -> None:
    standing = defaultdict(list)
    for tag, kind in EVENT_TYPES.items():
        if kind.STREAM == "partner":
            for name, (privacy, _) in fields_of(kind).items():
                if privacy.privacy == "open":
                    standing[name].append(tag)

    assert set(standing) == OPEN_OF_A_PARTNER


@pytest.mark.parametrize(
    "tag",
    [
        *("dose-held/1", "hold-released/1", "dose-interrupted/1", "dose-interrupted/2", "dose-partially-taken/1"),
        *("dose-offered/1", "dose-declined/1", "prescriber-notified/1", "verbal-order-received/1"),
        *("adverse-event-recorded/1", "adverse-event-updated/1", "adverse-event-resolved/1"),
        *("seriousness-upgraded/1", "adverse-event-reported/1", "intervention-performed/1"),
        *("emergency-services-called/1", "emergency-services-arrived/1", "participant-transferred/1"),
        *("consent-withdrawn-in-session/1", "consent-narrowed-in-session/1", "doses-confirmed-distinct/1"),
        *("left-against-advice/1", "no-show-recorded/1", "left-room/1"),
    ],
)
def test_what_befalls_one_partner_stands_on_no_record_that_the_other_has(tag: str) -> None:
    assert EVENT_TYPES[tag].STREAM == "partner"


@pytest.mark.parametrize("tag", [tag for tag in EVENT_TYPES if tag.startswith("adverse-event") or "seriousness" in tag])
def test_all_of_an_adverse_event_is_sensitive_but_which_one_it_is(tag: str) -> None:
    classes = {name: privacy.privacy for name, (privacy, _) in fields_of(EVENT_TYPES[tag]).items()}

    assert {name for name, each in classes.items() if each != "sensitive"} <= {"adverse_event"}


@pytest.mark.parametrize("tag", [tag for tag, kind in EVENT_TYPES.items() if kind.STREAM in ("session", "couple")])
def test_no_reason_stands_open_on_a_joint_record(tag: str) -> None:
    """But one: an override, which is about staff and place only."""
    said = {name for name, (privacy, _) in fields_of(EVENT_TYPES[tag]).items() if privacy.privacy == "open"}

    assert "reason" not in said or tag == "authorisation-overridden/1"


def test_no_container_tells_who_said_no() -> None:
    for tag, kind in EVENT_TYPES.items():
        if kind.STREAM == "stock":
            words = {leaf for _, hint in fields_of(kind).values() for leaf, _ in leaves(hint) if isinstance(leaf, str)}
            assert not {word for word in words if "declin" in word or "refus" in word or "pressure" in word}, tag


def test_a_boundary_incident_is_a_class_and_a_session_and_names_nobody() -> None:
    kind = EVENT_TYPES["boundary-incident-recorded/1"]

    assert set(fields_of(kind)) == {"kind", "session"}
    assert kind.STREAM == "governance"
    assert all(signer.by == "staff" for signer in kind.SIGNERS)


def incident() -> Any:
    return make("boundary-incident-recorded/1", kind="partner-pressure", session=SESSION)


@pytest.mark.parametrize("record", [SESSION, COUPLE, PLACE], ids=["session", "couple", "location"])
def test_the_record_of_an_incident_cannot_be_found_from_a_number_that_a_partner_knows(record: str) -> None:
    clinic = Clinic().open()
    before = clinic.store.head()

    with pytest.raises(Refused) as refused:
        clinic.record(incident(), f"governance/{record.partition('/')[2]}", (RN1, "received", "nurse"))

    assert (refused.value.code, refused.value.field) == ("telling-record", "stream")
    assert clinic.store.head() == before


def test_an_incident_leaves_no_trace_on_any_record_of_the_session() -> None:
    clinic = Clinic().open()
    lengths = {stream: len(list(clinic.store.stream_rows(stream))) for stream in streams()}
    clinic.record(incident(), f"governance/{uuid(99)}", (RN1, "received", "nurse"))

    assert {stream: len(list(clinic.store.stream_rows(stream))) for stream in streams()} == lengths
    assert stream_tag(ORIGIN, f"governance/{uuid(99)}") not in {stream_tag(ORIGIN, each) for each in streams()}


def streams() -> list[str]:
    return [SESSION, f"{SESSION}/a", f"{SESSION}/b", COUPLE]


def test_who_looked_at_a_record_is_said_without_naming_it_or_them() -> None:
    for tag, kind in EVENT_TYPES.items():
        if kind.STREAM == "access":
            assert {signer.by for signer in kind.SIGNERS} == {"service"}
            assert tag.startswith("sys-")
            assert not {"person", "session", "couple", "slot"} & set(fields_of(kind))


def test_what_the_software_records_itself_is_signed_by_a_service_and_nothing_else_is() -> None:
    for tag, kind in EVENT_TYPES.items():
        assert {signer.by == "service" for signer in kind.SIGNERS} == {tag.startswith("sys-")}


def test_a_group_of_couples_is_known_by_its_code_and_lists_no_session() -> None:
    for tag in ("retreat-group-formed/1", "session-joined-group/1", "session-left-group/1"):
        assert not {name for name in fields_of(EVENT_TYPES[tag]) if "session" in name or "couple_" in name}
    assert stream_kind(SESSION) == EVENT_TYPES["session-joined-group/1"].STREAM == "session"
