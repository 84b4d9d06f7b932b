"""REC-17: an entry gets the second signature it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ledger.effective import SAID, Standing
from ledger.events.base import Signer
from ledger.events.dosing import DoseAdministered, DosePrepared
from ledger.events.supervision import MonitorHandover
from ledger.reading import stream_kind
from ledger.second_signatures import in_words, named_by_sheet, still_lacking
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling, Verdict
from projections.compliance.history import History
from projections.compliance.known import SLOTS
from projections.compliance.moments import as_instant, clock, hours, minutes, to_second
from projections.compliance.rule import rule


@rule(
    id="REC-17",
    version="1",
    title="An entry gets the second signature it asks for.",
    severity="M",
    mode="F / W",
    source=(
        "the windows of SUP-10 (handover) and ORD-10 (what was drawn, before the dose); for every other entry, and "
        "as a rule of its own, ours [D]"
    ),
    trigger="An entry whose type asks for a second signature. One finding per entry and signature.",
    window=(
        "A handover: `handover_sign_min` for each side. What was drawn for a dose: by that person's next dose. Any "
        "other entry: as long as an order by word of mouth may wait, `verbal_cosign_h`; for those whom a typed sheet "
        "names, from when it was typed in. Equality met."
    ),
    evidence=(
        "A second signature at once, or a countersignature that confirms, in the asked role, by the limit; with a key "
        "that is not known to have been revoked by then or to be suspect there."
    ),
    parameters=("supervision.handover_sign_min", "dose.verbal_cosign_h"),
    verdicts={
        "met": "it is there, and came by the limit",
        "breached": "the limit has passed without it; one that comes later stays in the finding, as made late",
        "pending": "it is missing, and the limit has not passed",
        "not-applicable": "no entry asks for one",
        "cannot-judge": "there are no figures to judge by",
    },
    notes=("A correction's second signature is REC-02.", "A voided entry asks for nothing any more."),
)
def rec_17(history: History) -> Iterator[Ruling]:
    """One ruling for each signature that was not given at once, or one that none was asked for."""
    entries = history.entries()
    for slot in SLOTS:
        streams = (history.session, f"{history.session}/{slot}")
        found = [
            ruling
            for standing in entries
            if standing.original.stream in streams and not isinstance(standing.original.event, SAID)
            for ruling in _of(history, slot, standing)
        ]
        yield from found or [Ruling(slot, "not-applicable", f"{slot.upper()}: no second signature was to come later.")]


def _of(history: History, slot: Slot, standing: Standing) -> Iterator[Ruling]:
    if standing.counts is None:
        return
    for rule_ in standing.lacks:
        yield _ruling(history, slot, standing, rule_, None)
    for rule_ in type(standing.original.event).SIGNERS:
        if rule_.when == "later" and standing.original.event.asks(rule_):
            came = [each.position for each in standing.seconds if each.confirms and each.gives == rule_.meaning]
            if came and rule_ not in standing.lacks:
                yield _ruling(history, slot, standing, rule_, min(came))
    for rule_ in named_by_sheet(standing.original):
        came = [
            each.position
            for each in standing.seconds
            if each.confirms and each.by == rule_.whose and each.gives == rule_.meaning
        ]
        if came and rule_ not in standing.lacks:
            yield _ruling(history, slot, standing, rule_, min(came))


def _ruling(history: History, slot: Slot, standing: Standing, asked: Signer, came: int | None) -> Ruling:
    entry = standing.original
    limit = _limit(history, slot, standing, asked)
    made_at = (
        None
        if came is None
        else next(history.fact(each.original).at for each in history.entries() if each.original.position == came)
    )
    whose = slot.upper() if stream_kind(entry.stream) == "partner" else "A and B"
    start = clock(history.fact(entry).at, history.zone)
    what = still_lacking(asked, standing.doubted) if came is None else in_words(asked)
    words = f"{whose}: entry {entry.position} of {start} asks for a signature, {what}"
    evidence = (entry.position,) if came is None else (entry.position, came)
    in_time = limit is None or (made_at or history.as_of) <= limit
    verdict: Verdict = "breached" if not in_time else "pending" if made_at is None else "met"
    ending = "it has not come" if made_at is None else f"it came at {clock(made_at, history.zone)}"
    return Ruling(
        slot,
        verdict,
        f"{words}; {ending}.",
        evidence,
        anchor=f"{entry.dig} {asked.meaning}{asked.whose}",
        limit=as_instant(limit),
        made_at=as_instant(made_at),
        outstanding=made_at is None,
        causes=() if verdict in ("met", "pending") else ("late",) if made_at else ("missing",),
    )


def _limit(history: History, slot: Slot, standing: Standing, asked: Signer) -> datetime | None:
    """The last second at which it counts as in time; None before the dose that would end it."""
    at, figures = history.fact(standing.original).at, history.figures
    if figures is None:
        return None
    if asked.whose:
        return to_second(standing.original.payload.recorded_at) + hours(figures.dose.verbal_cosign_h)
    if isinstance(standing.original.event, MonitorHandover):
        return at + minutes(figures.supervision.handover_sign_min)
    if isinstance(standing.original.event, DosePrepared):
        return min((dose.at for dose in history.of(slot, DoseAdministered) if dose.at >= at), default=None)
    return at + hours(figures.dose.verbal_cosign_h)
