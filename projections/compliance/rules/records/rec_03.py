"""REC-03: nobody countersigns what they signed themselves, nor decides what becomes of a finding they caused."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.corrections import CountersignatureGiven
from ledger.events.findings import FindingClosed, FindingDispositioned2
from ledger.events.reviews import ReviewCompleted
from ledger.reading import PlacedEvent
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.own_findings import own_findings
from projections.compliance.rule import GateOf, rule


@rule(
    id="REC-03",
    version="1",
    title="Nobody countersigns what they signed, reviews their own session, or disposes of what they caused.",
    severity="C",
    mode="B `countersignature-given`, `finding-dispositioned`, `finding-closed`, `review-completed`; F / I",
    source="EU GMP Annex 11, draft of 2025, independent review; what it covers is ours [D]",
    trigger=(
        "A countersignature of an entry; a disposition or closing of a finding; the review of a session. One finding "
        "for each."
    ),
    window="At the signature.",
    evidence=(
        "Its signer is none of those who signed that very entry. The author of a wrong entry may countersign a "
        "colleague's correction of it. Who disposes of a finding, or closes it, signed none of the entries that it "
        "rests on, nor the override that had declared it, and it is not on their account. Protocols, places and "
        "credentials are figures, not acts: who keeps them may dispose. Who reviews a session signed nothing in it "
        "before."
    ),
    parameters=(),
    verdicts={
        "met": "every countersignature, and the disposition, closing or review, is by somebody else",
        "breached": (
            "it is by somebody who signed the entry, did what was found or signed in the session; it is kept, and a "
            "countersignature does not count"
        ),
        "not-applicable": "nothing was countersigned",
    },
    notes=(
        (
            "The finding is looked for by its identity, before as it is now and afterwards as it was known when the "
            "act came in: to leave out what one signed does not help."
        ),
        "A disposition of the first kind means the finding of its rule, session and person that its evidence fits.",
        "A review of anything but one session has no single author, and is not judged here.",
    ),
    gate=GateOf(
        (CountersignatureGiven, FindingDispositioned2, FindingClosed, ReviewCompleted),
        override=None,
        otherwise="Somebody else signs.",
    ),
    elsewhere=own_findings,
)
def rec_03(history: History) -> Iterator[Ruling]:
    """One ruling for each countersignature by an author, or one that there is none."""
    if history.proposed is not None:
        yield from _proposed(history, history.proposed)
        return
    entries = history.entries()
    for slot in SLOTS:
        streams = (history.session, f"{history.session}/{slot}")
        own = [standing for standing in entries if standing.original.stream in streams]
        weighed = [(standing, each) for standing in own for each in standing.seconds]
        for standing, each in weighed:
            if each.uncounted == "author":
                evidence = (standing.original.position, each.position)
                anchor = f"{standing.original.dig} {each.position}"
                yield _breach(slot, standing.original, f"{each.by} ({each.role})", evidence, anchor)
        if not any(each.uncounted == "author" for _, each in weighed):
            positions = tuple(each.position for _, each in weighed)
            words = "every countersignature is by somebody else" if weighed else "nothing was countersigned"
            yield Ruling(slot, "met" if weighed else "not-applicable", f"{slot.upper()}: {words}.", positions)


def _proposed(history: History, proposed: Fact) -> Iterator[Ruling]:
    event = proposed.event
    if not isinstance(event, CountersignatureGiven):
        return
    slot: Slot = "b" if proposed.stream.endswith("/b") else "a"
    target = history.entry(event.target.dig)
    if target is not None and {signer.by for signer in target.payload.attested} & set(proposed.by):
        yield _breach(slot, target, " and ".join(proposed.by), (target.position,), target.dig)


def _breach(slot: Slot, entry: PlacedEvent, who: str, evidence: tuple[int, ...], anchor: str) -> Ruling:
    return Ruling(
        slot,
        "breached",
        f"Entry {entry.position} is signed by {who} already, who cannot be its second person.",
        evidence,
        anchor=anchor,
        causes=("own-act",),
    )
