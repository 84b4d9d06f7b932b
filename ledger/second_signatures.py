"""
Which signatures an entry still lacks, and whether one that came later counts.

    lacking(dose, [])                       -> (Signer("observed", …),)
    lacking(dose, [countersignature])       -> ()

A later signature is given by somebody who did not sign the entry, in a role and with the meaning its type asks for,
and where the entry names who it has to be, by that one; with a key that counts, as far as revocations are known.
One that does not fit was signed all the same: it is kept and shown, and does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeAlias

from ledger.events.base import Event, Signer
from ledger.events.corrections import CountersignatureGiven, Verdict
from ledger.keys import NONE_REVOKED, Revoked
from ledger.payload import Attestation
from ledger.reading import PlacedEvent
from ledger.signers import fits
from ledger.standing import DOUBTED, why_doubted

Uncounted: TypeAlias = Literal["", "author", "not-asked", "not-theirs", "doubted-key"]
"""
Why a countersignature does not count.

Its signer signed the entry; nobody asked for it; it is somebody else's; its key was revoked before or is suspect.
"""


@dataclass(frozen=True, slots=True)
class Second:
    """One countersignature, weighed against the entry it is about; empty `uncounted` is one that counts."""

    position: int
    by: str
    role: str
    gives: str
    verdict: Verdict
    uncounted: Uncounted
    doubt: str = ""
    """Of a doubted key, why it is."""

    @property
    def confirms(self) -> bool:
        """Whether it counts and confirms."""
        return not self.uncounted and self.verdict == "confirms"

    @property
    def disputes(self) -> bool:
        """Whether it counts and disputes."""
        return not self.uncounted and self.verdict == "disputes"


def doubt_of(placed: PlacedEvent, signer: object, revoked: Revoked) -> str:
    """Why the key of somebody who signed this does not count there, as half a sentence; empty when it does."""
    known = revoked.get(signer.key) if revoked and isinstance(signer, Attestation) else None
    if known is None or (state := known.state(placed.position)) not in DOUBTED:
        return ""
    return why_doubted(state, known.at, known.suspect_from, known.reason)


def weigh(target: PlacedEvent, given: PlacedEvent, revoked: Revoked = NONE_REVOKED) -> Second:
    """A countersignature as it counts for this entry, with what is known of revoked keys."""
    event, signer = given.event, given.payload.attested[0]
    if not isinstance(event, CountersignatureGiven):
        raise TypeError(f"{event.type} is no countersignature")
    uncounted, doubt = why_uncounted(target, event, signer.by, signer.role, revoked), doubt_of(given, signer, revoked)
    if doubt and not uncounted:
        uncounted = "doubted-key"
    return Second(given.position, signer.by, signer.role, event.gives, event.verdict, uncounted, doubt)


def weighed(target: PlacedEvent, given: Iterable[PlacedEvent], revoked: Revoked = NONE_REVOKED) -> tuple[Second, ...]:
    """
    All countersignatures of an entry in the order of the log; the last word of each person for each signature.

    What a doubted key said takes the place of nothing that its owner said with a key that counts.
    """
    last: dict[tuple[str, str, bool], Second] = {}
    for each in sorted(given, key=lambda placed: placed.position):
        second = weigh(target, each, revoked)
        said = (second.by, second.gives, bool(second.doubt))
        last.pop(said, None)
        last[said] = second
    return tuple(last.values())


def doubted_at_once(target: PlacedEvent, revoked: Revoked) -> tuple[Second, ...]:
    """
    The second signatures that an entry came with, given by keys that do not count there; none while none is known.

    Each stands as a countersignature by that key would: it confirms nothing.
    """
    if not revoked or not any(signer.key in revoked for signer in target.payload.attested):
        return ()
    rules = [rule for rule in type(target.event).SIGNERS if rule.when == "later"]
    return tuple(
        Second(target.position, signer.by, signer.role, signer.meaning, "confirms", "doubted-key", doubt)
        for signer in target.signers
        if (doubt := doubt_of(target, signer, revoked)) and any(fits(rule, signer, target.stream) for rule in rules)
    )


def given_at_once(target: PlacedEvent) -> list[Attestation]:
    """Whoever signed an entry at once with a signature that might have come later."""
    rules = [rule for rule in type(target.event).SIGNERS if rule.when == "later"]
    return [each for each in target.payload.attested if any(fits(rule, each, target.stream) for rule in rules)]


def lacking(target: PlacedEvent, seconds: Sequence[Second], revoked: Revoked = NONE_REVOKED) -> tuple[Signer, ...]:
    """
    The signatures that this entry has to get and does not have, in the order of its type.

    Given at once by a key that is in `revoked` and does not count there, a signature is lacking all the same.
    One whose need cannot be read any more is not among them (see `Event.asks`).
    Whether a correction needs its reviewer depends on what it corrects; `ledger.effective` knows that.
    """
    given = [signer for signer in target.signers if not doubt_of(target, signer, revoked)]
    open_rules: list[Signer] = []
    for rule in _now_before_later(type(target.event)):
        found = next((signer for signer in given if fits(rule, signer, target.stream)), None)
        if found is not None:
            given.remove(found)
        elif rule.when == "later" and rule.by == "staff":
            open_rules.append(rule)  # what a participant did not sign at once, nobody countersigns for them
    confirmed = [second for second in seconds if second.confirms]
    by_sheet = [rule for rule in named_by_sheet(target) if not _signed_by(rule, confirmed)]
    return (*by_sheet, *(rule for rule in open_rules if target.event.asks(rule) and not _brought(rule, confirmed)))


@cache
def _now_before_later(kind: type[Event]) -> tuple[Signer, ...]:
    return tuple(sorted(kind.SIGNERS, key=lambda rule: rule.when != "now"))


def in_words(rule: Signer) -> str:
    """`reviewed, by a nurse or prescriber`; `performed, by staff/…` of somebody whom a typed sheet names."""
    if rule.whose:
        return f"{rule.meaning}, by {rule.whose} ({' or '.join(rule.roles)}), whom the sheet names"
    return (
        f"{rule.meaning}, by a {' or '.join(rule.roles)}" if len(rule.roles) <= 4 else f"{rule.meaning}, by a colleague"
    )


def still_lacking(rule: Signer, seconds: Sequence[Second]) -> str:
    """The same, with why a signature that was given for it does not count, if a doubted key made it."""
    why = [
        f"given by {each.by}, which does not count: {each.doubt}"
        for each in seconds
        if each.uncounted == "doubted-key" and each.verdict == "confirms" and each.gives == rule.meaning
    ]
    return "; ".join([in_words(rule), *why])


def _brought(rule: Signer, confirmed: Sequence[Second]) -> bool:
    return any(each.gives == rule.meaning and (not rule.roles or each.role in rule.roles) for each in confirmed)


def named_by_sheet(target: PlacedEvent) -> list[Signer]:
    """What those whom a typed sheet names have to sign themselves; who typed it has signed it already."""
    typists = {signer.by for signer in target.payload.attested}
    return [
        Signer(each.meaning, roles=(each.role,), when="later", whose=each.by)
        for each in target.performed
        if each.by.startswith("staff/") and each.by not in typists
    ]


def given_anew(target: PlacedEvent, event: CountersignatureGiven, own: Attestation, revoked: Revoked) -> bool:
    """Whether somebody gives again what a doubted key of theirs signed as second person, or disputes that they did."""
    if not doubt_of(target, own, revoked):
        return False
    return event.verdict == "disputes" or event.gives == own.meaning


def _signed_by(rule: Signer, confirmed: Sequence[Second]) -> bool:
    return any(each.by == rule.whose and each.gives == rule.meaning for each in confirmed)


def why_uncounted(
    target: PlacedEvent, event: CountersignatureGiven, by: str, role: str, revoked: Revoked = NONE_REVOKED
) -> Uncounted:
    """
    Why this countersignature by somebody in a role would not count for an entry; empty when it would.

    Whoever signed the entry with a key that does not count there may say that it was not they, or give the second
    signature that they gave with it again.
    """
    own = next((signer for signer in target.payload.attested if signer.by == by), None)
    if own is not None and not given_anew(target, event, own, revoked):
        return "author"
    if event.verdict == "disputes":
        return ""
    named = [rule for rule in named_by_sheet(target) if rule.meaning == event.gives]
    if any(rule.whose == by for rule in named):
        return ""
    if any(each.by == by for each in target.performed):
        return "author"  # who did it by the sheet is no witness of it
    kind: type[Event] = type(target.event)
    asked = [
        rule
        for rule in kind.SIGNERS
        if rule.when == "later" and rule.meaning == event.gives and (not rule.roles or role in rule.roles)
    ]
    if not asked:
        return "not-theirs" if named else "not-asked"
    return "" if target.event.whose(asked[0]) in (None, by) else "not-theirs"
