"""What a form knows of a type's fields is what the type says, and every example could have been entered so."""

from __future__ import annotations

from typing import Any

from api.web.forms import form
from api.web.recordable import CREATES, ELSEWHERE, MAY_CREATE, acts, may_record, newest
from api.web.referred import REFERRED
from ledger.events import EVENT_TYPES
from ledger.events.base import Event
from ledger.who_may import WHO_MAY
from tests.ledger.events.examples import EXAMPLES

SIGNED_BY_PEOPLE = [tag for tag, kind in EVENT_TYPES.items() if all(signer.by != "service" for signer in kind.SIGNERS)]


def test_every_field_of_every_type_can_be_entered() -> None:
    for kind in EVENT_TYPES.values():
        assert set(form(kind)) == set(kind.model_fields) - {"type"}


def test_an_evaluation_an_order_and_a_readiness_check_are_entered_as_their_fields_say() -> None:
    evaluation = form(EVENT_TYPES["evaluation-completed/1"])
    assert evaluation["modality"] == {
        "kind": "choice",
        "options": ["in-person", "telemedicine"],
        "privacy": "clinical",
        "slot": None,
    }
    assert evaluation["private"]["kind"] == "yes-no"
    weight = evaluation["weight"]
    assert (weight["unit"], weight["places"], weight["plausible"], weight["optional"]) == ("kg", 2, ["35", "220"], True)
    dose = form(EVENT_TYPES["order-signed/1"])["dose_max"]["of"]["value"]
    assert (dose["kind"], dose["unit"], dose["places"], dose["above"]) == ("decimal", "mg", 3, "0")
    assert form(EVENT_TYPES["emergency-readiness-checked/1"])["oximeters"]["kind"] == "list"
    planned = form(EVENT_TYPES["session-scheduled/1"])
    assert (planned["couple"]["of"], planned["person_a"]["slot"], planned["planned_start"]["kind"]) == (
        "couple",
        "a",
        "time",
    )


def test_words_about_a_field_and_figures_that_are_ours_stand_with_it() -> None:
    assert "A fixed dose" in form(EVENT_TYPES["order-signed/1"])["dose_min"]["help"]
    figures = form(EVENT_TYPES["protocol-published/2"])["parameters"]["of"]["supervision"]["of"]
    assert figures["check_every_min"]["default"] == 15


def test_the_example_of_every_type_that_people_sign_fits_its_form() -> None:
    for tag in SIGNED_BY_PEOPLE:
        for name, entry in form(EVENT_TYPES[tag]).items():
            fits(entry, EXAMPLES[tag].event.model_dump()[name], f"{tag} {name}")


def fits(entry: dict[str, Any], value: Any, path: str) -> None:
    if value is None:
        assert entry.get("optional") or entry["kind"] == "anything", path
        return
    match entry["kind"]:
        case "part":
            assert set(entry["of"]) == set(value), path
            for name, each in entry["of"].items():
                fits(each, value[name], f"{path}.{name}")
        case "list":
            for at, each in enumerate(value):
                fits(entry["of"], each, f"{path}.{at}")
        case "choice":
            assert value in entry["options"], path
        case "yes-no":
            assert isinstance(value, bool), path
        case "number":
            assert entry.get("low", value) <= value <= entry.get("high", value), path
        case "record":
            assert value.startswith(f"{entry['of']}/"), path
        case "entry":
            assert set(value) == {"dig", "id"}, path
        case "until":
            assert set(value) == {"at", "local"}, path
        case "anything":
            pass
        case _:
            assert isinstance(value, str), path


def test_every_type_that_people_sign_is_recorded_here_or_it_is_said_where() -> None:
    offered = {each["name"] for group in acts(tuple(WHO_MAY)) for each in group["types"]}

    assert offered | set(ELSEWHERE) == set(newest())
    assert offered & set(ELSEWHERE) == set()
    assert offered >= (CREATES | MAY_CREATE)


def test_somebody_is_offered_what_their_roles_sign_and_nothing_else() -> None:
    scheduler = {each["name"] for group in acts(["scheduler"]) for each in group["types"]}
    assert {"session-scheduled", "session-rescheduled", "boundary-incident-recorded"} <= scheduler
    assert not scheduler & {"evaluation-completed", "order-signed", "participant-registered", "stock-received"}
    assert "stock-received" not in {each["name"] for group in acts(["driver"]) for each in group["types"]}
    assert acts([]) == []
    consent: type[Event] = EVENT_TYPES["consent-signed/1"]
    assert may_record(consent, ["registrar"])
    assert not may_record(consent, ["custodian"])


def test_what_a_field_refers_to_is_named_by_types_that_there_are() -> None:
    names = {tag.split("/")[0] for tag in EVENT_TYPES}
    fields = {name for kind in EVENT_TYPES.values() for name in kind.model_fields}
    for (kind, field), referred in REFERRED.items():
        assert kind in names | {""}
        assert field in fields
        assert set(referred.types) <= names
