"""REC-16: what is found of a session cites the rule's version, and the protocol that was pinned at its opening."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.choices import PUBLISHED
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.rule import rule


@rule(
    id="REC-16",
    version="1",
    title="What is found of a session cites the rule's version, and the protocol pinned at its opening.",
    severity="C",
    mode="X / I",
    source="controls over what a system is judged by: 21 CFR 11.10(k); that it is pinned at the opening is ours [D]",
    trigger="A session that was opened. One ruling per session.",
    window="At the opening.",
    evidence=(
        "The protocol whose digest the opening names, as it was published; and of verdicts that were kept before an "
        "erasure, that they cite this one."
    ),
    parameters=(),
    verdicts={
        "met": "the protocol is on record, and every verdict cites it",
        "breached": "verdicts that were kept cite another one",
        "not-applicable": "not opened yet",
        "cannot-judge": "nobody published a protocol with that digest: no figure is taken for granted",
    },
    notes=(
        "What the rules say cites both by construction; a verdict that was recorded may say otherwise.",
        "A protocol of a later version changes nothing of a session that was opened before.",
    ),
)
def rec_16(history: History) -> Iterator[Ruling]:
    """One ruling for the session."""
    opening = history.opening
    if opening is None or opening.at > history.as_of:
        yield Ruling("", "not-applicable", "The session is not opened.")
        return
    pinned = history.protocol
    if pinned is None or not isinstance(pinned.event, PUBLISHED):
        words = "The opening pins a protocol that nobody published."
        yield Ruling("", "cannot-judge", words, (opening.position,), causes=("no-protocol",))
        return
    name = f"{pinned.event.name} {pinned.event.version} (entry {pinned.position})"
    evidence = (pinned.position, opening.position)
    others = [
        (at, finding.rule)
        for at, finding in history.ledger.known.last_judged.kept_of(history.session)
        if at < history.size and finding.protocol != pinned.position
    ]
    if others:
        rules = ", ".join(sorted({each for _, each in others}))
        words = f"Verdicts that were kept cite another protocol than {name}: {rules}."
        positions = (*evidence, *(at for at, _ in others))
        yield Ruling("", "breached", words, positions, causes=("other-protocol",))
        return
    words = f"Every verdict on this session cites {name} with the rules {pinned.event.rule_set}, pinned at the opening."
    yield Ruling("", "met", words, evidence)
