"""
The retreat weekend, played whole: every event of scenario S1 at its minute, and what must follow from them.

Given the story file; when it is played into an empty ledger; then …
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from api.folder import signed_head
from api.play_story import StoryLedger, play_story
from api.story.script import read_script
from ledger.audit import audit
from ledger.block import parse_block
from ledger.encoding import from_instant, to_instant
from ledger.envelope import parse_envelope
from ledger.events.dosing import DoseAdministered, DoseDeclined
from ledger.events.keys import KeyEnrolled
from ledger.events.measures import BloodPressure
from ledger.events.release import DischargeAssessed, NoDrivingReleaseSigned, ReleaseAuthorised
from ledger.events.stock import OwnMedicationCheckedIn, OwnMedicationCheckedOut
from ledger.events.supervision import SupervisionChecked
from ledger.follow import events_from, log_rows
from ledger.reading import PlacedEvent
from ledger.session import Session, replay
from ledger.store.port import EventRow, HeadsRow
from ledger.vocabulary import Slot
from tests.conftest import WEEKEND
from tests.ledger.clinic import Entropy
from tests.stories.event_list import event_list
from tests.stories.told import Told

NEW_YORK = ZoneInfo("America/New_York")

LIST = event_list("retreat-weekend.txt")
"""Every event that scenario S1 prints or takes for granted."""

BESIDES = {
    "ledger-opened": 1,
    "staff-registered": 5,
    "key-enrolled": 9,
    "credential-granted": 6,
    "protocol-published": 1,
    "participant-registered": 2,
    "couple-registered": 1,
    "session-scheduled": 2,
    "sharing-preference-recorded": 2,
    "session-phase-changed": 20,
    "dose-authorised": 5,
    "dose-offered": 2,
}
"""What the story has besides: people, keys, plans, phases, permissions and offers."""


@pytest.fixture(scope="module")
def events(weekend: StoryLedger) -> list[PlacedEvent]:
    """The whole weekend, with everything sealed opened."""
    ledger = weekend.ledger
    return list(events_from(ledger.store, ledger.subject_keys, 0, 10_000))


@pytest.fixture(scope="module")
def told(weekend: StoryLedger) -> Told:
    return Told(weekend, ("Ana", "Ben"))


def event_rows(weekend: StoryLedger) -> list[EventRow]:
    return [row for row in weekend.ledger.store.rows(0, 10_000) if isinstance(row, EventRow)]


def record_of(stream: str, ids: dict[str, str]) -> str:
    """The story's name of a record: `Sat/Ana` for the stream session/…/a."""
    slots = {
        f"{ids[title]}/{slot}": f"{title}/{who}"
        for title in ("Sat", "Sun")
        for slot, who in (("a", "Ana"), ("b", "Ben"))
    }
    names = {known: name for name, known in ids.items()}
    return slots.get(stream) or names.get(stream, stream)


def local(instant: str) -> str:
    return f"{from_instant(instant).astimezone(NEW_YORK):%Y-%m-%d %H:%M}"


def kind_of(placed: PlacedEvent) -> str:
    return placed.payload.type.partition("/")[0]


# -- the record as a whole


def test_the_audit_finds_nothing(weekend: StoryLedger) -> None:
    ledger = weekend.ledger
    head = signed_head(ledger.folder)
    assert head is not None

    report = audit(log_rows(ledger.store, ledger.subject_keys), ledger.store.checkpoints(), ledger.pin, held=[head])

    assert report.problems == ()
    assert report.disputed == report.quarantined == report.unread == ()
    assert report.withheld == 0
    assert report.size == ledger.store.head().size


def test_every_event_of_the_list_is_there_at_its_minute_and_nothing_unexpected(told: Told) -> None:
    assert sorted(each.number for each in LIST) == list(range(1, 126))
    assert told.besides(LIST) == BESIDES
    assert len(told.events) == len(LIST) + sum(BESIDES.values()) == 181


def test_every_value_of_the_list_is_the_value_recorded(told: Told) -> None:
    assert told.compare(LIST) == 388


@pytest.mark.parametrize(
    ("number", "field", "other"),
    [
        (38, "mg", "90"),
        (45, "CADSS-6", "7"),
        (65, "no_drive_until", "2026-05-17 10:49 EDT"),
        (119, "counted", "{own-A: 6}"),
    ],
)
def test_a_value_that_is_not_the_recorded_one_is_found(told: Told, number: int, field: str, other: str) -> None:
    changed = [replace(each, values=each.values | {field: other}) if each.number == number else each for each in LIST]

    with pytest.raises(AssertionError, match=f"#{number} "):
        told.compare(changed)


def test_the_same_entropy_gives_the_same_ledger_byte_for_byte(weekend: StoryLedger, tmp_path: Path) -> None:
    again = play_story(read_script(WEEKEND), tmp_path / "again", Entropy("weekend"))

    assert again.ledger.store.rows(0, 10_000) == weekend.ledger.store.rows(0, 10_000)
    assert again.ledger.store.head() == weekend.ledger.store.head()
    for row in event_rows(weekend):
        assert again.ledger.store.blocks_of(row.position) == weekend.ledger.store.blocks_of(row.position)
    again.ledger.store.close()


def test_the_ledger_receives_everything_at_the_storys_own_time(weekend: StoryLedger) -> None:
    for played in weekend.played:
        assert played.recorded.received_at == to_instant(played.step.recorded)


def test_every_day_begins_with_a_commitment_to_all_records(weekend: StoryLedger, events: list[PlacedEvent]) -> None:
    first_of_day: dict[str, int] = {}
    for placed in events:
        first_of_day.setdefault(placed.received_at[:10], placed.position)
    heads = {row.position for row in weekend.ledger.store.rows(0, 10_000) if isinstance(row, HeadsRow)}

    later_days = [position for position in first_of_day.values() if position > 0]
    assert len(later_days) == 7
    assert {position - 1 for position in later_days} <= heads


def test_both_slots_of_a_session_get_their_keys_together_before_anybody_signs_with_them(
    weekend: StoryLedger, events: list[PlacedEvent]
) -> None:
    enrolled = {placed.event.owner: placed for placed in events if isinstance(placed.event, KeyEnrolled)}
    for title in ("Sat", "Sun"):
        a, b = (enrolled[f"{weekend.player.ids[title]}/{slot}"] for slot in ("a", "b"))
        assert b.position == a.position + 1
        assert a.received_at == b.received_at
        assert local(a.received_at) < "2026-05-15 16:20"


# -- who may not drive, until when


@pytest.mark.parametrize(
    ("title", "slot", "released", "departed", "until"),
    [
        ("Sat", "a", "2026-05-16 13:12", "2026-05-16 13:15", "2026-05-17 10:50 EDT"),
        ("Sat", "b", "2026-05-16 13:14", "2026-05-16 13:15", "2026-05-17 10:07 EDT"),
        ("Sun", "a", "2026-05-17 13:10", "2026-05-17 17:00", "2026-05-18 10:02 EDT"),
        ("Sun", "b", "2026-05-17 13:10", "2026-05-17 17:00", "2026-05-18 10:04 EDT"),
    ],
)
def test_each_partner_is_released_until_exactly_24_hours_after_the_last_dose(
    weekend: StoryLedger, events: list[PlacedEvent], title: str, slot: Slot, released: str, departed: str, until: str
) -> None:
    session = session_of(weekend, events, title)
    partner = session.partner(slot)

    assert session.status == "closed"
    assert (local(partner.released_at or ""), local(partner.departed_at or "")) == (released, departed)
    assert partner.released_until is not None
    assert partner.released_until.local == until
    assert partner.released_until == partner.promised_until
    assert partner.last_dose is not None
    waited = from_instant(partner.released_until.at) - from_instant(partner.last_dose.at)
    assert waited.total_seconds() == 24 * 3600
    assert partner.monitors == frozenset()


def session_of(weekend: StoryLedger, events: list[PlacedEvent], title: str) -> Session:
    known = weekend.player.ids[title]
    return replay(known, (placed for placed in events if placed.stream.startswith(known)))


def test_what_is_signed_and_what_is_released_say_the_same_time(events: list[PlacedEvent]) -> None:
    signed = {p.stream: p.event.no_drive_until for p in events if isinstance(p.event, NoDrivingReleaseSigned)}
    released = {p.stream: p.event.no_drive_until for p in events if isinstance(p.event, ReleaseAuthorised)}

    assert len(signed) == 4
    assert signed == released


# -- values


@pytest.mark.parametrize(
    ("record", "readings"),
    [
        ("Sat/Ana", "128/80 132/84 134/86 138/86 136/84 132/82 130/82 126/80 124/80 122/78"),
        ("Sat/Ben", "136/86 142/90 146/92 144/90 138/88 134/86 132/84 130/82"),
        ("Sun/Ana", "124/80 124/80 136/84 124/80 124/80 124/80 124/80 124/80 124/80 120/78"),
        ("Sun/Ben", "130/84 130/84 130/84 130/84 130/84 130/84 130/84 130/84 130/84 128/82"),
    ],
)
def test_blood_pressures_after_the_dose_are_those_of_the_scenario(
    weekend: StoryLedger, events: list[PlacedEvent], record: str, readings: str
) -> None:
    found = []
    for placed in events:
        if record_of(placed.stream, weekend.player.ids) != record:
            continue
        if isinstance(placed.event, SupervisionChecked | DischargeAssessed):
            assert isinstance(placed.event.blood_pressure, BloodPressure)
            found.append(f"{placed.event.blood_pressure.systolic}/{placed.event.blood_pressure.diastolic}")

    assert " ".join(found) == readings


def test_the_lozenges_add_up_to_the_unit(weekend: StoryLedger, events: list[PlacedEvent]) -> None:
    left: dict[str, Decimal] = {}
    strength: dict[str, Decimal] = {}
    after_saturday: dict[str, Decimal] = {}
    counted: dict[str, Decimal] = {}
    for placed in events:
        match placed.event:
            case OwnMedicationCheckedIn() as handed_in:
                left[placed.stream] = Decimal(handed_in.count)
                strength[placed.stream] = handed_in.strength.mg
            case DoseAdministered() as dose:
                left[dose.container] -= dose.mass.mg / strength[dose.container]
                assert dose.units is not None
                assert Decimal(dose.units) == dose.mass.mg / strength[dose.container]
                if placed.stream.startswith(weekend.player.ids["Sat"]):
                    after_saturday = dict(left)
            case OwnMedicationCheckedOut() as handed_out:
                counted[placed.stream] = Decimal(handed_out.count)
            case _:
                pass

    ana, ben = weekend.player.ids["own-A"], weekend.player.ids["own-B"]
    assert after_saturday == {ana: Decimal("8.5"), ben: Decimal(9)}
    assert left == counted == {ana: Decimal(7), ben: Decimal(8)}


# -- what nobody else may read


def test_ben_saying_no_is_told_only_in_his_own_sensitive_block(weekend: StoryLedger, events: list[PlacedEvent]) -> None:
    store, subject_keys, ids = weekend.ledger.store, weekend.ledger.subject_keys, weekend.player.ids
    (decline,) = [placed for placed in events if isinstance(placed.event, DoseDeclined)]
    assert decline.stream == f"{ids['Sat']}/b"
    assert decline.payload.body == {}
    assert isinstance(decline.event, DoseDeclined)
    reason = decline.event.reason_class
    assert isinstance(reason, str)

    blocks = {
        (row.position, sealed.digest): sealed for row in event_rows(weekend) for sealed in store.blocks_of(row.position)
    }
    holding = []
    for log_row in log_rows(store, subject_keys):
        for digest, text in log_row.blocks.items():
            assert isinstance(text, str)
            if reason in str(parse_block(text).value):
                holding.append(blocks[log_row.position, digest])
    assert [(sealed.name, sealed.subject) for sealed in holding] == [("b/sensitive", ids["Ben"])]

    for row in event_rows(weekend):
        assert reason not in open_text(row)
    for path in weekend.ledger.folder.root.glob("ledger.db*"):
        assert reason.encode() not in path.read_bytes()


@pytest.mark.parametrize(
    "word", ["Ana", "Ben", "Almeida", "Brandt", "Chapel", "Hudson", "0101", "0102", "P-014", "Rx 774"]
)
def test_no_name_address_phone_or_pseudonym_is_open(weekend: StoryLedger, word: str) -> None:
    for row in event_rows(weekend):
        assert not re.search(rf"\b{re.escape(word)}", without_hex(open_text(row)))


def test_a_person_is_named_in_the_open_only_on_their_own_record_and_with_their_key(weekend: StoryLedger) -> None:
    for name in ("Ana", "Ben"):
        known = weekend.player.ids[name]
        assert {row.stream for row in event_rows(weekend) if known in open_text(row)} == {known, "keys"}


def open_text(row: EventRow) -> str:
    """Everything of an event that every holder can read."""
    return parse_envelope(row.envelope).payload.bytes().decode()


def without_hex(text: str) -> str:
    """Without ids, keys and digests, in which any four digits may stand by chance."""
    return re.sub(r"[0-9a-f]{12,}", "", text)


# -- the file


def test_the_story_reads_in_the_order_of_time() -> None:
    steps = read_script(WEEKEND).steps

    assert [step.recorded for step in steps] == sorted(step.recorded for step in steps)
    assert steps[0].at == datetime(2024, 6, 1, 8, 10, tzinfo=NEW_YORK)
    assert steps[-1].at == datetime(2026, 5, 21, 18, 0, tzinfo=NEW_YORK)


def test_what_was_shown_and_signed_is_the_text_beside_the_story(events: list[PlacedEvent]) -> None:
    texts = {hashlib.sha256(path.read_bytes()).hexdigest(): path.name for path in (WEEKEND.parent / "texts").iterdir()}
    shown = {kind_of(placed): texts[text] for placed in events if (text := placed.payload.body.get("text"))}

    assert shown == {
        "consent-form-published": "consent-kap-v3.txt",
        "consent-signed": "consent-kap-v3.txt",
        "transport-plan-signed": "transport-v1.txt",
        "no-driving-acknowledged": "no-driving-v1.txt",
        "no-driving-release-signed": "no-driving-v1.txt",
    }
