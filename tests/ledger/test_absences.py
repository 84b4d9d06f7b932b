"""What is not there: lawfully erased, lawfully expired, or missing, at its position."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.absences import Absences, Listed, counted
from ledger.audit import LogRow, Pin, audit
from ledger.audit_report import AuditReport
from ledger.entry import parse_event_entry
from ledger.erasure import Retention, kept_lists
from ledger.events.erasure import RetentionEnded, SubjectErased
from ledger.events.fields import ERASED, Gone
from ledger.follow import log_rows, place
from ledger.reading import PlacedEvent
from ledger.retention import retention_plan
from ledger.store.port import EventRow
from ledger.tlog.tree import leaf_hash, node_hash
from tests.ledger.clinic import ANA, BEN, MD1, ORIGIN, PT1, SLOT_B, Clinic, Who, uuid

TWO: tuple[Who, ...] = ((MD1, "authorised", "privacy-officer"), (PT1, "approved", "security-officer"))
GOVERNANCE = f"governance/{uuid(51)}"


def clinic() -> Clinic:
    """A clinic where both partners were given a dose and checked."""
    built = Clinic(retention=Retention(chart_years=0, controlled_years=0)).open()
    for slot in ("/a", "/b"):
        built.dose(SLOT_B.removesuffix("/b") + slot)
        built.check(SLOT_B.removesuffix("/b") + slot)
    return built


def erase(built: Clinic, person: str = ANA) -> int:
    """Record that a person is erased, and destroy their key."""
    digests = [digest for digest, _ in built.store.blocks_about(person)]
    position = built.record(SubjectErased(blocks=counted(digests)), person, *TWO).position
    built.subject_keys.destroy(person)
    return position


def look(built: Clinic, rows: Sequence[LogRow], listed: Listed | None = None) -> AuditReport:
    """The audit of these rows."""
    pin = Pin(ORIGIN, str(built.signer.vkey), rows[0].leaf or b"")
    return audit(rows, built.store.checkpoints(), pin, listed=listed or kept_lists(built.store))


def events(built: Clinic) -> list[PlacedEvent]:
    rows = [row for row in built.store.rows(0, 500) if isinstance(row, EventRow)]
    return [place(built.store, row, built.subject_keys) for row in rows]


def gone(placed: PlacedEvent) -> set[str]:
    values = (getattr(placed.event, name) for name in type(placed.event).model_fields)
    return {value.why for value in values if isinstance(value, Gone)}


@given(st.sets(st.binary(min_size=32, max_size=32), max_size=9))
def test_the_root_is_that_of_the_digests_in_ascending_order(digests: set[bytes]) -> None:
    def root(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return leaf_hash(leaves[0])
        half = 1 << (len(leaves) - 1).bit_length() - 1
        return node_hash(root(leaves[:half]), root(leaves[half:]))

    made = counted(digest.hex() for digest in digests)

    assert made.count == len(digests)
    if digests:
        assert made.root == root(sorted(digests)).hex()


def test_erased_blocks_are_counted_as_erased_and_everything_holds() -> None:
    built = clinic()
    hers, his = built.store.blocks_about(ANA), built.store.blocks_about(BEN)

    erase(built)
    report = look(built, list(log_rows(built.store, built.subject_keys)))

    assert report.holds
    assert (report.erased, report.withheld) == (len(hers), 0)
    assert len(his) > 0


def test_her_values_are_erased_and_his_are_there() -> None:
    built = clinic()
    before = [placed for placed in events(built) if placed.stream == SLOT_B]
    erase(built)

    after = events(built)

    of_her = [placed for placed in after if placed.stream.endswith("/a") or placed.stream == ANA]
    assert {why for placed in of_her for why in gone(placed)} == {"erased"}
    assert [placed for placed in after if placed.stream == SLOT_B] == before
    joint = next(placed for placed in after if placed.payload.type == "couple-registered/1")
    assert (joint.event.person_a, joint.event.person_b) == (ERASED, BEN)  # type: ignore[attr-defined]


def test_a_key_that_is_merely_lost_is_a_fault_at_the_first_event_it_would_open() -> None:
    built = clinic()
    built.subject_keys.destroy(ANA)

    report = look(built, list(log_rows(built.store, built.subject_keys)))

    assert report.first is not None
    assert report.first.code == "subject-key-missing"
    assert report.first.position == min(position for _, position in built.store.blocks_about(ANA))
    assert {why for placed in events(built) for why in gone(placed)} == {"withheld"}


def test_a_block_that_was_removed_is_lawful_only_if_it_was_erased() -> None:
    built = clinic()
    erase(built)
    rows = list(log_rows(built.store, built.subject_keys))
    for person, holds in ((ANA, True), (BEN, False)):
        digest, position = built.store.blocks_about(person)[0]
        without = {each: text for each, text in rows[position].blocks.items() if each != digest}
        cut = [*rows[:position], rows[position]._replace(blocks=without), *rows[position + 1 :]]

        report = look(built, cut)

        assert report.holds == holds
        if not holds:
            assert report.first is not None
            assert (report.first.code, report.first.position) == ("block-missing", position)


def test_a_list_that_is_not_the_signed_one_is_named_and_excuses_nothing() -> None:
    built = clinic()
    at = erase(built)
    rows = list(log_rows(built.store, built.subject_keys))
    digests = [digest for digest, _ in built.store.blocks_about(ANA)]
    other = [digest for digest, _ in built.store.blocks_about(BEN)][:1]

    for wrong in (digests[1:], digests + other, other):
        report = look(built, rows, lambda position, payload, wrong=wrong: wrong)  # type: ignore[misc]

        assert ("erased-list", at) in {(problem.code, problem.position) for problem in report.problems}
        assert report.erased == 0


def test_without_the_list_what_is_said_to_be_erased_counts_as_withheld() -> None:
    built = clinic()
    erase(built)

    report = look(built, list(log_rows(built.store, built.subject_keys)), lambda position, payload: None)

    assert report.holds
    assert (report.erased, report.withheld) == (0, len(built.store.blocks_about(ANA)))


def test_what_stands_behind_an_erasure_is_not_excused_by_it() -> None:
    digest = "5d" * 32
    payload = clinic().payload(SubjectErased(blocks=counted([digest])), ANA, TWO)[0]
    absences = Absences(lambda position, payload: [digest])
    absences.take(5, payload, SubjectErased(blocks=counted([digest])))

    absences.block(4, digest, claimed=True)
    absences.block(6, digest, claimed=True)

    assert [(problem.position, problem.code) for problem in absences.finish()] == [(6, "block-missing")]
    assert absences.erased == 1


@pytest.mark.parametrize("listed", [True, False])
def test_an_envelope_is_expired_under_the_end_of_its_retention_and_else_missing(listed: bool) -> None:
    built = clinic()
    rows = list(log_rows(built.store, built.subject_keys))
    plan = retention_plan(built.store, built.clock.now.date(), built.retention)
    target = plan.positions[-1]
    envs = [parse_event_entry(rows[position].entry).env for position in plan.positions]
    built.record(RetentionEnded(envelopes=plan.envelopes), GOVERNANCE, *TWO)
    rows = list(log_rows(built.store, built.subject_keys))
    rows[target] = rows[target]._replace(envelope=None, blocks={})

    report = look(built, rows, lambda position, payload: envs if listed else None)

    assert report.expired == int(listed)
    assert [problem.code for problem in report.problems] == ([] if listed else ["envelope-missing"])
