"""Every error of the ledger has one status over HTTP, and one form."""

from __future__ import annotations

from itertools import product

import pytest

from api.web.problems import CODES, KINDS, UNSAID, pointer, problem, status_of
from ledger.errors import Conflict, Invalid, LedgerError, NotNow, Objection, Refused, TamperDetected
from tests.docs.codes import codes

OF_THE_FRAMEWORK = {"fault", "http", "method", "body"}


def kinds(base: type[LedgerError]) -> list[type[LedgerError]]:
    return [each for kind in base.__subclasses__() for each in (kind, *kinds(kind))]


def test_every_kind_of_error_has_a_status() -> None:
    for kind in kinds(LedgerError):
        assert any(base in KINDS for base in kind.__mro__), kind


def test_every_code_of_the_source_becomes_a_problem_document() -> None:
    assert len(codes()) > 200
    for code, kind in product(codes(), (Invalid, Refused, Conflict, NotNow, TamperDetected)):
        document = problem(kind(code, "A sentence.", field="a.b", remedy="Do this."))
        assert 400 <= document["status"] < 600, code
        assert document["status"] == status_of(kind(code, "")), code
        assert document["code"] == code
        assert document["detail"], code
        assert document["errors"][0]["pointer"] == "/a/b", code


def test_the_table_names_no_code_that_does_not_exist() -> None:
    assert set(CODES) | set(UNSAID) <= set(codes()) | OF_THE_FRAMEWORK


def test_malformed_refused_first_come_not_now_and_tampered_differ() -> None:
    found = [status_of(kind("some-code", "")) for kind in (Invalid, Refused, Conflict, NotNow, TamperDetected)]

    assert found == [422, 409, 409, 503, 500]


def test_an_instant_in_a_query_is_a_fault_of_the_query_and_in_a_body_of_the_content() -> None:
    error = Invalid("instant", "")

    assert (status_of(error), status_of(error, in_body=True)) == (400, 422)


def test_the_objections_of_a_gate_are_all_there() -> None:
    one = Objection("REL-01", "1", "Too soon.", (3, 4), None)
    two = Objection("REL-07", "1", "No escort.", (), "prescriber")

    nobody = {"staff": None, "credential": None, "slot": None}
    document = problem(Refused("gate-closed", "Closed.", objections=[one, two]))

    assert document["blocked_by"] == [
        {"rule": "REL-01", "version": "1", "message": "Too soon.", "evidence": [3, 4], "override": None} | nobody,
        {"rule": "REL-07", "version": "1", "message": "No escort.", "evidence": [], "override": "prescriber"} | nobody,
    ]


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("", ""),
        ("attested[0].by", "/attested/0/by"),
        ("a/clinical:hold_min", "/a/clinical/hold_min"),
        ("fields.", "/fields"),
    ],
)
def test_a_field_becomes_a_json_pointer(field: str, found: str) -> None:
    assert pointer(field) == found
