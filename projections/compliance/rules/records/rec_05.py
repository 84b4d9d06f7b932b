"""REC-05: the whole ledger is verified as often as the protocol says, and it verifies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from ledger.events.integrity import SysIntegrityFailed, SysIntegrityVerified
from ledger.events.keys import KeyEnrolled
from ledger.practice import is_practice
from projections.compliance.apart import Deadline, judged_by, no_protocol
from projections.compliance.finding import Ruling
from projections.compliance.known import Fact, first
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import as_instant, day_and_clock, hours, to_second
from projections.compliance.rule import ledger_rule


@ledger_rule(
    id="REC-05",
    version="1",
    title="The whole ledger is verified as often as the protocol says, and it verifies.",
    severity="C",
    mode="F / R",
    source="accurate and complete records, and their protection: 21 CFR 11.10(a) [F58]; how often is ours [D]",
    trigger=(
        "The software's first key, then each `sys-integrity-verified` of everything there was; and each "
        "`sys-integrity-failed`. One finding per failure, and one per time that was too long."
    ),
    window=(
        "Due `integrity_every_h` after the one before; breached when as much time again has passed without one. "
        "Equality met."
    ),
    evidence=(
        "A `sys-integrity-verified` that begins where nothing before it is left out. A failure is itself the finding, "
        "whatever is verified afterwards."
    ),
    parameters=("choices.integrity_every_h",),
    verdicts={
        "met": "it was verified, and the next verification is not due yet",
        "breached": "it did not verify, or was not verified for too long; one that comes later is told as made late",
        "pending": "the next verification, or the very first one, is not there, and the time has not passed",
        "not-applicable": "a ledger for practice",
        "cannot-judge": "no protocol was in effect when a verification became due",
    },
    notes=(
        (
            "The second half of the time is for a verification to take place: the service looks every minute whether "
            "one is due, and verifying a large ledger takes minutes [D]."
        ),
        "As long as the software has no key of its own to say it with, nothing is asked.",
        "A copy of records carries what it takes to verify it; whoever gets it needs none of these entries.",
        "Whoever wants to know verifies the ledger: an entry in it proves nothing to somebody else.",
    ),
)
def rec_05(ledger: LedgerAt) -> Iterator[Ruling]:
    """One ruling for each failure and each time too long, and one for the time that runs."""
    if ledger.proposed is not None:
        return
    for fact in ledger.everywhere("governance", SysIntegrityFailed):
        yield _failed(ledger, fact)
    start = first([fact for fact in ledger.everywhere("keys", KeyEnrolled) if _is_of_software(fact)])
    if start is None:
        return
    if _is_for_practice(ledger, start):
        words = "A ledger for practice is verified when somebody wants to."
        yield Ruling("", "not-applicable", words, (start.position,), about=start.stream)
        return
    turns = [start, *_whole(ledger.everywhere("governance", SysIntegrityVerified))]
    for since, made in pairwise(turns):
        ruling = _between(ledger, since, made)
        if ruling.verdict != "met":
            yield ruling
    yield _running(ledger, turns.pop())


def _between(ledger: LedgerAt, since: Fact, made: Fact | None) -> Ruling:
    judged = judged_by(ledger, since)
    if judged is None:
        return no_protocol(since, "A verification of the ledger")
    figure = judged.figures.choices.integrity_every_h
    due = since.at + hours(figure)
    asked = Deadline(due + hours(figure), made, ledger.as_of)
    words = f"The ledger is verified every {figure} h; after {day_and_clock(since.at, judged.zone)} it "
    if made is not None:
        words += f"was verified on {day_and_clock(made.at, judged.zone)}{asked.late_by}"
    else:
        words += f"is due on {day_and_clock(due, judged.zone)}"
        words += " and was not verified since" if ledger.as_of > due else ""
    evidence = (since.position, *(() if made is None else (made.position,)))
    return replace(asked.ruling(judged, f"{words}.", evidence), due=as_instant(due))


def _running(ledger: LedgerAt, since: Fact) -> Ruling:
    """The time since the last verification: as long as the next one is not due, all is done that was asked for."""
    ruling = _between(ledger, since, None)
    due = None if ruling.due is None else to_second(ruling.due)
    if ruling.verdict == "pending" and due is not None and ledger.as_of <= due and not _is_of_software(since):
        return replace(ruling, verdict="met", limit=None, outstanding=False)
    return ruling


def _whole(verified: Sequence[Fact]) -> Iterator[Fact]:
    """Those that leave out nothing of what was verified before them."""
    so_far = None
    for fact in verified:
        match fact.event:
            case SysIntegrityVerified(first=begun, size=size) if not begun or (so_far is not None and begun <= so_far):
                so_far = size
                yield fact
            case _:
                continue


def _failed(ledger: LedgerAt, fact: Fact) -> Ruling:
    event, judged = fact.event, judged_by(ledger, fact)
    if not isinstance(event, SysIntegrityFailed):
        raise TypeError(f"{event.type} is no failure")
    where = "" if event.position is None else f", first at position {event.position}"
    when = "" if judged is None else f" on {day_and_clock(fact.at, judged.zone)}"
    return Ruling(
        "",
        "breached",
        f"The ledger did not verify{when}: {', '.join(event.codes)}{where}.",
        (fact.position,),
        anchor=fact.dig,
        made_at=as_instant(fact.at),
        causes=("does-not-verify",),
        about=fact.stream,
        protocol=None if judged is None else judged.protocol.position,
    )


def _is_of_software(fact: Fact) -> bool:
    return isinstance(fact.event, KeyEnrolled) and fact.event.owner.startswith("service/")


def _is_for_practice(ledger: LedgerAt, fact: Fact) -> bool:
    entry = ledger.entry_of(fact)
    return entry is not None and is_practice(entry.payload.ledger)
