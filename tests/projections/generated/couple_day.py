"""
The record of a couple that is told in any order and kept in that of its receipt, and may be changed afterwards.

    day.drops("supervision-checked", "a", nth=2)
    day.moves("no-driving-acknowledged", "b", minutes=10)
    day.changes("dose-administered", "a", identifiers=())
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Self

from ledger.encoding import from_instant, to_instant
from ledger.events.base import Event
from ledger.reading import PlacedEvent
from ledger.vocabulary import Role
from projections.compliance.finding import Finding
from projections.compliance.judge import judge, judge_ledger
from projections.compliance.known import Known
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from tests.ledger.clinic import MD1, PT1, RN1, SESSION, Who
from tests.projections.generated.plan import Sitting
from tests.projections.rules.afterwards_words import After
from tests.projections.rules.day import ZONE, instant, root_of

SIGNED: dict[str, tuple[tuple[str, str, str], ...]] = {
    "consent-signed": (("<subject>", "consented", "participant"), (PT1, "witnessed", "therapist")),
    "dose-declined": (("<subject>", "declined", "participant"), (RN1, "observed", "nurse")),
    "left-against-advice": ((RN1, "observed", "nurse"), (MD1, "acknowledged", "prescriber")),
    "monitor-assigned": ((RN1, "received", "nurse"),),
    "no-driving-acknowledged": (("<subject>", "acknowledged", "participant"), (RN1, "witnessed", "nurse")),
    "no-driving-release-signed": (("<subject>", "acknowledged", "participant"), (RN1, "witnessed", "nurse")),
    "own-medication-checked-in": (("<subject>", "relinquished", "participant"), (RN1, "received", "custodian")),
    "session-closed": ((RN1, "reviewed", "nurse"), (PT1, "reviewed", "therapist")),
    "stock-received": ((RN1, "received", "custodian"), (MD1, "witnessed", "prescriber")),
    "transport-plan-signed": (("<subject>", "acknowledged", "participant"), (RN1, "witnessed", "nurse")),
    "wastage-recorded": ((RN1, "performed", "nurse"), (MD1, "witnessed", "prescriber")),
}
"""Who signs what, where a word does not say it; anything else is signed by RN1."""

ROLES: dict[str, Role] = {MD1: "prescriber", PT1: "therapist"}
"""What somebody signs as where a word says nurse."""


def said(at: datetime) -> str:
    """A local time as the words of a day take it."""
    return f"{at:%Y-%m-%d %H:%M}"


class CoupleDay(After):
    """What happened to one couple; `session` is the one that is being told."""

    def __init__(self, sittings: Sequence[Sitting] = ()) -> None:
        super().__init__()
        self.sittings = sittings
        self.session = SESSION
        self._told = 0
        self._known: Known | None = None

    def put(self, event: Event, stream: str, at: str, **how: Any) -> Self:
        """One event, on the record of the session that is being told; see `Day.put`."""
        if stream.startswith(SESSION):
            stream = self.session + stream.removeprefix(SESSION)
        if "who" not in how:
            kind = event.type.partition("/")[0]
            how["who"] = [self._signer(each, stream) for each in SIGNED.get(kind, ((RN1, "performed", "nurse"),))]
        how["who"] = [
            (by, meaning, ROLES.get(by, role) if role == "nurse" else role) for by, meaning, role in how["who"]
        ]
        super().put(event, stream, at, **how)
        self._told += 1
        self._name(hashlib.sha256(f"told {self._told}".encode()).hexdigest())
        self._known = None
        return self

    @staticmethod
    def _signer(signer: Who, stream: str) -> Who:
        return (stream, *signer[1:]) if signer[0] == "<subject>" else signer

    # -- changing -----------------------------------------------------------------------------------

    def sorted(self) -> Self:
        """All of it in the order in which the ledger received it; what came in one minute stays as it was told."""
        placed = sorted(self.placed, key=lambda each: each.received_at)
        self.placed = [replace(each, position=position) for position, each in enumerate(placed)]
        self._known = None
        return self

    def all_of(self, kind: str, whose: str = "", where: Callable[[PlacedEvent], bool] | None = None) -> list[int]:
        """The places of the events of a kind on the records that end so, in the order they happened."""
        found = [
            index
            for index, each in enumerate(self.placed)
            if each.event.type.partition("/")[0] == kind
            and each.stream.endswith(whose)
            and (where is None or where(each))
        ]
        return sorted(found, key=lambda index: self.placed[index].payload.occurred.at)

    def at(self, place: int) -> datetime:
        """When the event at this place happened."""
        return from_instant(self.placed[place].payload.occurred.at).astimezone(ZONE)

    def drops(self, kind: str, whose: str = "", nth: int | None = None) -> Self:
        """These events were never recorded: all of them, or the nth."""
        places = self.all_of(kind, whose)
        gone = set(places if nth is None else [places[nth]])
        assert gone, f"there is no {kind} to leave out"
        self.placed = [each for index, each in enumerate(self.placed) if index not in gone]
        return self.sorted()

    def moves(self, kind: str, whose: str = "", nth: int | None = None, **step: float) -> Self:
        """These events happened so much later, and were recorded then."""
        places = self.all_of(kind, whose)
        for place in places if nth is None else [places[nth]]:
            each = self.placed[place]
            occurred = each.payload.occurred.model_copy(update={"at": _later(each.payload.occurred.at, step)})
            changed = {"occurred": occurred, "recorded_at": _later(each.payload.recorded_at, step)}
            self.placed[place] = replace(
                each, payload=each.payload.model_copy(update=changed), received_at=_later(each.received_at, step)
            )
        assert places, f"there is no {kind} to move"
        return self.sorted()

    def changes(self, kind: str, whose: str = "", nth: int | None = None, **fields: Any) -> Self:
        """These events say something else."""
        places = self.all_of(kind, whose)
        for place in places if nth is None else [places[nth]]:
            each = self.placed[place]
            event = type(each.event).model_validate({**each.event.model_dump(), **fields})
            self.placed[place] = replace(each, event=event)
        assert places, f"there is no {kind} to change"
        return self.sorted()

    def signs_otherwise(self, kind: str, whose: str, *who: Who, nth: int | None = None) -> Self:
        """Others signed these events."""
        places = self.all_of(kind, whose)
        for place in places if nth is None else [places[nth]]:
            each = self.placed[place]
            first = each.payload.attested[0]
            signers = tuple(
                first.model_copy(update={"by": by, "meaning": meaning, "role": role, "key": f"{index:064d}"})
                for index, (by, meaning, role) in enumerate(who)
            )
            self.placed[place] = replace(each, payload=each.payload.model_copy(update={"attested": signers}))
        assert places, f"there is no {kind}"
        return self.sorted()

    # -- asking -------------------------------------------------------------------------------------

    def known(self) -> Known:
        """What a reader of all of it knows."""
        if self._known is None:
            self._known = Known(root_of)
            for placed in self.placed:
                self._known.take(placed)
        return self._known

    def judged(self, as_of: str, *, known_at: int | None = None) -> list[Finding]:
        """All verdicts on all sessions, and on what belongs to none."""
        size = len(self.placed) if known_at is None else known_at
        ledger = LedgerAt(self.known(), size=size, as_of=to_second(instant(as_of)))
        found = [each for name in ledger.names("session") for each in judge(ledger.session(name))]
        return found + judge_ledger(ledger)

    def end(self) -> str:
        """Long after everything."""
        last = max(from_instant(each.received_at) for each in self.placed)
        return said(last.astimezone(ZONE) + timedelta(days=30))


def _later(moment: str, step: dict[str, float]) -> str:
    return to_instant(from_instant(moment) + timedelta(**step))


def told(findings: Sequence[Finding]) -> list[str]:
    """What is breached or cannot be judged, for a test that fails."""
    return [
        f"{each.rule} {each.slot or each.about or 'both'} {each.verdict}: {each.sentence}"
        for each in findings
        if each.verdict in ("breached", "cannot-judge")
    ]
