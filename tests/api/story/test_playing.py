"""Playing a story: who signs with which key, what the ledger holds afterwards, and the page that explains it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.folder import signed_head
from api.play_story import StoryLedger, play_story
from api.story.clock import StoryClock
from api.story.player import Player
from api.story.script import read_script
from ledger.audit import audit
from ledger.errors import LedgerError
from ledger.events.supervision import SupervisionChecked
from ledger.follow import events_from, log_rows
from ledger.reading import PlacedEvent
from tests.api.story.writing import played, written
from tests.ledger.clinic import Entropy

PAGE = Path(__file__).parents[3] / "docs" / "stories.md"
OWN = """
- {at: 09:40, event: own-medication-checked-in, for: own-A, by: [Ana in First, RN1 as custodian, MD1 (observed)],
   code: own-A, owner: Ana, session: First, drug: ketamine, form: lozenge, strength: 100 mg, count: 10, pharmacy: X,
   prescription: Y}
- {at: 09:41, event: no-driving-acknowledged, for: First/Ana, by: [Ana, RN1], text: %s, version: v1, understood: yes}
- {at: 10:20, usual: check, for: First/Ana, by: MD1}
""" % ("a" * 64)


def events(story: StoryLedger) -> list[PlacedEvent]:
    """All that was recorded, with everything sealed opened."""
    return list(events_from(story.ledger.store, story.ledger.subject_keys, 0, 1_000))


def the_audit_holds(story: StoryLedger) -> None:
    """The oracle: the whole log is checked from its bytes."""
    ledger = story.ledger
    head = signed_head(ledger.folder)
    assert head is not None
    report = audit(log_rows(ledger.store, ledger.subject_keys), ledger.store.checkpoints(), ledger.pin, held=[head])
    assert report.problems == ()
    assert report.disputed == report.quarantined == ()


def test_each_signs_with_the_key_and_in_the_role_that_the_event_asks_for(tmp_path: Path) -> None:
    story = played(tmp_path, OWN)
    ids = story.player.ids
    handed_in, acknowledged, check = events(story)[-3:]

    def signed(placed: PlacedEvent) -> list[tuple[str, str, str]]:
        return [(signer.by, signer.meaning, signer.role) for signer in placed.payload.attested]

    assert signed(handed_in) == [
        (f"{ids['First']}/a", "relinquished", "participant"),
        (ids["RN1"], "received", "custodian"),
        (ids["MD1"], "observed", "prescriber"),
    ]
    assert signed(acknowledged) == [
        (f"{ids['First']}/a", "acknowledged", "participant"),
        (ids["RN1"], "witnessed", "nurse"),
    ]
    assert signed(check) == [(ids["MD1"], "performed", "prescriber")]
    the_audit_holds(story)


def test_keys_and_seeds_are_at_hand_by_owner(tmp_path: Path) -> None:
    player = played(tmp_path, OWN).player
    owners = {player.ids[name] for name in ("MD1", "PT1", "RN1")} | {f"{player.ids['First']}/{slot}" for slot in "ab"}

    assert set(player.keys) == set(player.seeds) == owners


def test_a_late_entry_keeps_both_times_and_stands_where_it_was_recorded(tmp_path: Path) -> None:
    story = played(
        tmp_path,
        "- {at: 10:35, usual: check, for: First/Ana, spo2: 97}\n"
        "- {at: 10:20, recorded: 10:40, usual: check, for: First/Ana, spo2: 96}",
    )
    on_time, late = (placed for placed in events(story) if isinstance(placed.event, SupervisionChecked))

    assert on_time.position < late.position
    assert late.payload.occurred.at == "2026-05-02T14:20:00.000000Z"
    assert late.payload.recorded_at == late.received_at == "2026-05-02T14:40:00.000000Z"
    assert (late.payload.occurred.zone, late.payload.occurred.offset) == ("America/New_York", -240)
    the_audit_holds(story)


def test_the_same_entropy_gives_the_same_bytes_and_another_gives_others(tmp_path: Path) -> None:
    first, again, other = (played_in(tmp_path / folder, seed) for folder, seed in (("1", "x"), ("2", "x"), ("3", "y")))

    assert first == again
    assert first != other


def played_in(folder: Path, seed: str) -> list[object]:
    folder.mkdir()
    story = played(folder, OWN, seed)
    rows = story.ledger.store.rows(0, 1_000)
    story.ledger.store.close()
    return list(rows)


def test_a_refused_step_leaves_ledger_and_keys_as_they_were(tmp_path: Path) -> None:
    story = play_story(read_script(written(tmp_path, OWN)), tmp_path / "ledger", Entropy())
    enrol = next(step for step in story.player.script.steps if step.enrol == "First")
    keys, head = dict(story.player.keys), story.ledger.store.head()

    with pytest.raises(LedgerError) as refusal:
        story.player.play(story.recorder, enrol)  # yesterday: the ledger's clock does not go back

    assert refusal.value.code == "clock-stepped-back"
    assert refusal.value.message.startswith(f"small.yaml line {enrol.line}: ")
    assert story.player.keys == keys
    assert story.ledger.store.head() == head


def test_a_whole_story_is_read_before_anything_is_signed(tmp_path: Path) -> None:
    script = read_script(written(tmp_path, OWN))

    player = Player(script, StoryClock(script.opened), Entropy())

    assert player.keys == {}


def test_the_story_in_the_documentation_plays(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "example.yaml"
    path.write_text(example, encoding="utf-8")

    story = play_story(read_script(path), tmp_path / "ledger", Entropy())

    assert [placed.payload.type for placed in events(story)][-4:] == [
        "own-medication-checked-in/1",
        "dose-administered/1",
        "supervision-checked/1",
        "supervision-checked/1",
    ]
    the_audit_holds(story)
