"""
What every store promises about envelopes that are no longer kept, on a real ledger with real signatures.

A store joins with a subclass of `EndingContract` that says how a ledger is opened, as for `StoreContract`.
"""

from __future__ import annotations

from contextlib import suppress

import pytest

from ledger.absences import counted
from ledger.encoding import to_instant
from ledger.entry import EventEntry, stream_tag
from ledger.envelope import parse_envelope
from ledger.erasure import Retention
from ledger.errors import Refused
from ledger.events.base import Event
from ledger.events.erasure import LegalHoldPlaced, RetentionEnded, SubjectErased
from ledger.events.expired import NoLongerKept
from ledger.follow import events_from
from ledger.retention import retention_plan
from ledger.store.port import Ending, EventRow, NewEvent, Store, Writing
from tests.ledger.clinic import ANA, MD1, ORIGIN, RN1, SLOT_A, Clinic, check
from tests.ledger.store_contract import Opener, check_log
from tests.ledger.test_absences import GOVERNANCE, TWO

PRIVACY = "privacy-officer"
NO_YEARS = Retention(chart_years=0, controlled_years=0, records_years=0)


def ended(store: Store, name: str = "ending") -> tuple[Clinic, int]:
    """A clinic on this store, and where the end of everything that could end stands; nothing is removed yet."""
    built = Clinic(store=store, retention=NO_YEARS, seed=name).open()
    built.dose(SLOT_A)
    plan = retention_plan(store, built.clock.now.date(), NO_YEARS)
    return built, built.record(RetentionEnded(envelopes=plan.envelopes), GOVERNANCE, *TWO).position


class EndingContract:
    """The suite; `open_ledger` is the store's own."""

    @pytest.fixture
    def open_ledger(self) -> Opener:
        raise NotImplementedError

    @pytest.fixture
    def store(self, open_ledger: Opener) -> Store:
        return open_ledger(ORIGIN)

    def test_a_store_in_which_nothing_ended_says_so(self, store: Store) -> None:
        assert (list(store.endings()), list(store.ended(3)), store.ended_under(3)) == ([], [], None)

    def test_the_list_is_kept_with_the_event_and_removes_nothing_by_itself(self, store: Store) -> None:
        _, under = ended(store)

        assert list(store.endings()) == [Ending(under, removed=False, forgotten=False)]
        listed = store.ended(under)
        assert listed == sorted(listed)
        assert len(listed) >= 5
        assert {store.ended_under(position) for position in listed} == {under}
        assert all(row.envelope for row in store.rows(0, 100) if isinstance(row, EventRow))

    def test_a_removal_takes_envelopes_and_blocks_and_leaves_everything_else(self, store: Store) -> None:
        _, under = ended(store)
        before, head = list(store.rows(0, 100)), store.head()
        blocks = {row.position: list(store.blocks_of(row.position)) for row in before}
        listed = store.ended(under)

        store.remove_ended(under)
        store.remove_ended(under)
        assert store.forget_removed()

        assert store.endings()[0].removed
        assert store.endings()[0].forgotten
        assert store.head() == head
        for row in before:
            now = store.row(row.position)
            if row.position in listed and isinstance(row, EventRow):
                assert now == row._replace(envelope=b"")
                emptied = [block._replace(stored=b"") for block in blocks[row.position]]
                assert list(store.blocks_of(row.position)) == emptied
                assert store.by_dig(row.dig) == now
            else:
                assert now == row
                assert list(store.blocks_of(row.position)) == blocks[row.position]
        check_log(store)

    def test_a_reader_gets_what_stands_in_its_place(self, store: Store) -> None:
        built, under = ended(store)
        listed = store.ended(under)

        store.remove_ended(under)

        placed = {each.position: each for each in events_from(store, built.subject_keys, 0, 100)}
        assert {p for p, each in placed.items() if isinstance(each.event, NoLongerKept)} == set(listed)
        assert all(placed[p].event == NoLongerKept(kind=placed[p].payload.type, under=under) for p in listed)

    def test_nothing_is_removed_under_what_is_no_end_of_retention(self, store: Store) -> None:
        built, under = ended(store)
        rows = list(store.rows(0, 100))

        for position in (0, under - 1, under + 1):
            with pytest.raises(Refused) as caught:
                store.remove_ended(position)
            assert caught.value.code == "not-ended"

        assert list(store.rows(0, 100)) == rows
        assert built.recorder.receipt(under)

    def test_nothing_is_removed_by_a_list_that_is_not_the_signed_one(self, store: Store) -> None:
        built = Clinic(store=store, retention=NO_YEARS).open()
        built.record(LegalHoldPlaced(hold="H-1", authority="Court", note=None), ANA, (MD1, "performed", PRIVACY))
        plan = retention_plan(store, built.clock.now.date(), NO_YEARS)
        size = store.head().size
        with store.writing() as writing:
            event = forged(built, RetentionEnded(envelopes=plan.envelopes), writing)
            under = writing.append(event)
            writing.keep_ending(under, [row.position for row in store.rows(0, size) if is_of(row, ANA)])

        with pytest.raises(Refused) as caught:
            store.remove_ended(under)

        assert caught.value.code == "not-ended"
        assert all(row.envelope for row in store.rows(0, size) if isinstance(row, EventRow))

    def test_a_list_that_its_transaction_undid_is_not_kept(self, store: Store) -> None:
        built = Clinic(store=store, retention=NO_YEARS).open()
        size = store.head().size
        with store.writing() as writing:
            event = forged(built, RetentionEnded(envelopes=counted([])), writing)
            with suppress(ZeroDivisionError), writing.savepoint():
                writing.keep_ending(writing.append(event), [2])
                1 / 0  # noqa: B018

        assert list(store.endings()) == []
        assert store.head().size == size

    def test_an_ended_content_handed_in_again_gives_its_first_place(self, store: Store) -> None:
        built = Clinic(store=store, retention=NO_YEARS).open()
        submission = built.submission(check(), SLOT_A, [(RN1, "performed", "nurse")])
        first = built.recorder.record([submission])[0]
        plan = retention_plan(store, built.clock.now.date(), NO_YEARS)
        under = built.record(RetentionEnded(envelopes=plan.envelopes), GOVERNANCE, *TWO).position
        store.remove_ended(under)

        again = built.recorder.record([submission])[0]

        assert again.repeated
        assert again.position == first.position
        assert first.position in plan.positions

    def test_who_is_erased_afterwards_has_the_same_list_of_blocks(self, store: Store) -> None:
        _, under = ended(store)
        before = list(store.blocks_about(ANA))

        store.remove_ended(under)

        assert list(store.blocks_about(ANA)) == before
        assert not store.has_event(ANA, SubjectErased.type_tag())


def is_of(row: object, stream: str) -> bool:
    return isinstance(row, EventRow) and row.stream == stream


def forged(built: Clinic, event: Event, writing: Writing) -> NewEvent:
    """An event that somebody with the file puts there, past the recorder."""
    envelope = parse_envelope(built.submission(event, GOVERNANCE, TWO).envelope)
    tag = stream_tag(ORIGIN, GOVERNANCE)
    end = writing.stream_end(tag)
    at = to_instant(built.clock.now)
    prev, version = (None, 1) if end is None else (end.leaf.hex(), end.version + 1)
    entry = EventEntry(env=envelope.env, prev=prev, received_at=at, stream=tag, version=version)
    return NewEvent(
        entry=entry.bytes(),
        tag=tag,
        version=version,
        received_at=at,
        stream=GOVERNANCE,
        type=event.type,
        event_id=envelope.payload.id,
        dig=envelope.dig,
        envelope=envelope.raw,
        blocks=(),
    )
