"""
A sheet as the entries it becomes: every line read, checked and composed before the first is recorded.

    plan = Typing(…).read(sheet, named)    plan.new: what will be recorded; plan.problems: the lines that cannot be
    plan.drafts()                          in order: the sheet, then each line with its entry

Each entry is the event it is, with the time on the paper, signed by the typist as *transcribed*.
A line that stands in the log already is left alone, so that a sheet may be typed in twice, or in parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.paper.names import Named, Scan
from api.paper.sheet import Line, LineProblem, Sheet, of_sheet, problem_of
from api.story.cast import Cast
from api.story.values import Meaning, suggestion
from ledger.block import Block
from ledger.decide import decide
from ledger.encoding import to_instant
from ledger.entry import stream_tag
from ledger.envelope import content_digest, sign
from ledger.errors import Invalid, LedgerError
from ledger.events import EVENT_TYPES
from ledger.events.base import Event, Reference
from ledger.events.paper import PaperLineTranscribed, PaperSheetDeclared, Performer
from ledger.events.sealing import make_event, take_apart
from ledger.payload import Attestation, Occurred, Payload, Seen
from ledger.reading import check_record
from ledger.signing import SigningKey
from ledger.store.port import EventRow, Store, Writing
from ledger.transcribed import MEANING, may_be_transcribed

_KINDS = {tag.partition("/")[0]: kind for tag, kind in EVENT_TYPES.items()}

FAR = timedelta(days=1)
"""A line further from the sheet's day than this is asked about."""


@dataclass(frozen=True, slots=True)
class Typist:
    """Who types a sheet in: the owner of a key, its kid, and the role they sign in."""

    owner: str
    kid: str
    role: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One event to be signed: its payload and the texts of its sealed blocks."""

    payload: Payload
    texts: tuple[str, ...]

    @property
    def reference(self) -> Reference:
        """The event as others name it."""
        return Reference(dig=content_digest(self.payload.bytes()), id=self.payload.id)


@dataclass(frozen=True, slots=True)
class Item:
    """A line and what it becomes: the line's own event and the entry; `recorded` is where the entry stands already."""

    line: Line
    stream: str
    type: str
    performed: tuple[Performer, ...]
    drafts: tuple[Draft, ...]
    recorded: int | None = None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sheet becomes: the sheet's own event if it is new, its lines in their order, and what is wrong."""

    sheet: Sheet
    document: str
    record: str
    declared: Draft | None
    items: tuple[Item, ...]
    problems: tuple[LineProblem, ...]

    @property
    def new(self) -> tuple[Item, ...]:
        """The lines that are not in the log yet."""
        return tuple(item for item in self.items if item.recorded is None)

    def drafts(self) -> list[Draft]:
        """All that is to be signed, in the order in which it is recorded."""
        lines = [draft for item in self.new for draft in item.drafts]
        return [self.declared, *lines] if self.declared is not None and lines else lines


class Typing:
    """The desk at which one sheet is typed in."""

    def __init__(
        self, store: Store, typist: Typist, scan: Scan, now: datetime, seen: Seen, entropy: Callable[[int], bytes]
    ) -> None:
        self._store = store
        self._typist = typist
        self._scan = scan
        self._now = now
        self._seen = seen
        self._entropy = entropy

    def read(self, sheet: Sheet, named: Named) -> Plan:
        """
        The whole sheet, checked line by line.

        Raises:
            Invalid: `paper-sheet`, when the sheet itself cannot be declared so, or was declared otherwise.
        """
        with self._store.writing() as writing:  # nothing is written: it is where ids are looked up
            declared, reference = self._declared(sheet)
            cast = Cast(sheet.cast, dict(named.ids))
            meaning = Meaning(named.ids, sheet.zone, sheet.texts)
            meaning.labels.update(named.labels)
            begun = {self._scan.record}
            items: list[Item] = []
            problems = list(sheet.problems)
            for line in sheet.lines:
                try:
                    item = self._item(writing, sheet, line, cast, meaning, reference, begun)
                except LedgerError as error:
                    problems.append(problem_of(_plainly(error), line.at_line, line.number))
                    continue
                begun.add(item.stream)
                items.append(item)
        problems.sort(key=lambda each: each.at_line)
        return Plan(sheet, self._scan.document, self._scan.record, declared, tuple(items), tuple(problems))

    def _declared(self, sheet: Sheet) -> tuple[Draft | None, Reference]:
        """The event that declares the sheet, or None if it was declared before; and how lines name it."""
        try:
            event = make_event(
                PaperSheetDeclared,
                {
                    "day": sheet.date,
                    "document": self._scan.document,
                    "pages": sheet.pages,
                    "reason": sheet.reason,
                    "source": "paper-sheet",
                },
            )
        except Invalid as error:
            field = {"day": "date"}.get(error.field, error.field)
            raise Invalid("paper-sheet", error.message, field=field, remedy=of_sheet(error.remedy)) from None
        for row in self._store.stream_rows(self._scan.record):
            if row.type != PaperSheetDeclared.type_tag():
                continue
            if row.event_id != self._scan.event_id(sheet, "sheet"):
                raise Invalid(
                    "paper-sheet",
                    f"This scan was declared before, at position {row.position}, as a sheet of another day.",
                    field="date",
                    remedy="Give the same date and zone as then; each sheet has its own scan.",
                )
            return None, Reference(dig=row.dig, id=row.event_id)
        draft = self._draft(sheet, event, self._scan.record, "sheet", self._now.astimezone(sheet.zone))
        return draft, draft.reference

    def _item(
        self,
        writing: Writing,
        sheet: Sheet,
        line: Line,
        cast: Cast,
        meaning: Meaning,
        declared: Reference,
        begun: set[str],
    ) -> Item:
        kind = _KINDS.get(line.event)
        if kind is None:
            remedy = suggestion(line.event, _KINDS, "docs/events.md lists them.")
            raise Invalid("paper-line", f"There is no event called {line.event}.", field="event", remedy=remedy)
        if not may_be_transcribed(kind):
            remedy = "Whoever does it signs it themselves."
            raise Invalid("paper-line", f"{line.event} is not taken from paper.", field="event", remedy=remedy)
        stream = cast.stream(line.target)
        event = make_event(kind, meaning.fields(kind, line.fields, line.at), lenient=True)
        check_record(kind, stream)
        performed = tuple(
            Performer(by="subject" if by.startswith("person/") else by, meaning=means, role=role)  # type: ignore[arg-type]  # words of the catalogue
            for by, means, role in cast.signers(kind, stream, line.by)
        )
        name = f"line {line.number}"
        before = writing.by_id(self._scan.event_id(sheet, name))
        if before is not None:
            return self._before(line, before, stream, event, performed, meaning)
        entry = self._draft(sheet, event, stream, name, line.at)
        decide(event, entry.payload, None, self._known(writing, begun))
        about = make_event(
            PaperLineTranscribed,
            {
                "document": self._scan.document,
                "line": line.number,
                "performed": [each.model_dump() for each in performed],
                "sheet": declared.model_dump(),
                "target": entry.reference.model_dump(),
            },
        )
        said = self._draft(sheet, about, stream, f"{name} itself", self._now.astimezone(sheet.zone))
        decide(about, said.payload, None, self._known(writing, {*begun, stream}))
        if line.label:
            meaning.labels[line.label] = entry.reference.model_dump()
        return Item(line, stream, event.type, performed, (said, entry), doubt=self._doubt(sheet, line))

    @staticmethod
    def _before(
        line: Line, row: EventRow, stream: str, event: Event, performed: tuple[Performer, ...], meaning: Meaning
    ) -> Item:
        if row.stream != stream or row.type != event.type:
            raise Invalid(
                "paper-line",
                f"Line {line.number} of this scan was recorded as another event, at position {row.position}.",
                field="event",
                remedy="Correct the entry that stands there (docs/corrections.md), or give this line its own number.",
            )
        if line.label:
            meaning.labels[line.label] = {"dig": row.dig, "id": row.event_id}
        return Item(line, stream, event.type, performed, (), recorded=row.position)

    def _known(self, writing: Writing, begun: set[str]) -> Callable[[str], bool]:
        """Whether a record has an event, or gets one from a line above."""
        return lambda name: name in begun or writing.stream_end(stream_tag(self._store.origin, name)) is not None

    def _doubt(self, sheet: Sheet, line: Line) -> str:
        if line.at > self._now:
            return "later than now"
        day = datetime.strptime(sheet.date, "%Y-%m-%d").replace(tzinfo=sheet.zone)
        return "" if day - FAR <= line.at < day + 2 * FAR else "far from the day of the sheet"

    def _draft(self, sheet: Sheet, event: Event, stream: str, what: str, at: datetime) -> Draft:
        parts = take_apart(event, stream)
        blocks = [Block(self._entropy(16), name, value) for name, value in parts.sealed.items()]
        offset = at.utcoffset() or timedelta()
        payload = Payload(
            attested=(
                Attestation(by=self._typist.owner, key=self._typist.kid, meaning=MEANING, role=self._typist.role),
            ),
            blocks=tuple(sorted(block.digest for block in blocks)),
            body=parts.body,
            device=None,
            id=self._scan.event_id(sheet, what),
            ledger=self._store.origin,
            occurred=Occurred(
                at=to_instant(at), offset=int(offset.total_seconds() // 60), precision="min", zone=sheet.zone.key
            ),
            recorded_at=to_instant(self._now),
            seen=self._seen,
            stream=stream,
            type=event.type,
        )
        return Draft(payload, tuple(block.text for block in blocks))


def signed_with(key: SigningKey, drafts: Sequence[Draft]) -> Iterator[tuple[bytes, tuple[str, ...]]]:
    """Each as a signed envelope with its blocks."""
    for draft in drafts:
        yield sign(draft.payload, [key]).raw, draft.texts


def _plainly(error: LedgerError) -> Invalid:
    """The same as a mistake in a line, whatever refused it."""
    return Invalid(error.code, error.message, field=error.field, remedy=error.remedy or "See docs/paper-days.md.")
