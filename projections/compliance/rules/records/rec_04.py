"""REC-04: every signature was made with a key that counted when it was made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.events.keys import KeyRevoked
from ledger.keys import state_between
from ledger.reading import PlacedEvent
from ledger.standing import DOUBTED, why_doubted
from projections.compliance.finding import Ruling, Whose
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact, record_of
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.rule import rule


def _elsewhere(ledger: LedgerAt) -> Iterator[Ruling]:
    """One ruling for each doubted signature on a record that belongs to no session."""
    revoked = _revoked(ledger)
    if not revoked:
        return
    for record, entries in list(ledger.known.entries.items()):
        if not record.startswith("session/"):
            yield from _doubted("", _by_then(ledger, record, entries), revoked, about=record)


@rule(
    id="REC-04",
    version="1",
    title="Every signature was made with a key that counted when it was made.",
    severity="C",
    mode="X / I",
    source="signatures of two components, or within one continuous session: 21 CFR 11.200(a)(1); the minutes, ours [D]",
    trigger="An entry of the session, or of any other record. One finding per doubted signature.",
    window="At the signature, by its place in the log.",
    evidence=(
        "The key was enrolled and not revoked at that position. A key that was revoked before makes no signature that "
        "counts; of one that was suspect by then nobody can tell in whose hand it was."
    ),
    parameters=(),
    verdicts={
        "met": "every key counted",
        "breached": "the key had been revoked; what its holder handed in was kept all the same",
        "not-applicable": "nothing was signed",
        "cannot-judge": "the key was suspect from an earlier position on",
    },
    notes=(
        "The two components and the longest pause are held when somebody signs; the log does not say how it was.",
        "So their lack is refused and never found.",
        "A signature by a key that was never enrolled is refused.",
        "A later countersignature does not change it: the doubt stays, and somebody else answers for the entry.",
    ),
    elsewhere=_elsewhere,
)
def rec_04(history: History) -> Iterator[Ruling]:
    """One ruling for each doubted signature, or one for each person that there is none."""
    ledger = history.ledger
    written = ledger.known.written.get(history.session, ())
    by_then = {
        each.position: each.stream for each in written if each.position < ledger.size and each.at <= ledger.as_of
    }
    revoked = _revoked(ledger)
    whose: list[tuple[Whose, str]] = [("", history.session), *((slot, f"{history.session}/{slot}") for slot in SLOTS)]
    for slot, stream in whose:
        positions = tuple(position for position, where in by_then.items() if where == stream)
        who = f"{slot.upper()}: " if slot else ""
        if not positions:
            yield Ruling(slot, "not-applicable", f"{who}nothing was signed.")
            continue
        entries = ledger.known.entries.get(history.session, ()) if revoked else ()
        own = [placed for placed in entries if placed.stream == stream and placed.position in by_then]
        doubted = list(_doubted(slot, own, revoked))
        words = f"{who}every key counted when it signed."
        yield from doubted or [Ruling(slot, "met", words, positions)]


def _revoked(ledger: LedgerAt) -> dict[str, Fact]:
    return {kid: fact for kid, fact in list(ledger.known.revoked.items()) if fact.position < ledger.size}


def _by_then(ledger: LedgerAt, record: str, entries: Sequence[PlacedEvent]) -> list[PlacedEvent]:
    known = [each for each in list(entries) if each.position < ledger.size and record_of(each.stream) == record]
    return [each for each in known if ledger.known.fact(each).at <= ledger.as_of]


def _doubted(
    whose: Whose, entries: Sequence[PlacedEvent], revoked: dict[str, Fact], about: str = ""
) -> Iterator[Ruling]:
    for placed in entries:
        for signer in placed.payload.attested:
            fact = revoked.get(signer.key)
            event = None if fact is None else fact.event
            if fact is None or not isinstance(event, KeyRevoked):
                continue
            state = state_between(placed.position, fact.position, event.suspect_from)
            if state not in DOUBTED:
                continue
            why = why_doubted(state, fact.position, event.suspect_from, event.reason)
            who = f"{whose.upper()}: " if whose else ""
            yield Ruling(
                whose,
                "breached" if state == "quarantined" else "cannot-judge",
                f"{who}entry {placed.position} is signed as {signer.meaning} ({signer.role}): {why}.",
                (placed.position, fact.position),
                anchor=f"{placed.dig} {signer.key}",
                causes=(state,),
                about=about,
            )
