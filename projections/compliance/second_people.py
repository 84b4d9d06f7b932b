"""
Signatures of second people: who signed an entry beside whoever did it, at once or later, and when.

None counts that was made with a key which had been revoked by then or is suspect there, once that is known.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.corrections import CountersignatureGiven
from ledger.payload import Attestation
from ledger.standing import DOUBTED
from ledger.vocabulary import Meaning
from projections.compliance.history import History
from projections.compliance.known import Fact, record_of
from projections.compliance.ledger_at import LedgerAt


def confirmed_by(history: History, entry: Fact, meaning: Meaning) -> list[Fact]:
    """The countersignatures that confirm an entry in this meaning, by somebody who did not sign it, by time."""
    return confirming(history.ledger, entry, meaning)


def confirming(ledger: LedgerAt, entry: Fact, meaning: Meaning) -> list[Fact]:
    """The same of an entry on any record."""
    placed = ledger.known.entries.get(record_of(entry.stream), ())
    found = [
        ledger.known.fact(each)
        for each in placed
        if each.position < ledger.size
        and isinstance(each.event, CountersignatureGiven)
        and each.event.target.dig == entry.dig
        and each.event.gives == meaning
        and each.event.verdict == "confirms"
        and all(key_counts(ledger, signer, each.position) for signer in each.payload.attested)
    ]
    own = set(entry.by)
    return sorted(
        (fact for fact in found if ledger.has_happened(fact) and not own & set(fact.by)),
        key=lambda fact: (fact.at, fact.position),
    )


def counted_by_two(ledger: LedgerAt, entry: Fact) -> bool:
    """Whether two people counted: one did it, and another one verified it, at once or later."""
    did = {each.by for each in entry.signed if each.meaning == "performed"}
    verified = set(at_once(ledger, entry, "verified"))
    verified |= {by for each in confirming(ledger, entry, "verified") for by in each.by}
    return bool(did and verified - did)


def at_once(ledger: LedgerAt, entry: Fact, meaning: Meaning) -> Iterator[str]:
    """Who signed an entry itself in this meaning, with a key that counts there."""
    for signer in entry.signed:
        if signer.meaning == meaning and key_counts(ledger, signer, entry.position):
            yield signer.by


def key_counts(ledger: LedgerAt, signer: object, position: int) -> bool:
    """Whether what somebody signed at a position was signed with a key that counts, by what is known of it."""
    revoked = ledger.known.revoked_below(ledger.size)
    known = revoked.get(signer.key) if revoked and isinstance(signer, Attestation) else None
    return known is None or known.state(position) not in DOUBTED
