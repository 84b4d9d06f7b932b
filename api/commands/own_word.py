"""The software's own word on the command line: the service's key of this folder, for a ledger that nobody serves."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.commands.serve import ask_passphrase
from api.folder import SystemClock, open_ledger, open_recorder
from api.web.composing import Composer, composer_after
from api.web.known_keys import KnownKeys
from api.web.own_word import OwnWord
from api.web.service_key import ServiceKey
from ledger.record import Recorder
from ledger.store.sqlite import SQLiteStore


@contextmanager
def own_word(folder: Path) -> Iterator[tuple[OwnWord, Recorder, SQLiteStore]]:
    """
    The software's word in the ledger of this folder, with the recorder and store it uses; hold `only_writer` meanwhile.

    Raises:
        Refused, TamperDetected: as `api.folder.open_recorder`.
    """
    opened = open_ledger(folder)
    try:
        clock = SystemClock()
        own_key = ServiceKey(folder, KnownKeys(opened.store), secrets.token_bytes)
        recorder = open_recorder(opened, clock, ask_passphrase)

        def compose() -> Composer:
            return composer_after(recorder.checkpoint(), clock.wall(), secrets.token_bytes)

        yield OwnWord(own_key, recorder, compose), recorder, opened.store
    finally:
        opened.store.close()
