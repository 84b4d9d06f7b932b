"""
The retreat weekend, played whole: every event of scenario S1 at its minute, and what must follow from them.

Given the story file; when it is played into an empty ledger; then …
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
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

NEW_YORK = ZoneInfo("America/New_York")

SCENARIO = """
2024-06-01
    RN1         credential-granted                09:00 09:00 09:00 09:00
    MD1         credential-granted                09:00 09:00 09:00 09:00 09:00
    R-1         location-registered               09:00
    consent-kap consent-form-published            09:00
2026-05-05
    Ana         evaluation-completed              10:00
    Ben         evaluation-completed              10:00
    Ana         private-safety-screen-completed   10:20
    Ben         private-safety-screen-completed   10:20
    Ana         consent-signed                    10:30
    Ben         consent-signed                    10:30
    Ana         order-signed                      10:40
    Ben         order-signed                      10:40
2026-05-07
    Ana         preparation-session-held          17:00
    Ben         preparation-session-held          17:00
2026-05-15
    own-A       own-medication-checked-in         16:20
    own-B       own-medication-checked-in         16:20
    Ana         preparation-session-held          18:00
    Ben         preparation-session-held          18:00
2026-05-16
    R-1         emergency-readiness-checked       08:30
    Sat         session-opened                    09:30
    Sat         monitor-assigned                  09:30
    Sat/Ana     participant-checked-in            09:40
    Sat/Ben     participant-checked-in            09:42
    Sat/Ana     pre-dose-assessed                 09:50
    Sat/Ben     pre-dose-assessed                 09:53
    Sat/Ana     transport-plan-signed             09:56
    Sat/Ana     no-driving-acknowledged           09:56
    Sat/Ben     transport-plan-signed             09:57
    Sat/Ben     no-driving-acknowledged           09:57
    Sat/Ana     dose-prepared                     10:05 10:50
    Sat/Ana     dose-administered                 10:05 10:50
    Sat/Ben     dose-prepared                     10:07
    Sat/Ben     dose-administered                 10:07
    Sat/Ana     supervision-checked               10:20 10:35 10:45 11:05 11:20 11:35 11:50 12:20 12:50
    Sat/Ben     supervision-checked               10:21 10:36 10:47 11:06 11:36 12:06 12:36
    Sat/Ben     dose-declined                     10:52
    Sat         monitor-handover                  12:00 12:25
    Sat/Ana     discharge-assessed                13:06
    Sat/Ben     discharge-assessed                13:08
    Sat/Ana     no-driving-release-signed         13:10
    Sat/Ben     no-driving-release-signed         13:11
    Sat/Ana     release-authorised                13:12
    Sat/Ben     release-authorised                13:14
    Sat/Ana     participant-departed              13:15
    Sat/Ben     participant-departed              13:15
    Sat         session-closed                    13:30
2026-05-17
    R-1         emergency-readiness-checked       08:40
    Sat/Ana     follow-up-contact-made            09:20
    Sat/Ben     follow-up-contact-made            09:20
    Sun         session-opened                    09:30
    Sun         monitor-assigned                  09:30
    Sun/Ana     participant-checked-in            09:36
    Sun/Ben     participant-checked-in            09:38
    Sun/Ana     pre-dose-assessed                 09:46
    Sun/Ben     pre-dose-assessed                 09:48
    Sun/Ana     transport-plan-signed             09:52
    Sun/Ana     no-driving-acknowledged           09:52
    Sun/Ben     transport-plan-signed             09:53
    Sun/Ben     no-driving-acknowledged           09:53
    Sun/Ana     dose-prepared                     10:02
    Sun/Ana     dose-administered                 10:02
    Sun/Ben     dose-prepared                     10:04
    Sun/Ben     dose-administered                 10:04
    Sun/Ana     supervision-checked               10:17 10:32 10:42 10:47 11:02 11:32 12:02 12:32 13:02
    Sun/Ben     supervision-checked               10:19 10:34 10:44 10:49 11:04 11:34 12:04 12:34 13:04
    Sun/Ana     discharge-assessed                13:05
    Sun/Ben     discharge-assessed                13:07
    Sun/Ana     escort-verified                   13:08 16:55
    Sun/Ben     escort-verified                   13:08 16:55
    Sun/Ana     no-driving-release-signed         13:08
    Sun/Ben     no-driving-release-signed         13:09
    Sun/Ana     release-authorised                13:10
    Sun/Ben     release-authorised                13:10
    Sun/Ben     transport-plan-deviation-recorded 15:40
    own-A       own-medication-checked-out        16:40
    own-B       own-medication-checked-out        16:40
    Sun/Ana     participant-departed              17:00
    Sun/Ben     participant-departed              17:00
    Sun         session-closed                    17:20
2026-05-18
    Sun/Ana     follow-up-contact-made            09:45
    Sun/Ben     follow-up-contact-made            09:45
2026-05-21
    Sun/Ana     integration-session-held          18:00
    Sun/Ben     integration-session-held          18:00
"""
"""Every event that scenario S1 prints or takes for granted: whose record, which type, at which local times."""

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


def event_rows(weekend: StoryLedger) -> list[EventRow]:
    return [row for row in weekend.ledger.store.rows(0, 10_000) if isinstance(row, EventRow)]


def scenario() -> Iterator[tuple[str, str, str]]:
    """Local time, record and type of each event of the scenario."""
    date = ""
    for line in SCENARIO.strip().splitlines():
        if not line.startswith(" "):
            date = line
            continue
        record, kind, *times = line.split()
        yield from ((f"{date} {time}", record, kind) for time in times)


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


def test_every_event_of_the_scenario_is_there_at_its_minute_and_nothing_unexpected(
    weekend: StoryLedger, events: list[PlacedEvent]
) -> None:
    told = Counter(scenario())
    recorded = Counter(
        (local(placed.payload.occurred.at), record_of(placed.stream, weekend.player.ids), kind_of(placed))
        for placed in events
    )

    assert told.total() == 125
    assert told - recorded == Counter()
    besides = Counter[str]()
    for (_, _, kind), count in (recorded - told).items():
        besides[kind] += count
    assert besides == BESIDES
    assert len(events) == 125 + sum(BESIDES.values()) == 181


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
