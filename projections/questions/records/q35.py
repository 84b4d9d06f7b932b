"""Question 35: corrections and voids, who signed them, and what was decided or found differently because of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ledger.effective import Said, Standing, standings
from ledger.events.corrections import EntryCorrected, EntryVoided, OpenChange, SealedChange
from ledger.events.fields import Gone
from ledger.reading import PlacedEvent
from projections.compliance.finding import Finding
from projections.compliance.judge import judge
from projections.compliance.known import record_of
from projections.compliance.ledger_at import LedgerAt
from projections.questions.answer import Cell, Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.records.entries import is_within, named
from projections.questions.told import everything, told

_GROUPS = [f"{name}{end}" for name in ("clinical", "identity", "sensitive") for end in ("", "_a", "_b")]


@dataclass(frozen=True, slots=True)
class Change:
    """One field that a correction is about; a void has none, and one that is gone says why."""

    field: Cell
    was: Cell = None
    now: Cell = None


@question(
    "35",
    "What was corrected or voided, by whom and why, who signed as the second, and what changed because of it?",
    section="records",
    columns=(
        Column("record", "Record", "record"),
        Column("entry", "Entry", "number"),
        Column("type", "Type"),
        Column("change", "Change"),
        Column("field", "Field"),
        Column("was", "Was"),
        Column("now", "Now"),
        Column("reason", "Why"),
        Column("by", "Who"),
        Column("at", "When", "instant"),
        Column("second", "Second person"),
        Column("state", "State"),
        Column("decided", "Decided on what stood before", "number"),
        Column("findings", "Findings that changed"),
    ),
    takes=("from", "to", "session"),
    view="corrections",
    empty="Nothing was corrected or voided.",
    reading=(
        "One row for each field, by the day on which it was corrected. Decided: how many authorisations stand on the "
        "session's records between the entry and its change, with their positions among the evidence. Findings: what "
        "the rules said of that session just before the change counted, and just after, at the same instant."
    ),
)
def q35(asked: Asked) -> Found:
    """One row for each field that was changed, and one for each void."""
    known, size = asked.ledger.known, asked.ledger.size
    records: list[str] = [asked.session] if asked.session else sorted(known.entries)
    rows = [
        found
        for record in records
        if known.standings(record, size)
        for standing in _standings(asked, record)
        for said in standing.said
        if is_within(asked, said.change)
        for found in _of(asked, record, standing, said)
    ]
    changed = [each for each in rows if each.values["findings"] is not None]
    figures = (
        figure("count", "Changes", len(rows), everything(each.evidence for each in rows)),
        figure("changed", "With findings that changed", len(changed), everything(each.evidence for each in changed)),
    )
    return Found(tuple(rows), figures)


def _standings(asked: Asked, record: str) -> list[Standing]:
    known, ledger = asked.ledger.known, asked.ledger
    entries = [p for p in known.entries[record] if p.position < ledger.size and known.fact(p).at <= ledger.as_of]
    own = [each for _, each in sorted(standings(entries, known.revoked_below(ledger.size)).items())]
    return [each for each in own if record_of(each.original.stream) == record]


def _of(asked: Asked, record: str, standing: Standing, said: Said) -> Iterator[Row]:
    entry, event = standing.original, said.change.event
    seconds = [each for each in said.seconds if each.confirms]
    second = [*(signer.by for signer in said.change.payload.attested[1:]), *(each.by for each in seconds)]
    counts_from = min((each.position for each in seconds), default=said.change.position)
    decided = list(_decided(asked, record, entry, said.change)) if record.startswith("session/") else []
    differ = _differing(asked, record, counts_from) if said.state == "in-effect" else []
    evidence = [entry.position, said.change.position, *(each.position for each in said.seconds), *decided]
    voided = isinstance(event, EntryVoided)
    for change in _changes(event):
        yield row(
            evidence,
            record=entry.stream,
            entry=entry.position,
            type=entry.event.type,
            change="reattributed" if standing.status == "reattributed-away" else "voided" if voided else "corrected",
            field=change.field,
            was=change.was,
            now=change.now,
            reason=told(getattr(event, "reason", None)),
            by=named(asked, said.change.payload.attested[0].by),
            at=said.change.payload.occurred.at,
            second=", ".join(named(asked, each) for each in second) or None,
            state=said.state,
            decided=len(decided),
            findings="; ".join(differ) or None,
        )


def _changes(event: object) -> Iterator[Change]:
    if not isinstance(event, EntryCorrected):
        yield Change(None)
        return
    for name in ("changes", *_GROUPS):
        group = getattr(event, name)
        if isinstance(group, Gone):
            yield Change(group.why)
        for each in () if isinstance(group, Gone) or group is None else group:
            if isinstance(each, OpenChange | SealedChange):
                yield Change(each.field, _text(each.was), _text(each.now))


def _text(value: object) -> Cell:
    return told(value) if value is None or isinstance(value, str | int | Gone) else str(value)


def _decided(asked: Asked, record: str, entry: PlacedEvent, change: PlacedEvent) -> Iterator[int]:
    """Where something was authorised on what stood before, for the same partner or both."""
    for each in asked.ledger.known.entries[record]:
        between = entry.position < each.position < change.position
        if between and each.stream in (record, entry.stream) and type(each.event).AUTHORISES:
            yield each.position


def _differing(asked: Asked, record: str, position: int) -> list[str]:
    """What the rules said otherwise of a session once it counted, at the instant at which it was received."""
    if not record.startswith("session/"):
        return []
    known, as_of = asked.ledger.known, asked.ledger.as_of
    before = LedgerAt(known, size=position, as_of=as_of)
    after = LedgerAt(known, size=position + 1, as_of=before.as_of)
    was, now = _verdicts(judge(before.session(record))), _verdicts(judge(after.session(record)))
    differ = sorted(key for key in was.keys() | now.keys() if was.get(key) != now.get(key))
    return [f"{rule} {slot.upper()}".strip() + f": {_said(was, key)} → {_said(now, key)}"
            for key in differ for rule, slot in (key[:2],)]  # fmt: skip


def _verdicts(findings: Iterable[Finding]) -> dict[tuple[str, str, str], str]:
    return {
        (each.rule, each.slot, each.identity): each.verdict
        for each in findings
        if each.verdict in ("breached", "cannot-judge") and each.rule not in ("REC-02", "REC-17")
    }


def _said(verdicts: dict[tuple[str, str, str], str], key: tuple[str, str, str]) -> str:
    return verdicts.get(key, "none")
