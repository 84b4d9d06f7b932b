"""Entries of sessions that ask for a second signature, or that came with one by a key that may not count any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from ledger.reading import PlacedEvent
from ledger.second_signatures import given_at_once, lacking


class Asking:
    """Of every record the entries whose second signatures somebody may still have to give; it only grows."""

    def __init__(self) -> None:
        self._lacking: defaultdict[str, list[PlacedEvent]] = defaultdict(list)
        self._signed: defaultdict[str, list[PlacedEvent]] = defaultdict(list)

    def take(self, record: str, placed: PlacedEvent) -> None:
        """Learn one more entry of a record."""
        if lacking(placed, ()):
            self._lacking[record].append(placed)
        if len(placed.payload.attested) > 1 and given_at_once(placed):
            self._signed[record].append(placed)

    def of(self, record: str, revoked: Collection[str]) -> list[PlacedEvent]:
        """Those that lacked one, and those of which one of these keys signed; in the order of the log."""
        asking = self._lacking.get(record, [])
        signed = self._signed.get(record, []) if revoked else []
        doubtful = [each for each in signed if any(signer.key in revoked for signer in each.payload.attested)]
        if not doubtful:
            return asking
        return sorted({each.position: each for each in (*asking, *doubtful)}.values(), key=lambda each: each.position)
