"""
What destroys something is not taken over HTTP: the command judges first what rests on it, and keeps the verdicts.

An erasure and an end of retention come with what the rules last said, signed by the same two people, worked out from
values that are gone a moment later; a bare event would leave a record nobody can judge any more.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledger.errors import Objection, Refused
from ledger.events.base import Event
from ledger.events.erasure import RetentionEnded, SubjectErased
from ledger.payload import Payload
from ledger.reading import PlacedEvent

_COMMANDS = {SubjectErased: "session-ledger erase", RetentionEnded: "session-ledger retention"}


class ByCommandAlone:
    """A gate of the service, which lets through everything but what destroys something."""

    def objections(
        self,
        event: Event,
        payload: Payload,  # noqa: ARG002  # see `Gate`
        received_at: str,  # noqa: ARG002
        beside: Sequence[PlacedEvent] = (),  # noqa: ARG002
    ) -> Sequence[Objection]:
        """
        See `Gate.objections`.

        Raises:
            Refused: `by-command-alone`.
        """
        command = _COMMANDS.get(type(event))
        if command is not None:
            raise Refused(
                "by-command-alone",
                "What destroys something is done beside the ledger, where what the rules last said is kept with it.",
                field="type",
                remedy=f"Both people run {command} on the ledger's computer; the service may go on meanwhile.",
            )
        return ()
