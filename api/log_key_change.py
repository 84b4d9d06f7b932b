"""
Changing the log key: the new one is added, both sign once, the old one is retired.

    1  log/log.key.new is written           a key nobody knows yet
    2  log-key-added, signed by two officers; its checkpoint carries both log keys' lines: the overlap
    3  log-key-retired, signed by two officers; from its checkpoint on only the new key signs
    4  ledger.json names both keys          so that receipts of before and after can be checked
    5  log.key.new becomes log.key          the old private key is gone from this folder

It may stop at any point, and is simply run again: it looks at what is there and goes on.
Until step 3 the old key serves; after it, a start with the old key is refused (`log-key-retired`).
Source: docs/adr/0010.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.folder import Entropy, KnownLedger, OpenLedger, write_pin
from api.key_file import read_seed, write_key
from api.log_key_proofs import overlap_of
from api.officer_acts import KeyHolder, OfficerDesk
from ledger.errors import Refused
from ledger.events.keys import LogKeyAdded, LogKeyRetired
from ledger.follow import key_history
from ledger.log_keys import LogKey
from ledger.received import Clock
from ledger.record import Recorder
from ledger.store.durable import sync_folder
from ledger.store.head_store import FileHeadStore
from ledger.tlog.note import LogSigner

Step = Callable[[str], None]
"""Told the name of each step that is done."""


@dataclass(frozen=True, slots=True)
class LogKeyChange:
    """What the change came to: the verifier keys, and the size of the checkpoint that both signed."""

    old: str
    new: str
    overlap: int
    log_keys: tuple[LogKey, ...]


@dataclass(frozen=True, slots=True)
class ChangeOfLogKey:
    """One change, from wherever it stands to its end."""

    opened: OpenLedger
    clock: Clock
    entropy: Entropy
    old_passphrase: Callable[[], str]
    new_passphrase: str | None
    step: Step = lambda _: None

    def run(self, officers: Callable[[], Sequence[KeyHolder]]) -> LogKeyChange:
        """
        Take every step that is still to be taken; the officers are asked for only when something is to be signed.

        Raises:
            Refused: `two-officers`, and what `Recorder.record` raises; what was done stays, and is taken up again.
        """
        folder, origin = self.opened.folder, self.opened.pin.origin
        if not folder.next_log_key.exists():
            half = folder.next_log_key.with_name("log.key.half")
            half.unlink(missing_ok=True)
            write_key(half, self.entropy(32), "log", self.new_passphrase, self.entropy, self.opened.pin.origin)
            half.replace(folder.next_log_key)
            sync_folder(folder.next_log_key.parent)
            self.step("new-key-written")
        old = LogSigner(origin, read_seed(folder.log_key, self.old_passphrase, origin))
        new = LogSigner(origin, read_seed(folder.next_log_key, lambda: self.new_passphrase or self.old_passphrase()))
        if not self._is_retired(old):
            signing = self._two(officers())
            overlap = self._overlap(old, new, signing)
            self._retire(old, new, signing)
        else:
            overlap = self._signed_by_both(old, new) or 0
        log_keys = key_history(self.opened.store).log_keys()
        write_pin(
            folder.pin_file, KnownLedger(self.opened.pin, self.opened.organisation, self.opened.practice, log_keys)
        )
        self.step("pin-written")
        folder.next_log_key.replace(folder.log_key)
        sync_folder(folder.log_key.parent)
        self.step("log-key-replaced")
        return LogKeyChange(str(old.vkey), str(new.vkey), overlap, log_keys)

    def _overlap(self, old: LogSigner, new: LogSigner, officers: Sequence[KeyHolder]) -> int:
        """The size of a checkpoint over the new key's entry that both keys have signed, made if there is none."""
        recorder = self._recorder(old, new)
        if all(key.vkey != str(new.vkey) for key in recorder.keys.log_keys()):
            added = LogKeyAdded(vkey=str(new.vkey))
            recorder.record([self._desk().signed(added, officers, "enrolled", recorder)])
            self.step("log-key-added")
        if self._signed_by_both(old, new) is None:  # somebody with the old key alone covered it first
            recorder.commit_heads()
        size = self._signed_by_both(old, new)
        if size is None:
            raise Refused("log-key", "No checkpoint carries both log keys' lines.", remedy="Run it again.")
        self.step("overlap-signed")
        return size

    def _retire(self, old: LogSigner, new: LogSigner, officers: Sequence[KeyHolder]) -> None:
        recorder = self._recorder(new)
        retired = LogKeyRetired(vkey=str(old.vkey))
        recorder.record([self._desk().signed(retired, officers, "revoked", recorder)])
        self.step("log-key-retired")

    def _signed_by_both(self, old: LogSigner, new: LogSigner) -> int | None:
        keys = {key.vkey: key for key in key_history(self.opened.store).log_keys()}
        if (added := keys.get(str(new.vkey))) is None:
            return None
        found = overlap_of(self.opened.store, added, [keys[str(old.vkey)]])
        return None if found is None else found[0]

    def _is_retired(self, signer: LogSigner) -> bool:
        keys = key_history(self.opened.store).log_keys()
        return any(key.vkey == str(signer.vkey) and key.retired_at is not None for key in keys)

    def _recorder(self, *signers: LogSigner) -> Recorder:
        head_store = FileHeadStore(self.opened.folder.head)
        return Recorder(self.opened.store, head_store, signers, self.opened.subject_keys, self.clock, self.entropy)

    def _desk(self) -> OfficerDesk:
        return OfficerDesk(self.opened.pin.origin, self.clock.wall(), self.entropy)

    def _two(self, officers: Sequence[KeyHolder]) -> Sequence[KeyHolder]:
        if len({each.owner for each in officers}) < 2:
            raise Refused(
                "two-officers",
                "The log key is changed by two security officers.",
                field="officer-key",
                remedy="Give --officer-key twice, with two people's key files.",
            )
        return officers
