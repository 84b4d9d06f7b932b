"""SUP-11: what somebody else wrote down is signed by who did it."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.effective import SAID, Standing
from ledger.events.base import Signer
from ledger.second_signatures import in_words, named_by_sheet
from projections.compliance.finding import Ruling, Whose
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact, first
from projections.compliance.moments import clock, hours, to_second
from projections.compliance.obligations import Obligation
from projections.compliance.rule import rule


@rule(
    id="SUP-11",
    version="1",
    title="What somebody else wrote down is signed by who did it.",
    severity="m",
    mode="F / W",
    source="attributable records (ALCOA); the hours are ours [D]",
    trigger=(
        "An entry of the session typed from a sheet that names a member of staff who did not type it. One finding per "
        "entry and person named."
    ),
    window="Within `scribe_cosign_h` from when it was written down, not from when it happened; equality met.",
    evidence="A countersignature that confirms, by the person named, with the signature that the sheet has of them.",
    parameters=("record.scribe_cosign_h",),
    verdicts={
        "met": "they signed in time",
        "breached": "they did not; one that comes later stays in the finding",
        "pending": "they have not yet, and the hours have not passed",
        "not-applicable": "nothing was written down for somebody else",
        "cannot-judge": "there are no figures to judge by",
    },
    notes=(
        "The same missing signature may break REC-17 too: no rule silences another.",
        "One that disputes the entry is not a signature of it. A voided entry asks for nothing any more.",
        "What is judged here stands on the session's records; a participant whom a sheet names signs nothing again.",
    ),
)
def sup_11(history: History) -> Iterator[Ruling]:
    """One ruling for each person whom a sheet names, or one for each partner that there is none."""
    if history.figures is None:
        return
    within = history.figures.record.scribe_cosign_h
    entries = [each for each in history.entries() if each.counts is not None]
    written = [each for each in entries if not isinstance(each.original.event, SAID)]
    records: list[tuple[Whose, str]] = [("", history.session)]
    records += [(slot, f"{history.session}/{slot}") for slot in SLOTS]
    for whose, stream in records:
        found = [
            _of(history, whose, standing, asked, within)
            for standing in written
            if standing.original.stream == stream
            for asked in named_by_sheet(standing.original)
        ]
        yield from found
        if whose and not found:
            yield Ruling(whose, "not-applicable", f"{whose.upper()}: nothing was written down for somebody else.")


def _of(history: History, whose: Whose, standing: Standing, asked: Signer, within: int) -> Ruling:
    entry = standing.original
    written = to_second(entry.payload.recorded_at)
    obligation = Obligation(
        f"a signature, {in_words(asked)}, within {within} h after entry {entry.position} was written down at "
        f"{clock(written, history.zone)}",
        written + hours(within),
        (history.fact(entry),),
        made=_given(history, standing, asked),
        act="given",
    )
    return obligation.ruling(
        history, whose, anchor=f"{entry.dig} {asked.meaning}{asked.whose}", staff=asked.whose or None
    )


def _given(history: History, standing: Standing, asked: Signer) -> Fact | None:
    """The first signature of that person that counts and confirms."""
    positions = {
        each.position
        for each in standing.seconds
        if each.confirms and each.by == asked.whose and each.gives == asked.meaning
    }
    return first([history.fact(each.original) for each in history.entries() if each.original.position in positions])
