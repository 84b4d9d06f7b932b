"""A played story and all that is asked of it: its events, views and findings, and the list it is compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from api.folder import signed_head
from api.play_story import StoryLedger, play_story
from api.story.script import read_script
from ledger.audit import audit
from ledger.audit_report import AuditReport
from ledger.encoding import from_instant, to_instant
from ledger.follow import events_from, log_rows
from ledger.reading import PlacedEvent
from projections import VIEWS
from projections.compliance.finding import Finding
from projections.compliance.reader import Compliance
from projections.runner import Runner
from projections.tables import ViewDatabase
from tests.conftest import WEEKEND
from tests.ledger.clinic import Entropy
from tests.stories.event_list import Listed
from tests.stories.list_words import in_words_of_the_list

NEW_YORK = ZoneInfo("America/New_York")


@dataclass
class Told:
    """A story that was played; `partners` are the names of A and B."""

    story: StoryLedger
    partners: tuple[str, str]

    @cached_property
    def events(self) -> list[PlacedEvent]:
        """Everything recorded, with everything sealed opened."""
        return list(events_from(self.story.ledger.store, self.story.ledger.subject_keys, 0, 10_000))

    @cached_property
    def views(self) -> ViewDatabase:
        """Every view over all of it."""
        database = ViewDatabase()
        Runner(database, self.story.ledger.store, self.story.ledger.subject_keys, VIEWS).catch_up()
        return database

    @cached_property
    def judged(self) -> Compliance:
        return Compliance(self.story.ledger.store, self.story.ledger.subject_keys)

    @property
    def ids(self) -> Mapping[str, str]:
        return self.story.player.ids

    def name(self, stream: str) -> str:
        """A record as the list calls it: `S1/A`, `A`, `S1`, `own-A1`, `N2`."""
        known = {identifier: name for name, identifier in self.ids.items()}
        letters = dict(zip(self.partners, "AB", strict=True))
        stem = "/".join(stream.split("/")[:2])
        slot = f"/{stream[-1].upper()}" if stream != stem else ""
        name = known.get(stem, stem)
        return letters.get(name, name) + slot

    def of_type(self, tag: str) -> list[PlacedEvent]:
        return of_type(self.events, tag)

    def kinds(self) -> Counter[tuple[str, str, str]]:
        """Local time, record and type of every event."""
        return Counter(
            (local(p.payload.occurred.at), self.name(p.stream), p.payload.type.partition("/")[0]) for p in self.events
        )

    def besides(self, listed: Iterable[Listed]) -> dict[str, int]:
        """How many events of each type the story has that its list has not; every event of the list must be there."""
        wanted = Counter((each.local, each.record, each.type) for each in listed)
        assert wanted - self.kinds() == Counter()
        found = Counter[str]()
        for (_, _, kind), count in (self.kinds() - wanted).items():
            found[kind] += count
        return dict(found)

    def compare(self, listed: Iterable[Listed]) -> int:
        """Compare every value of the list with what was recorded; how many values that were."""
        recorded: dict[tuple[str, str, str], list[dict[str, str]]] = {}
        for placed in self.events:
            key = local(placed.payload.occurred.at), self.name(placed.stream), placed.payload.type.partition("/")[0]
            recorded.setdefault(key, []).append(in_words_of_the_list(placed, self.name, NEW_YORK))
        compared = 0
        for each in listed:
            wanted = expected(each)
            found = recorded[each.local, each.record, each.type]
            match = next((values for values in found if wanted.items() <= values.items()), None)
            assert match is not None, f"#{each.number} {each.type} {each.record}: {wanted} is not in {found}"
            found.remove(match)
            compared += len(wanted)
        return compared

    def signed_by(self, tag: str, title: str = "") -> set[tuple[str, ...]]:
        """Everybody who signed events of a type, with the meaning of each signature."""
        return {
            tuple(f"{self.name(signer.by)} {signer.meaning}" for signer in placed.payload.attested)
            for placed in self.of_type(tag)
            if self.name(placed.stream).startswith(title)
        }

    def verified(self) -> AuditReport:
        """The whole log checked from its bytes, with the signed head."""
        ledger = self.story.ledger
        head = signed_head(ledger.folder)
        assert head is not None
        return audit(log_rows(ledger.store, ledger.subject_keys), ledger.store.checkpoints(), ledger.pin, held=[head])

    def findings(self, title: str, as_of: str, *verdicts: str, known_at: int | None = None) -> list[Finding]:
        """The findings of a session with these verdicts, all of them if none is named."""
        found = self.judged.findings(self.ids[title], as_of=instant(as_of), known_at=known_at)
        return [each for each in found if not verdicts or each.verdict in verdicts]


def play(path: Path, folder: Path, partners: tuple[str, str], *, asks: bool = True) -> Iterator[Told]:
    """A story, played into a ledger of its own; always the same bytes."""
    played = play_story(read_script(path), folder / "ledger", Entropy(path.stem), asks=asks)
    yield Told(played, partners)
    played.ledger.store.close()


def changed(name: str, folder: Path, *changes: tuple[str, str]) -> Path:
    """A shipped story with some of its text changed, each exactly once."""
    text = WEEKEND.with_name(f"{name}.yaml").read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    texts = folder / "texts"
    if not texts.exists():
        texts.symlink_to(WEEKEND.with_name("texts"))
    return path


def expected(each: Listed) -> dict[str, str]:
    """What the list says; pregnancy does not apply to B (standing fact 5), though some lists have it on every line."""
    values = dict(each.values)
    if "pregnancy" in values and each.record.endswith("B"):
        values["pregnancy"] = "not applicable"
    if "counted" in values:
        values["counted"] = values["counted"].replace(".0}", "}")
    values.pop("protocol", None)  # compared by the figures it pins
    return values


def of_type(events: Iterable[PlacedEvent], tag: str) -> list[PlacedEvent]:
    return [placed for placed in events if placed.payload.type == tag]


def local(moment: str) -> str:
    return f"{from_instant(moment).astimezone(NEW_YORK):%Y-%m-%d %H:%M}"


def instant(text: str) -> str:
    return to_instant(datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=NEW_YORK))


def clock(text: str | None) -> str:
    return local(text)[11:] if text else ""
