"""REC-02: a correction of a critical field counts, and is closed, when a second person has signed it."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.effective import Said, Standing
from ledger.events.corrections import EntryVoided
from ledger.reading import stream_kind
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling, Verdict
from projections.compliance.history import History
from projections.compliance.known import SLOTS
from projections.compliance.moments import as_instant, clock
from projections.compliance.rule import rule


@rule(
    id="REC-02",
    version="1",
    title="A correction of a critical field is signed by a second person.",
    severity="M",
    mode="F / S",
    source="21 CFR 11.10(e); EU GMP Annex 11, section 9; which fields are critical is ours [D]",
    trigger=(
        "A correction of a critical field, or the void of an entry that has one. A linked void and reattribution is "
        "one. One finding per correction; of an entry of both partners one for each."
    ),
    window="From the correction on: it is open at once.",
    evidence="A countersignature that confirms it, by somebody who did not sign it; or two signatures at once.",
    parameters=(),
    verdicts={
        "met": "a second person signed it, and nobody disputes it",
        "breached": "nobody has signed it yet, or somebody's last word on it disputes it",
        "not-applicable": "nothing critical was corrected, or the correction was taken back",
        "cannot-judge": "whether it changed a critical field cannot be read any more, and nobody else signed it",
    },
    notes=(
        "Which fields are critical each type says: `docs/events.md`.",
        "Until it is met the entry counts as it was signed.",
    ),
)
def rec_02(history: History) -> Iterator[Ruling]:
    """One ruling for each critical correction, or one that there is none."""
    entries = history.entries()
    for slot in SLOTS:
        streams = (history.session, f"{history.session}/{slot}")
        found = [
            _ruling(history, slot, standing, said)
            for standing in entries
            if standing.original.stream in streams
            for said in standing.said
            if said.critical or said.state == "unreadable"
        ]
        yield from found or [Ruling(slot, "not-applicable", f"{slot.upper()}: nothing critical was corrected.")]


def _ruling(history: History, slot: Slot, standing: Standing, said: Said) -> Ruling:
    change = said.change
    what = "void" if isinstance(change.event, EntryVoided) else "correction"
    verdicts: dict[str, tuple[Verdict, str, tuple[str, ...]]] = {
        "in-effect": ("met", "a second person signed it", ()),
        "pending": ("breached", "no second person has signed it", ("not-countersigned",)),
        "disputed": ("breached", "it is disputed", ("disputed",)),
        "withdrawn": ("not-applicable", "it was taken back", ()),
        "unreadable": ("cannot-judge", "whether it changed a critical field cannot be read any more", ("unreadable",)),
    }
    verdict, words, causes = verdicts[said.state]
    at = clock(history.fact(change).at, history.zone)
    whose = slot.upper() if stream_kind(change.stream) == "partner" else "A and B"
    signed = [each.position for each in said.seconds if not each.uncounted]
    return Ruling(
        slot,
        verdict,
        f"{whose}: the {what} of {at} of entry {standing.original.position}: {words}.",
        (standing.original.position, change.position, *signed),
        anchor=change.dig,
        due=as_instant(history.fact(change).at),
        outstanding=said.state == "pending",
        causes=causes,
    )
