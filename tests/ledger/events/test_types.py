"""The constitution of event types, walked over every class."""

from __future__ import annotations

import inspect
import re
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from ledger.events import EVENT_TYPES
from ledger.events.base import THEMSELVES, Event, Measured, Signer
from ledger.events.measures import BloodPressure, Confirmation, Plausible
from ledger.events.words import FreeText, Line
from tests.ledger.events.examples import ANA, EXAMPLES, Example
from tests.ledger.events.walk import fields_of, leaves

KINDS = pytest.mark.parametrize("kind", EVENT_TYPES.values(), ids=list(EVENT_TYPES))
NAMES_AN_OWNER = {"key-enrolled/1", "ledger-opened/1"}
"""Format v1, section 8: these alone name the owner of a key, who may be a person."""

FREE_TEXT = {
    "confirmed",  # the reason of a confirmation
    "erasure-refused/1 note",
    "erasure-requested/1 note",
    "legal-hold-lifted/1 note",
    "legal-hold-placed/1 authority",
    "legal-hold-placed/1 note",
    "dose-declined/1 note",
    "private-safety-screen-completed/1 plan",
    "countersignature-given/1 reason",
    "entry-corrected/1 note",
    "entry-voided/1 note",
    "addendum-appended/1 note",
    "late-entry-declared/1 note",
    "dose-held/1 note",
    "rule-overridden-for-partner/1 reason",
    "hold-released/1 reason",
    "verbal-order-received/1 instruction",
    "verbal-order-cosigned/1 difference",
    "adverse-event-recorded/1 plan",
    "adverse-event-recorded/1 text",
    "adverse-event-updated/1 plan",
    "seriousness-upgraded/1 basis",
    "left-against-advice/1 note",
    "access-request-received/1 note",
    "access-request-denied/1 note",
    "amendment-requested/1 note",
    "amendment-accepted/1 note",
    "amendment-denied/1 note",
    "disagreement-appended/1 note",
}


@KINDS
def test_a_type_documents_itself(kind: type[Event]) -> None:
    assert kind.__doc__ and kind.__doc__ != Event.__doc__ and kind.__doc__ != Measured.__doc__
    assert inspect.getdoc(kind).split("\n")[0].endswith((".", "…"))  # type: ignore[union-attr]  # checked above


@KINDS
def test_a_type_is_named_by_a_word_in_lower_case_and_a_version(kind: type[Event]) -> None:
    name, version = kind.__name__.rstrip("0123456789"), kind.__name__[len(kind.__name__.rstrip("0123456789")) :]
    words = re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()

    assert kind.type_tag() == f"{words}/{version or 1}"


@KINDS
def test_a_type_says_itself_what_nobody_corrects_alone(kind: type[Event]) -> None:
    assert "CRITICAL" in vars(kind)
    assert set(kind.model_fields) | {"occurred"} >= kind.CRITICAL


def test_a_type_that_does_not_say_so_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="must say which of its fields are critical"):
        type("Silent", (Event,), {"STREAM": "person", "__module__": __name__})


@KINDS
def test_a_type_has_signers_and_staff_sign_in_named_roles(kind: type[Event]) -> None:
    assert kind.SIGNERS
    for signer in kind.SIGNERS:
        assert signer.roles or kind.STREAM == "keys"
        if signer.by in ("subject", "slot") and kind.STREAM not in ("keys", "staff"):
            assert signer.roles == THEMSELVES


@KINDS
def test_only_a_handover_may_wait_for_each_of_its_signatures(kind: type[Event]) -> None:
    at_once = [signer for signer in kind.SIGNERS if signer.when == "now"]

    assert bool(at_once) == (kind.type_tag() != "monitor-handover/1")


@pytest.mark.parametrize(
    ("tag", "meaning"),
    [
        ("sharing-preference-recorded/1", "consented"),
        ("consent-signed/1", "consented"),
        ("consent-narrowed/1", "consented"),
        ("consent-withdrawn/1", "declined"),
        ("release-of-information-signed/1", "consented"),
        ("release-of-information-revoked/1", "declined"),
        ("disagreement-appended/1", "performed"),
        ("transport-plan-signed/1", "acknowledged"),
        ("no-driving-acknowledged/1", "acknowledged"),
        ("no-driving-release-signed/1", "acknowledged"),
        ("dose-declined/1", "declined"),
        ("consent-narrowed-in-session/1", "consented"),
        ("consent-withdrawn-in-session/1", "declined"),
    ],
)
def test_nobody_signs_consent_decline_acknowledgement_or_release_for_another(tag: str, meaning: str) -> None:
    own = [signer for signer in EVENT_TYPES[tag].SIGNERS if signer.meaning == meaning]

    assert own == [Signer(own[0].meaning, by="subject", roles=THEMSELVES, when="now")]


def test_the_releasing_staff_member_signs_the_no_driving_release_at_once() -> None:
    assert {signer.by for signer in EVENT_TYPES["no-driving-release-signed/1"].SIGNERS if signer.when == "now"} == {
        "subject",
        "staff",
    }


def test_what_rules_may_refuse_is_named() -> None:
    assert {tag for tag, kind in EVENT_TYPES.items() if kind.AUTHORISES} == {
        "authorisation-overridden/1",
        "consent-signed/1",
        "countersignature-given/1",
        "session-opened/1",
        "session-closed/1",
        "monitor-assigned/1",
        "dose-authorised/1",
        "release-authorised/1",
        "custody-transferred/1",
        "disclosure-made/1",
        "sys-record-exported/1",
        "rule-overridden-for-partner/1",
        "review-completed/1",
        "finding-dispositioned/2",
        "finding-closed/1",
        "retention-ended/1",
        "subject-erased/1",
    }


@KINDS
def test_no_open_field_can_name_a_person(kind: type[Event]) -> None:
    probes = (ANA, f"{ANA}/a", f"x {ANA}", f"a/{ANA}", ANA.upper())
    for name, (privacy, hint) in fields_of(kind).items():
        if privacy.privacy != "open" or (kind.type_tag() in NAMES_AN_OWNER and name in ("owner", "keys")):
            continue
        for leaf, metadata in leaves(hint):
            if leaf is str:
                adapter: TypeAdapter[Any] = TypeAdapter(Annotated[(str, *metadata)])
                for probe in probes:
                    with pytest.raises(ValidationError):
                        adapter.validate_python(probe)


@KINDS
def test_an_open_text_is_plain_ascii(kind: type[Event]) -> None:
    for privacy, hint in fields_of(kind).values():
        for leaf, metadata in leaves(hint):
            if privacy.privacy == "open" and leaf is str:
                adapter: TypeAdapter[Any] = TypeAdapter(Annotated[(str, *metadata)])
                for probe in ("é", "Núñez 12", "b²"):
                    with pytest.raises(ValidationError):
                        adapter.validate_python(probe)


@KINDS
def test_a_sealed_field_has_a_subject(kind: type[Event]) -> None:
    for name, (privacy, _) in fields_of(kind).items():
        if privacy.privacy == "open":
            continue
        assert kind.STREAM not in ("keys", "location", "protocol", "governance", "device", "access"), (
            f"{name} is nobody's"
        )
        assert (privacy.slot is not None) == (kind.STREAM in ("session", "couple")), name


@KINDS
def test_the_partners_of_a_joint_record_have_the_same_fields(kind: type[Event]) -> None:
    of = {
        slot: {(name[:-2], privacy.privacy) for name, (privacy, _) in fields_of(kind).items() if privacy.slot == slot}
        for slot in ("a", "b")
    }

    assert of["a"] == of["b"]


@KINDS
def test_free_text_stands_only_where_the_catalogue_has_it(kind: type[Event]) -> None:
    for name, (privacy, hint) in fields_of(kind).items():
        for leaf, metadata in leaves(hint):
            if leaf is str and _same(metadata, FreeText):
                assert name in FREE_TEXT or f"{kind.type_tag()} {name}" in FREE_TEXT
                assert privacy.privacy == "sensitive" or name == "confirmed"
            if leaf is str and _same(metadata, Line):
                assert privacy.privacy == "identity", name


def _same(metadata: tuple[Any, ...], alias: Any) -> bool:
    return set(map(repr, alias.__metadata__)) <= set(map(repr, metadata))


@KINDS
def test_a_type_with_a_plausible_range_can_be_confirmed(kind: type[Event]) -> None:
    hints = fields_of(kind)
    doubtful = any(
        isinstance(item, Plausible) for _, hint in hints.values() for _, metadata in leaves(hint) for item in metadata
    )

    assert not doubtful or issubclass(kind, Measured)
    if issubclass(kind, Measured):
        privacy, hint = hints["confirmed"]
        assert privacy.privacy == "clinical"
        assert TypeAdapter(hint).validate_python(Confirmation(reason="read twice")) == Confirmation(reason="read twice")


def test_every_blood_pressure_is_in_a_measured_type() -> None:
    for kind in EVENT_TYPES.values():
        if any(BloodPressure in _classes(hint) for _, hint in fields_of(kind).values()):
            assert issubclass(kind, Measured)


def _classes(hint: Any) -> set[Any]:
    found, todo = set(), [hint]
    while todo:
        item = todo.pop()
        if isinstance(item, type):
            found.add(item)
        todo.extend(getattr(item, "__args__", ()))
    return found


@pytest.mark.parametrize("tag", EXAMPLES)
def test_an_example_is_signed_as_its_type_asks(tag: str) -> None:
    example = EXAMPLES[tag]
    signers = example.event.SIGNERS

    for signer in signers:
        assert signer.when == "later" or any(_is_given(signer, one, example) for one in example.signed), signer
    for one in example.signed:
        assert any(_is_given(signer, one, example) for signer in signers), one


def _is_given(signer: Signer, one: tuple[str, str, str], example: Example) -> bool:
    owner, role, meaning = one
    whose = {
        "staff": owner.startswith("staff/"),
        "service": owner.startswith("service/"),
        "slot": owner.startswith("session/") and owner[-2:] in ("/a", "/b"),
        "holder": True,
        "subject": owner == example.stream or owner == getattr(example.event, "owner", None),
    }
    return signer.meaning == meaning and (not signer.roles or role in signer.roles) and whose[signer.by]


@pytest.mark.parametrize("tag", EXAMPLES)
def test_an_example_stands_on_the_record_its_type_belongs_to(tag: str) -> None:
    example = EXAMPLES[tag]
    kind = example.stream.split("/")[0]
    partner = example.stream[-2:] in ("/a", "/b")

    assert example.event.STREAM in ("partner" if partner else kind, "any")
