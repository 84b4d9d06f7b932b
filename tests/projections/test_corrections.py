"""What was corrected, voided or reattributed, in every view: what counts, what stays, and what was known then."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.encoding import from_instant, to_instant
from ledger.envelope import parse_envelope
from ledger.errors import Refused
from ledger.follow import place
from ledger.record import Recorder
from ledger.store.port import EventRow
from projections.compliance.gates import gates
from projections.compliance.reader import Compliance
from projections.couple_history import couple_history
from projections.couple_parts import OwnPart
from projections.own_medication import container
from projections.pending import pending
from projections.session_timeline import TimelineRow, timeline
from projections.snapshot import AsOf
from tests.ledger.chart import BESIDE, correction, countersignature, mg, totals, void
from tests.ledger.clinic import ANA, COUPLE, MD1, OWN_A, RN1, SESSION, SLOT_A, SLOT_B, make
from tests.projections.house import House

CORRECTED, COUNTERSIGNED = (RN1, "corrected", "nurse"), (MD1, "countersigned", "prescriber")


class Desk(House):
    """A house in which people say something about entries."""

    def says(self, event: Any, stream: str, *who: Any) -> int:
        return self.record(event, stream, *who).position

    def voids(self, position: int) -> int:
        target = self.at(position)
        return self.says(void(target), target.stream, CORRECTED)

    def signs(self, position: int, **said: str) -> int:
        target = self.at(position)
        return self.says(countersignature(target, **said), target.stream, COUNTERSIGNED)

    def corrects(self, position: int, *changes: Any, **sealed: Any) -> int:
        target = self.at(position)
        return self.says(correction(target, *changes, **sealed), target.stream, CORRECTED)

    def at(self, position: int) -> Any:
        (row,) = self.store.rows(position, 1)
        assert isinstance(row, EventRow)
        return place(self.store, row, self.subject_keys)

    def moves(self, wrong: int, record: str = SLOT_A) -> tuple[int, int, int]:
        """Void, new entry and link, in one request."""
        target = self.at(wrong)
        first = self.submission(void(target), target.stream, [CORRECTED])
        second = self.submission(target.event, record, [(RN1, "performed", "nurse")])
        halves = [parse_envelope(each.envelope) for each in (first, second)]
        named = [{"dig": each.dig, "id": each.payload.id} for each in halves]
        link = make("entry-reattributed/1", voided=named[0], created=named[1])
        third = self.submission(link, BESIDE, [CORRECTED])
        results = self.recorder.record([first, second, third])
        self.clock.forward(minutes=1)
        return tuple(each.position for each in results)  # type: ignore[return-value]  # three were handed in

    def rows(self, **asked: Any) -> dict[int, TimelineRow]:
        return {row.position: row for row in timeline(self.seen(), SESSION, **asked).rows}

    def part(self, slot: str, **asked: Any) -> OwnPart:
        (session,) = couple_history(self.seen(), COUPLE, **asked).sessions
        return next(part for part in session.parts if part.slot == slot)

    def balance(self, **asked: Any) -> str:
        return container(self.seen(), OWN_A, **asked).balance_units


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.open()
    desk.opens()
    desk.hands_in("a")
    return desk


def codes(row: TimelineRow) -> list[str]:
    return [mark.code for mark in row.standing]


def test_a_corrected_mass_reaches_the_balance_and_the_history_with_the_second_signature(desk: Desk) -> None:
    given = desk.gives("a", "100")
    corrected = desk.corrects(given, ("mass", mg("100"), mg("50")))
    assert (desk.balance(), desk.part("a").total_mg) == ("9", "100")
    assert codes(desk.rows()[given]) == ["pending"]

    signed = desk.signs(corrected)

    assert (desk.balance(), desk.part("a").total_mg) == ("9.5", "50")
    row = desk.rows()[given]
    assert (row.phrase[:5], row.was[:6], row.counts) == ("50 mg", "100 mg", True)
    assert row.standing[0].positions == (corrected, signed)
    assert "corrected by RN1" in row.standing[0].words
    assert "mass is 50 mg, was 100 mg; confirmed by MD1" in row.standing[0].words


def test_what_was_known_then_stays_known_then(desk: Desk) -> None:
    given = desk.gives("a", "100")
    before = timeline(desk.seen(), SESSION)
    signed = desk.signs(desk.corrects(given, ("mass", mg("100"), mg("50"))))

    then = AsOf(known_at=before.position)

    assert timeline(desk.seen(), SESSION, as_of=then) == before
    assert desk.balance(as_of=then) == "9"
    assert desk.balance(as_of=AsOf(known_at=signed)) == "9"
    assert desk.balance(as_of=AsOf(known_at=signed + 1)) == "9.5"


def test_a_voided_dose_stays_to_be_seen_and_counts_nowhere(desk: Desk) -> None:
    desk.gives("a", "100")
    twice = desk.gives("a", "100")
    signed = desk.signs(desk.voids(twice))

    row = desk.rows()[twice]
    assert not row.counts
    assert row.phrase.startswith("100 mg sublingual")
    assert row.standing[0].code == "voided"
    assert row.standing[0].positions == (signed - 1, signed)
    assert timeline(desk.seen(), SESSION).summary.partners[0].doses == 1
    sheet = container(desk.seen(), OWN_A)
    assert [(each.kind, each.balance_units, each.counts) for each in sheet.movements] == [
        ("handed-in", "10", True),
        ("dose", "9", True),
        ("dose", "9", False),
    ]
    assert desk.part("a").total_mg == "100"
    assert [each.mg for each in desk.part("a").voided] == ["100"]


def test_a_corrected_time_moves_the_dose_on_both_axes(desk: Desk) -> None:
    given = desk.gives("a", "100")
    at = desk.at(given).payload.occurred.at
    earlier = to_instant(from_instant(at) - timedelta(minutes=3))
    desk.signs(desk.corrects(given, ("occurred.at", at, earlier)))

    row = desk.rows()[given]
    assert (row.at, row.late) == (earlier, ("written 3 min after it happened",))
    assert row.was.startswith("08:")
    assert given in desk.rows(as_of=AsOf(happened_up_to=earlier))


def test_a_sealed_value_is_corrected_under_its_own_seal(desk: Desk) -> None:
    looked = desk.looks_at("a", spo2=89)
    corrected = desk.corrects(looked, clinical=[("spo2", 89, 98)], note="The probe was cold – read again")

    row = desk.rows()[looked]
    assert "SpO2 98" in row.phrase
    assert row.marks == (), "what is abnormal is what counts"
    assert [mark.code for mark in row.standing] == ["corrected", "corrected-sealed"]
    assert "read again" in row.standing[1].words
    open_part = desk.at(corrected).payload.body
    assert "98" not in str(open_part["changes"])
    assert desk.at(corrected).payload.stream == SLOT_A


def test_a_reattributed_dose_moves_whole_and_neither_partner_reads_of_the_other(desk: Desk) -> None:
    wrong = desk.gives("b", "100", container=OWN_A)
    void_at, right, link = desk.moves(wrong)
    assert (desk.part("a").total_mg, desk.part("b").total_mg, desk.balance()) == ("0", "100", "9")

    signed = desk.signs(void_at)

    assert (desk.part("a").total_mg, desk.part("b").total_mg, desk.balance()) == ("100", "0", "9")
    staff = desk.rows()
    assert "reattributed" in codes(staff[wrong])
    assert next(mark for mark in staff[right].standing if mark.code == "reattributed").positions == (link,)
    for partner, mine in (("a", right), ("b", wrong)):
        copy = desk.rows(for_partner=partner)
        assert mine in copy
        assert "reattributed" not in codes(copy[mine])
        told = str([(row.phrase, row.was, row.standing) for row in copy.values()])
        assert "other partner" not in told
        assert "reattrib" not in told
        assert "wrong" not in told
    assert signed not in desk.rows(for_partner="a")


def test_the_bytes_of_neither_record_name_the_other(desk: Desk) -> None:
    wrong = desk.gives("b", "100", container=OWN_A)
    void_at, right, link = desk.moves(wrong)
    desk.signs(void_at)

    for own, other in ((SLOT_A, SLOT_B), (SLOT_B, SLOT_A)):
        theirs = desk.store.stream_rows(other)
        texts = b"".join(base64.b64decode(json.loads(row.envelope)["payload"]) for row in desk.store.stream_rows(own))
        for row in theirs:
            assert row.dig.encode() not in texts
            assert row.event_id.encode() not in texts
        assert b"reattrib" not in texts
        assert BESIDE.encode() not in texts
    assert desk.at(link).stream == BESIDE
    assert SLOT_A not in str(desk.at(link).payload.body)
    assert desk.at(right).stream == SLOT_A


def test_following_live_and_reading_it_all_again_give_the_same(desk: Desk, tmp_path: Path) -> None:
    database, runner = desk.views(tmp_path / "live.db", batch=1)
    wrong = desk.gives("b", "100", container=OWN_A)
    runner.catch_up()
    void_at, _, _ = desk.moves(wrong)
    runner.catch_up()
    desk.signs(void_at)
    runner.catch_up()

    assert timeline(database, SESSION) == timeline(desk.seen(), SESSION)
    assert container(database, OWN_A) == container(desk.seen(), OWN_A)
    assert couple_history(database, COUPLE) == couple_history(desk.seen(), COUPLE)


def test_a_missing_second_signature_is_marked_until_it_comes(desk: Desk) -> None:
    given = desk.gives("a", self_administered=True)
    assert [mark.words for mark in desk.rows()[given].standing] == [
        "still to be signed: observed, by a nurse or prescriber"
    ]

    desk.signs(given, gives="observed")

    assert codes(desk.rows()[given]) == ["confirmed"]


# -- refused, for integrity alone -----------------------------------------------------------------


def refusal(desk: Desk, event: Any, stream: str, *who: Any) -> tuple[str, str]:
    size = desk.store.head().size
    with pytest.raises(Exception) as refused:  # noqa: PT011  # Refused or Invalid, told apart by the code
        desk.record(event, stream, *who)
    assert desk.store.head().size == size, "nothing half done"
    return refused.value.code, refused.value.field  # type: ignore[attr-defined]  # a LedgerError


def test_what_is_said_of_an_entry_that_is_not_there_is_refused(desk: Desk) -> None:
    target = desk.at(desk.gives("a"))
    changed = {"dig": "0" * 64, "id": target.payload.id}
    event = make("entry-voided/1", **void(target).model_dump(exclude={"type"}) | {"target": changed})

    assert refusal(desk, event, SLOT_A, CORRECTED) == ("target-unknown", "target")


def test_what_is_said_on_another_record_is_refused(desk: Desk) -> None:
    assert refusal(desk, void(desk.at(desk.gives("a"))), SLOT_B, CORRECTED) == ("target-elsewhere", "stream")


def test_a_sealed_value_does_not_travel_in_the_open(desk: Desk) -> None:
    event = correction(desk.at(desk.looks_at("a")), ("spo2", 98, 97))

    assert refusal(desk, event, SLOT_A, CORRECTED) == ("correction-field", "changes.spo2")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("colour", "red", "blue"), "correction-field"),
        (("mass.colour", "red", "blue"), "correction-field"),
        (("mass", mg("100"), mg("-1")), "impossible-value"),
        (("mass", mg("100"), "a lot"), "field-value"),
        (("occurred.at", "x", "yesterday"), "field-value"),
    ],
)
def test_what_could_never_have_stood_there_is_refused(desk: Desk, change: Any, code: str) -> None:
    assert refusal(desk, correction(desk.at(desk.gives("a")), change), SLOT_A, CORRECTED)[0] == code


def test_a_correction_of_nothing_is_refused(desk: Desk) -> None:
    assert refusal(desk, correction(desk.at(desk.gives("a"))), SLOT_A, CORRECTED)[0] == "correction-field"


def test_a_countersignature_is_not_corrected_but_given_anew(desk: Desk) -> None:
    said = desk.signs(desk.gives("a"), gives="witnessed")

    assert refusal(desk, void(desk.at(said)), SLOT_A, CORRECTED)[0] == "target-kind"


def test_halves_that_do_not_belong_together_are_refused(desk: Desk) -> None:
    wrong, other = desk.at(desk.gives("b")), desk.at(desk.looks_at("a"))
    void_at = desk.at(desk.voids(wrong.position))
    link = make(
        "entry-reattributed/1",
        voided={"dig": void_at.dig, "id": void_at.payload.id},
        created={"dig": other.dig, "id": other.payload.id},
    )

    assert refusal(desk, link, BESIDE, CORRECTED)[0] == "reattribution-halves"


def test_a_fact_signed_by_its_own_author_again_is_kept_and_does_not_count(desk: Desk) -> None:
    given = desk.gives("a", self_administered=True)
    desk.says(countersignature(desk.at(given), gives="observed"), SLOT_A, (RN1, "countersigned", "nurse"))

    assert codes(desk.rows()[given]) == ["unsigned", "uncounted"]


def test_the_state_of_a_session_knows_the_move_also_after_a_restart(desk: Desk) -> None:
    void_at, _, _ = desk.moves(desk.gives("b", "100", container=OWN_A))
    live = desk.recorder.session(SESSION)
    assert totals(live) == (0, 100)

    desk.signs(void_at)

    live = desk.recorder.session(SESSION)
    assert totals(live) == (100, 0)
    assert desk.restart().session(SESSION) == live


# -- what still lacks a signature -----------------------------------------------------------------


def test_what_lacks_a_signature_is_listed_with_whose_it_is_until_it_is_there(desk: Desk) -> None:
    given = desk.gives("a", self_administered=True)
    corrected = desk.corrects(given, ("mass", mg("100"), mg("50")))

    listed = pending(desk.seen(), session=SESSION).entries
    assert [(each.position, each.slot, each.lacks) for each in listed] == [
        (given, "a", ("observed, by a nurse or prescriber",)),
        (corrected, "a", ("reviewed, by a colleague",)),
    ]
    assert listed == tuple(each for each in pending(desk.seen()).entries if each.session == SESSION)

    desk.signs(given, gives="observed")
    desk.signs(corrected)

    assert pending(desk.seen(), session=SESSION).entries == ()
    assert pending(desk.seen(), session=SESSION, as_of=AsOf(known_at=corrected + 1)).entries == listed


def test_a_disputed_correction_still_waits(desk: Desk) -> None:
    corrected = desk.corrects(desk.gives("a"), ("mass", mg("100"), mg("50")))
    desk.signs(corrected, verdict="disputes")

    assert [each.position for each in pending(desk.seen()).entries] == [corrected]


def test_what_was_voided_asks_for_nothing_any_more(desk: Desk) -> None:
    given = desk.gives("a", self_administered=True)
    desk.signs(desk.voids(given))

    assert pending(desk.seen()).entries == ()


# -- after an erasure, and at the desk ------------------------------------------------------------


def test_after_an_erasure_no_value_of_a_correction_is_left_in_any_view(desk: Desk, tmp_path: Path) -> None:
    looked = desk.looks_at("a", spo2=89)
    desk.corrects(looked, clinical=[("spo2", 89, 98)], note="The probe was cold, read again")
    given = desk.gives("a", "100")
    desk.signs(desk.corrects(given, ("mass", mg("100"), mg("50")), note="Half a lozenge only"))
    database, runner = desk.views(tmp_path / "views.db")
    runner.catch_up()

    desk.subject_keys.destroy(ANA)
    runner.catch_up()

    left = b"".join(path.read_bytes() for path in sorted(tmp_path.glob("views.db*")))
    assert b"probe was cold" not in left
    assert b"Half a lozenge only" not in left
    rows = {row.position: row for row in timeline(database, SESSION).rows}
    assert "values withheld" in rows[looked].phrase
    assert rows[given].phrase.startswith("50 mg"), "what stands open is corrected still"
    assert container(database, OWN_A).balance_units == "9.5"


def test_at_the_desk_nobody_countersigns_their_own_entry(desk: Desk) -> None:
    compliance = Compliance(desk.store, desk.subject_keys)
    desk.recorder = Recorder(
        desk.store, desk.head_store, (desk.signer,), desk.subject_keys, desk.clock, desk.entropy, gates(compliance)
    )
    given = desk.gives("a", self_administered=True)
    own = countersignature(desk.at(given), gives="observed")

    with pytest.raises(Refused) as refused:
        desk.says(own, SLOT_A, (RN1, "countersigned", "nurse"))

    assert refused.value.code == "gate-closed"
    assert [(each.rule, each.override, each.evidence) for each in refused.value.objections] == [
        ("REC-03", None, (given,))
    ]
    assert desk.signs(given, gives="observed") > given, "a colleague may"


def test_the_author_of_a_wrong_entry_countersigns_a_colleagues_correction_at_the_desk(desk: Desk) -> None:
    compliance = Compliance(desk.store, desk.subject_keys)
    desk.recorder = Recorder(
        desk.store, desk.head_store, (desk.signer,), desk.subject_keys, desk.clock, desk.entropy, gates(compliance)
    )
    given = desk.at(desk.gives("a"))
    by_md1 = desk.says(void(given), SLOT_A, (MD1, "corrected", "prescriber"))

    desk.says(countersignature(desk.at(by_md1)), SLOT_A, (RN1, "countersigned", "nurse"))

    assert desk.part("a").total_mg == "0"


def test_a_joint_entry_is_corrected_for_each_partner_apart(desk: Desk) -> None:
    opened = next(row.position for row in desk.rows().values() if row.type == "session-opened/1")
    desk.corrects(opened, clinical_b=[("role_b", "dosing", "sober-support")], note_b="B only watches")

    row = desk.rows()[opened]
    assert "B: here for sober-support" in row.phrase
    told = {partner: desk.rows(for_partner=partner)[opened] for partner in ("a", "b")}
    assert "B only watches" in str(told["b"].standing)
    assert "B only watches" not in str(told["a"].standing)
    assert "sober-support" not in str((told["a"].standing, told["a"].phrase, told["a"].was))
