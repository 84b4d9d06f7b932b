"""
What stands where an entry's envelope is no longer kept: nobody can say any more what was signed there.

It is no type of event: nobody signs it and it is never stored. A reader makes it, and only under a signed
`retention-ended`; whoever folds events meets it where the entry stood, and says what they make of that.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from ledger.events.base import NOTHING, Critical, Event, Signer
from ledger.events.fields import Open
from ledger.events.words import PlainLine
from ledger.vocabulary import StreamKind


class NoLongerKept(Event):
    """
    An entry whose retention ended, at the position `under`; `kind` is the type that the store's index remembers.

    Of time and place only what the entry and the index say is known; both are in the payload that goes with it.
    """

    STREAM: ClassVar[StreamKind] = "any"
    SIGNERS: ClassVar[tuple[Signer, ...]] = ()
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["no-longer-kept"] = "no-longer-kept"
    kind: Open[PlainLine]
    under: Open[int]
