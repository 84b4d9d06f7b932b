"""REC-14: whoever showed a part of a record wrote down to whom, what, what for and on what ground."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.access import SysRecordExported
from ledger.events.fields import Gone
from ledger.events.requests import DisclosureMade
from projections.compliance.apart import zone_of
from projections.compliance.disclosed import copy_named
from projections.compliance.finding import Ruling, Verdict
from projections.compliance.known import Fact
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import as_instant, day_and_clock
from projections.compliance.rule import GateOf, ledger_rule

ASKED = {"recipient": "to whom", "content": "what", "purpose": "what for", "basis": "on what ground"}
"""What an entry about a disclosure has to say, beside when it was."""


@ledger_rule(
    id="REC-14",
    version="1",
    title="Whoever showed a part of a record wrote down to whom, what, what for and on what ground.",
    severity="M",
    mode="B `sys-record-exported`, `disclosure-made` through the system; F / I",
    source="accounting of disclosures: 45 CFR 164.528(b) [F64]",
    trigger="A `disclosure-made`. One finding per disclosure, about the person's record.",
    window="At the disclosure.",
    evidence="The entry itself: when, to whom, what, what for, on what ground.",
    parameters=(),
    verdicts={
        "met": "it says all of it",
        "breached": "it leaves something out, as that no part of the record is named",
        "cannot-judge": "something of it cannot be read any more",
    },
    notes=(
        "Most of it the form asks for already: an entry without a recipient, a purpose or a ground is no such entry.",
        "It is asked before a disclosure that names a copy of this ledger; nobody overrides.",
        "Before a copy leaves it asks who takes it: when, what and what for no trace of a copy can leave out.",
        "The sentence names what is left out and never what is said; what this rule says is read as REC-10.",
    ),
    gate=GateOf((SysRecordExported, DisclosureMade), override=None, otherwise="An entry that says all of it."),
)
def rec_14(ledger: LedgerAt) -> Iterator[Ruling]:
    """One ruling for each disclosure."""
    if ledger.proposed is not None:
        yield from _proposed(ledger, ledger.proposed)
        return
    for fact in ledger.everywhere("person", DisclosureMade):
        yield _of(ledger, fact)


def _proposed(ledger: LedgerAt, proposed: Fact) -> Iterator[Ruling]:
    event = proposed.event
    if isinstance(event, DisclosureMade) and copy_named(ledger, event) is not None:
        yield _of(ledger, proposed)
    elif isinstance(event, SysRecordExported) and event.reader == "staff" and event.staff is None:
        words = "A copy does not say to whom it goes."
        yield Ruling("", "breached", words, anchor=proposed.dig, causes=("missing",), about=proposed.stream)


def _of(ledger: LedgerAt, fact: Fact) -> Ruling:
    told = {words: getattr(fact.event, name) for name, words in ASKED.items()}
    missing = [words for words, value in told.items() if not value]
    unread = [words for words, value in told.items() if isinstance(value, Gone)]
    where = f"A disclosure of {day_and_clock(fact.at, zone_of(ledger, fact))}"
    verdict: Verdict = "breached" if missing else "cannot-judge" if unread else "met"
    words = f"does not say {', '.join(missing)}" if missing else f"says {', '.join(told)}"
    if verdict == "cannot-judge":
        words = f"says what cannot be read any more: {', '.join(unread)}"
    return Ruling(
        "",
        verdict,
        f"{where} {words}.",
        (fact.position,),
        anchor=fact.dig,
        made_at=as_instant(fact.at),
        causes=_CAUSES[verdict],
        about=fact.stream,
    )


_CAUSES: dict[Verdict, tuple[str, ...]] = {"breached": ("missing",), "cannot-judge": ("unreadable",), "met": ()}
