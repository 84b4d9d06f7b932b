"""Doubt is shown where people look: in the timeline and in the couple's course, with its reason."""

from __future__ import annotations

from pathlib import Path

from api.web.session_facts import FactsOfSessions
from ledger.follow import place
from ledger.reading import PlacedEvent
from ledger.record import Submission
from ledger.signing import SigningKey
from ledger.store.port import EventRow
from projections import VIEWS
from projections.couple_history import couple_history
from projections.pending import pending
from projections.runner import Runner
from projections.search import search
from projections.session_timeline import timeline
from projections.snapshot import AsOf
from projections.stock_balances import balances
from projections.tables import ViewDatabase
from tests.ledger.chart import correction, countersignature, mg, totals
from tests.ledger.clinic import MD1, PT1, RN1, SESSION, SLOT_A, Clinic, check, dose, make

NURSE = (RN1, "performed", "nurse")


def doubted(tmp_path: Path) -> tuple[Clinic, ViewDatabase, dict[str, int]]:
    """A nurse's key: a dose while it was valid, one while suspect, the revocation, and a check handed in later."""
    clinic = Clinic().open()
    at = {"valid": clinic.dose().position, "suspect": clinic.dose(mg="50").position}
    offline = clinic.submission(check(), SLOT_A, [NURSE])
    revoked = make("key-revoked/1", key=clinic.keys[RN1].kid, reason="stolen", suspect_from=at["suspect"])
    at["revoked"] = clinic.record(revoked, "keys", (PT1, "revoked", "security-officer")).position
    at["late"] = clinic.recorder.record([Submission(offline.envelope, offline.blocks, MD1)])[0].position
    database = ViewDatabase(tmp_path / "views.db")
    Runner(database, clinic.store, clinic.subject_keys, VIEWS).catch_up()
    return clinic, database, at


def test_the_timeline_marks_what_a_doubted_key_signed_with_the_reason(tmp_path: Path) -> None:
    _, database, at = doubted(tmp_path)

    rows = {row.position: row.standing for row in timeline(database, SESSION).rows}

    assert rows[at["valid"]] == ()
    assert [(mark.code, mark.positions) for mark in rows[at["suspect"]]] == [("disputed", (at["revoked"],))]
    assert rows[at["suspect"]][0].words == (
        f"disputed: RN1's key suspect from position {at['suspect']} on (stolen, revoked at position {at['revoked']})"
    )
    assert [mark.words for mark in rows[at["late"]]] == [
        f"quarantined: RN1's key already revoked at position {at['revoked']} (stolen)"
    ]
    database.close()


def test_as_known_before_the_revocation_nothing_was_doubted(tmp_path: Path) -> None:
    _, database, at = doubted(tmp_path)

    before = timeline(database, SESSION, as_of=AsOf(known_at=at["revoked"]))
    after = timeline(database, SESSION, as_of=AsOf(known_at=at["revoked"] + 1))

    assert all(row.standing == () for row in before.rows)
    assert [row.position for row in after.rows if row.standing] == [at["suspect"]]
    database.close()


def test_the_couple_s_course_marks_a_doubted_dose_and_names_the_reason(tmp_path: Path) -> None:
    _, database, at = doubted(tmp_path)

    part = couple_history(database, "C-07").sessions[0].parts[0]

    assert [[mark.code for mark in each.standing] for each in part.doses] == [[], ["disputed"]]
    assert [mark.code for mark in part.standing] == ["disputed", "quarantined"]
    assert part.total_mg == "150"
    assert at["late"] in part.evidence
    database.close()


def test_a_new_key_of_the_same_person_is_not_doubted(tmp_path: Path) -> None:
    clinic, database, _ = doubted(tmp_path)
    clinic.keys[RN1] = SigningKey(bytes([8]) * 32)
    clinic.recorder.record([clinic.enrol(RN1)])
    position = clinic.record(dose(), SLOT_A, NURSE).position
    Runner(database, clinic.store, clinic.subject_keys, VIEWS).catch_up()

    rows = {row.position: row.standing for row in timeline(database, SESSION).rows}

    assert rows[position] == ()
    database.close()


def test_a_correction_waits_again_once_the_key_of_its_second_signature_is_known_to_be_stolen(tmp_path: Path) -> None:
    clinic = Clinic().open()
    given = clinic.dose().position
    wrong = correction(_at(clinic, given), ("mass", mg("100"), mg("50")))
    change = clinic.record(wrong, SLOT_A, (RN1, "corrected", "nurse")).position
    word = countersignature(_at(clinic, change))
    signed = clinic.record(word, SLOT_A, (MD1, "countersigned", "prescriber")).position
    assert totals(clinic.recorder.session(SESSION))[0] == 50
    revoked = make("key-revoked/1", key=clinic.keys[MD1].kid, reason="stolen", suspect_from=signed)
    at = clinic.record(revoked, "keys", (PT1, "revoked", "security-officer")).position
    clinic.record(check(), SLOT_A, NURSE)
    database = ViewDatabase(tmp_path / "views.db")
    Runner(database, clinic.store, clinic.subject_keys, VIEWS).catch_up()

    assert totals(clinic.recorder.session(SESSION))[0] == 100
    assert change not in [each.position for each in pending(database, as_of=AsOf(known_at=at)).entries]
    (waits,) = [each.lacks for each in pending(database).entries if each.position == change]
    assert "given by MD1, which does not count: key suspect from position" in waits[0]
    rows = {row.position: row for row in timeline(database, SESSION).rows}
    why = f"key suspect from position {signed} on (stolen, revoked at position {at})"
    assert f"countersigned by MD1, which does not count: {why}" in [mark.words for mark in rows[change].standing]
    assert "pending" in [mark.code for mark in rows[given].standing]
    before = {row.position: row for row in timeline(database, SESSION, as_of=AsOf(known_at=at)).rows}
    assert "corrected" in [mark.code for mark in before[given].standing]
    database.close()


def _at(clinic: Clinic, position: int) -> PlacedEvent:
    (row,) = clinic.store.rows(position, 1)
    assert isinstance(row, EventRow)
    return place(clinic.store, row, clinic.subject_keys)


def test_a_second_signature_given_at_once_is_asked_for_again_once_its_key_is_known_to_be_stolen(tmp_path: Path) -> None:
    clinic = Clinic().open()
    observed = (MD1, "observed", "prescriber")
    before = clinic.record(dose(self_administered=True), SLOT_A, NURSE, observed).position
    given = clinic.record(dose("50", self_administered=True), SLOT_A, NURSE, observed).position
    revoked = make("key-revoked/1", key=clinic.keys[MD1].kid, reason="stolen", suspect_from=given)
    at = clinic.record(revoked, "keys", (PT1, "revoked", "security-officer")).position
    database = ViewDatabase(tmp_path / "views.db")
    Runner(database, clinic.store, clinic.subject_keys, VIEWS).catch_up()
    facts = FactsOfSessions(clinic.store, clinic.subject_keys, lambda: clinic.recorder.keys.revoked)

    assert pending(database, as_of=AsOf(known_at=at)).entries == ()
    (waits,) = pending(database).entries
    assert (waits.position, waits.session) == (given, SESSION)
    assert "given by MD1, which does not count: key suspect from position" in waits.lacks[0]
    marks = {row.position: [mark.code for mark in row.standing] for row in timeline(database, SESSION).rows}
    assert (marks[before], sorted(marks[given])) == ([], ["disputed", "unsigned"])
    (sheet,) = balances(database).containers
    assert [bool(move.lacks) for move in sheet.movements] == [False, True]
    assert [[mark.code for mark in move.standing] for move in sheet.movements] == [[], ["uncounted"]]
    assert [each["position"] for each in facts.of(SESSION).pending[SLOT_A]] == [given]
    assert facts.at(SESSION, AsOf(known_at=at)).pending == {}
    assert [found.position for found in search(database, {"mark": "unsigned"}).found] == [given]
    database.close()
