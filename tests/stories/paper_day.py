"""
Story S4 with its day on paper: the same lines as the story tells, typed in two days later from a sheet.

What was recorded before that day is played as ever; so is what happens afterwards.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from api.folder import fresh_origin, make_ledger
from api.key_file import write_key
from api.paper.countersigning import countersignature
from api.paper.names import Scan, look_up
from api.paper.sheet import Sheet, sheet_of
from api.paper.transcribing import Plan, Typing, Typist, signed_with
from api.play_story import StoryLedger
from api.story.clock import StoryClock
from api.story.player import Played, Player
from api.story.script import read_script
from ledger.errors import LedgerError
from ledger.payload import Seen
from ledger.record import Recorded, Submission
from projections import VIEWS
from projections.pending import to_countersign
from projections.runner import Runner
from projections.tables import ViewDatabase
from tests.conftest import WEEKEND
from tests.ledger.clinic import Entropy

STORY = WEEKEND.with_name("one-partner-declines.yaml")
DAY = "2026-09-12"
SCAN = b"TEST ONLY: the scan of two pages"
DOCUMENT = hashlib.sha256(SCAN).hexdigest()
AFTERWARDS = f"  # {'-' * 64} afterwards"
NAMED_BEFORE = ("protocol", "order-A", "order-B")


@dataclass
class PaperDay:
    """A ledger up to the evening before, and who types the day in."""

    story: StoryLedger
    clock: StoryClock
    labels: dict[str, int]

    @property
    def typist(self) -> str:
        return self.story.player.ids["CO"]

    def sheet(self, *changes: tuple[str, str]) -> Sheet:
        return sheet_of(sheet_text(self.labels, *changes), STORY.parent / "texts")

    def plan(self, sheet: Sheet, document: str = DOCUMENT) -> Plan:
        """The sheet as it would be typed in now by CO."""
        ledger, key = self.story.ledger, self.story.player.keys[self.typist]
        scan = Scan(ledger.pin.origin, document)
        checkpoint = self.story.recorder.checkpoint()
        seen = Seen(root=checkpoint.root.hex(), size=checkpoint.size)
        typist = Typist(self.typist, key.kid, "compliance-officer")
        named = look_up(sheet, scan, ledger.store, ledger.subject_keys, self.views())
        desk = Typing(ledger.store, typist, scan, self.clock.wall(), seen, Entropy(f"paper {checkpoint.size}"))
        return desk.read(sheet, named)

    def submissions(self, plan: Plan) -> list[Submission]:
        key = self.story.player.keys[self.typist]
        return [Submission(raw, texts) for raw, texts in signed_with(key, plan.drafts())]

    def type_in(self, *changes: tuple[str, str]) -> list[Recorded]:
        plan = self.plan(self.sheet(*changes))
        assert plan.problems == ()
        return self.story.recorder.record(self.submissions(plan))

    def countersign(
        self, name: str, *, disputed: frozenset[int] = frozenset(), gives: str = ""
    ) -> list[Recorded | LedgerError]:
        """Somebody signs all that waits for them."""
        owner, checkpoint = self.story.player.ids[name], self.story.recorder.checkpoint()
        key, entropy = self.story.player.keys[owner], Entropy(f"{name} {checkpoint.size}")
        drafts = [
            countersignature(
                each,
                "disputes" if each.position in disputed else "confirms",
                "not what I saw" if each.position in disputed else None,
                by=Typist(owner, key.kid, each.role),
                origin=self.story.ledger.pin.origin,
                now=self.clock.wall(),
                seen=Seen(root=checkpoint.root.hex(), size=checkpoint.size),
                entropy=entropy,
            )
            for each in to_countersign(self.views(), owner).entries
            if gives in ("", each.meaning)
        ]
        return self.story.recorder.record_each([Submission(raw, texts) for raw, texts in signed_with(key, drafts)])

    def new_records(self) -> dict[str, str]:
        """The records that the sheet begins, by the names it gives them."""
        scan = Scan(self.story.ledger.pin.origin, DOCUMENT)
        return {
            name: scan.new_record(kind, name)
            for kind, names in (("stock", ("own-A", "own-B")), ("governance", ("incident",)))
            for name in names
        }

    def views(self) -> ViewDatabase:
        database = ViewDatabase()
        Runner(database, self.story.ledger.store, self.story.ledger.subject_keys, VIEWS).catch_up()
        return database

    def afterwards(self) -> None:
        """The calls and the talk of the days after, as the story tells them."""
        for step in self.story.player.script.steps:
            if f"{step.at:%Y-%m-%d}" > DAY:
                self.story.player.play(self.story.recorder, step)


@contextmanager
def before_the_day(folder: Path, seed: str = "paper") -> Iterator[PaperDay]:
    """S4 up to the evening before, on a clock that stands two days after."""
    script = read_script(STORY)
    entropy, clock = Entropy(seed), StoryClock(script.opened)
    player = Player(script, clock, entropy)
    origin = fresh_origin(script.host, entropy, practice=True)
    opened, recorder = make_ledger(
        folder / "ledger",
        origin,
        script.organisation,
        lambda log_key: player.opening(origin, log_key),
        clock=clock,
        entropy=entropy,
        practice=True,
    )
    played: list[Played] = []
    labels: dict[str, int] = {}
    for step in script.steps:
        if f"{step.at:%Y-%m-%d}" < DAY:
            done = player.play(recorder, step)
            played.extend(done)
            if step.label:
                labels[step.label] = done[0].recorded.position
    for owner, keep in player.seeds.items():
        write_key(opened.folder.person_key(owner), keep, owner, None, entropy)
    clock.set(datetime.strptime("2026-09-12 21:00", "%Y-%m-%d %H:%M").replace(tzinfo=script.zone))
    yield PaperDay(StoryLedger(opened, recorder, player, tuple(played)), clock, labels)
    opened.store.close()


def sheet_text(labels: dict[str, int], *changes: tuple[str, str]) -> str:
    """The sheet: the usual things of the story, and the steps of its day as numbered lines."""
    story = STORY.read_text(encoding="utf-8")
    usual = story[story.index("\nusual:") : story.index("\ndays:")]
    steps = re.split(r"(?=^    - )", story[story.index(f"  {DAY}:") : story.index(AFTERWARDS)], flags=re.MULTILINE)
    day = "".join(step for step in steps if "refused: [" not in step)  # on paper nothing refuses anybody
    numbers = iter(range(1, 1000))
    lines = re.sub(r"^    - (\{?)", lambda match: _numbered(match[1], next(numbers)), day, flags=re.MULTILINE)
    earlier = "\n".join(f"  {name}: {position}" for name, position in labels.items() if name in NAMED_BEFORE)
    text = f"""\
paper-day: Saturday in the clinic
zone: America/New_York
date: {DAY}
pages: 2
reason: tablets-down
cast:
  staff:
    MD1: {{roles: [prescriber]}}
    RN3: {{roles: [nurse, custodian]}}
    T1: {{roles: [therapist]}}
  locations: {{L-1: }}
  sessions: {{S4: {{on: {DAY}, a: Ava, b: Boris}}}}
  stock: {{own-A: {{new: yes}}, own-B: {{new: yes}}}}
  governance: {{incident: {{new: yes}}}}
earlier:
{earlier}
{usual}
lines:
{lines.split(chr(10), 1)[1]}
"""
    for before, after in changes:
        assert text.count(before) == 1, (text.count(before), before)
        text = text.replace(before, after)
    return text


def _numbered(brace: str, number: int) -> str:
    return f"    - {{line: {number}, " if brace else f"    - line: {number}\n      "
