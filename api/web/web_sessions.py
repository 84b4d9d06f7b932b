"""
Who is signed in, at which screen, and whether that screen is locked.

Kept in memory only: after a restart everybody signs in again, and no token is ever at rest.
A screen nobody touched for a while is locked, and opened again by the PIN; five wrong PINs sign it out.
Time is counted by the clock that only grows: a clock that was set back must not keep a screen open.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from api.web.settings import Settings
from ledger.encoding import to_base64url
from ledger.errors import Refused
from ledger.received import Clock

WRONG_PASSWORDS = 5
"""How many are taken for one name in a minute."""


@dataclass(slots=True)
class WebSession:
    """One screen at which somebody is signed in; a `board` hangs on a wall, never locks, and shows only the floor."""

    owner: str
    code: str
    roles: tuple[str, ...]
    began: float
    touched: float
    locked: bool = False
    board: bool = False
    wrong_pins: int = 0
    ended: bool = False


class WebSessions:
    """All screens; safe to use from several threads."""

    def __init__(self, clock: Clock, settings: Settings, entropy: Callable[[int], bytes]) -> None:
        self._clock = clock
        self._settings = settings
        self._entropy = entropy
        self._turn = Lock()
        self._known: dict[bytes, WebSession] = {}
        self._wrong: dict[str, list[float]] = {}

    def begin(self, owner: str, code: str, roles: tuple[str, ...]) -> str:
        """The token of a new screen."""
        token, now = to_base64url(self._entropy(32)), self._clock.monotonic()
        with self._turn:
            self._known = {key: each for key, each in self._known.items() if self._lives(each)}
            self._known[_key(token)] = WebSession(owner, code, roles, now, now)
        return token

    def find(self, token: str) -> WebSession | None:
        """The screen of a token, locked if nobody touched it for too long; None when it is signed out."""
        session = self._known.get(_key(token))
        if session is None or not self._lives(session):
            return None
        if not session.board and self._clock.monotonic() - session.touched > self._settings.idle_lock.total_seconds():
            session.locked = True
        return session

    def touch(self, session: WebSession) -> None:
        """Somebody is at this screen."""
        session.touched = self._clock.monotonic()

    def pin_was(self, session: WebSession, right: bool) -> None:
        """
        Take note of a PIN that was tried; a right one opens the screen.

        Raises:
            Refused: `wrong-pin`, or `signed-out` when it was the last try.
        """
        with self._turn:
            if right and not session.ended:
                session.wrong_pins, session.locked = 0, False
                session.touched = self._clock.monotonic()
                return
            session.wrong_pins += 1
            left = self._settings.wrong_pins - session.wrong_pins
            session.ended = session.ended or left <= 0
        if session.ended:
            raise Refused("signed-out", "Too many wrong PINs.", field="pin", remedy="Sign in with your password.")
        raise Refused("wrong-pin", "This is not your PIN.", field="pin", remedy=f"{left} tries are left.")

    def end(self, session: WebSession) -> None:
        """Sign this screen out."""
        session.ended = True

    def end_all(self, owner: str) -> None:
        """Sign somebody out everywhere."""
        for session in list(self._known.values()):
            session.ended = session.ended or session.owner == owner

    def refuse_guessing(self, name: str) -> None:
        """
        Pass while not too many wrong passwords or codes were tried for one name, whether it exists or not.

        Raises:
            Refused: `too-many-tries`.
        """
        with self._turn:
            if len(self._recent(name)) >= WRONG_PASSWORDS:
                raise Refused("too-many-tries", "Too many wrong tries.", remedy="Wait a minute.")

    def guessed_wrong(self, name: str) -> None:
        """Take note of a wrong password or code."""
        with self._turn:
            if len(self._wrong) > 10_000:
                self._wrong = {key: self._recent(key) for key in self._wrong if self._recent(key)}
            self._wrong.setdefault(name, []).append(self._clock.monotonic())

    def guesses(self, name: str) -> int:
        """How many wrong ones there were for a name within the last minute."""
        with self._turn:
            return len(self._recent(name))

    def _recent(self, name: str) -> list[float]:
        now = self._clock.monotonic()
        return [at for at in self._wrong.get(name, []) if now - at < 60]

    def _lives(self, session: WebSession) -> bool:
        age = self._clock.monotonic() - session.began
        return not session.ended and age < self._settings.session_life.total_seconds()


def _key(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
