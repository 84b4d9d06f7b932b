"""What the software says in its own name: one entry, signed with the service's own key and recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from api.web.composing import Composer
from api.web.service_key import OwnKey, ServiceKey
from ledger.encoding import to_instant
from ledger.errors import LedgerError, Refused
from ledger.events.base import Event
from ledger.payload import Occurred
from ledger.record import Recorder
from ledger.vocabulary import Meaning


class OwnWord:
    """Signs and records for the software; `compose` is asked for each entry, `trace` leaves one of what is refused."""

    def __init__(
        self,
        own_key: ServiceKey,
        recorder: Recorder,
        compose: Callable[[], Composer],
        trace: Callable[[Sequence[LedgerError]], object] = lambda _: None,
    ) -> None:
        self._own_key, self._recorder, self._compose, self._trace = own_key, recorder, compose, trace

    @property
    def origin(self) -> str:
        """The name of the ledger it speaks in."""
        return self._recorder.checkpoint().origin

    def key(self) -> OwnKey:
        """
        The key it signs with.

        Raises:
            Refused: `service-key-missing`, when it has none that counts.
        """
        own = self._own_key.counting()
        if own is None:
            raise Refused(
                "service-key-missing",
                "The software has no key of its own that counts here, so it can sign nothing.",
                remedy="A security officer asks for it on the officer's page and approves it; once is enough.",
            )
        return own

    def say(self, event: Event, record: str, meaning: Meaning) -> int:
        """
        Record this event now; where it stands.

        Raises:
            Refused: `service-key-missing`; `gate-closed`, where a rule keeps back what it says, as a copy (REC-11).
            LedgerError: what `Recorder.record` raises.
        """
        own, composer = self.key(), self._compose()
        now = Occurred(at=to_instant(composer.now), offset=0, precision="s", zone="UTC")
        signed = composer.signed(event, record, own.owner, own.key, "service", meaning, now)
        try:
            return self._recorder.record([signed])[0].position
        except Refused as refusal:
            self._trace([refusal])
            raise
