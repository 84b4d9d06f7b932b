"""
Who may sign in: the first officer by a code that was printed once, everybody else by an officer's invitation.

An account belongs to a member of staff, with the roles the officer wrote into the invitation.
Whether somebody is an officer is never in an account: it is asked of the ledger's keys each time.
Codes and invitations have 100 random bits or more, so their plain SHA-256 is kept; passwords and PINs are
stretched (`api.web.stretching`).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

from api.web.accounts_db import AccountBook
from api.web.settings import Settings
from api.web.stretching import fits, protect
from ledger.encoding import to_base64url, to_instant
from ledger.errors import Invalid, Refused
from ledger.received import Clock
from ledger.vocabulary import Role

STAFF_ROLES: tuple[str, ...] = tuple(
    role
    for role in get_args(Role)
    if role not in ("participant", "representative", "service", "security-officer", "driver")
)
"""What an officer may write into an invitation; `security-officer` follows from the keys."""

_PIN = re.compile(r"[0-9]{6,12}")


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in."""

    owner: str
    roles: tuple[str, ...]
    password: str
    pin: str


class Accounts:
    """The accounts of one ledger."""

    def __init__(self, book: AccountBook, clock: Clock, settings: Settings, entropy: Callable[[int], bytes]) -> None:
        self._book = book
        self._clock = clock
        self._settings = settings
        self._entropy = entropy
        self._nobody = protect("nobody has this password", entropy, settings.cost)

    # -- set-up -------------------------------------------------------------------------------------

    @property
    def set_up(self) -> bool:
        """Whether there is an account already."""
        return bool(self._book.rows("SELECT 1 FROM account LIMIT 1"))

    def new_code(self) -> str:
        """A fresh set-up code, to be printed once; the one before it no longer counts."""
        text = base64.b32encode(self._entropy(15)).decode("ascii")
        code = "-".join(text[at : at + 6] for at in range(0, 24, 6))
        with self._book.writing() as book:
            book.execute("INSERT OR REPLACE INTO set_up VALUES (1, ?)", (_hash(code),))
        return code

    def set_up_officer(self, code: str, owner: str, roles: Sequence[str], password: str, pin: str) -> Account:
        """
        The first account, an officer's.

        Raises:
            Refused: `set-up-done` or `wrong-code`.
            Invalid: `password`, `pin` or `role`.
        """
        check_secrets(password, pin)
        if self.set_up:
            raise Refused("set-up-done", "This service is set up.", remedy="Ask an officer for an invitation.")
        if not self._book.rows("SELECT 1 FROM set_up WHERE hash = ?", _hash(code.strip().upper())):
            raise Refused(
                "wrong-code",
                "This is not the set-up code.",
                field="code",
                remedy="It was printed when the service was started; start it again for a new one.",
            )
        account = self._account(owner, check_roles(roles), password, pin)
        with self._book.writing() as book:
            if book.execute("SELECT 1 FROM account LIMIT 1").fetchone():
                raise Refused("set-up-done", "This service is set up.", remedy="Ask an officer for an invitation.")
            book.execute("DELETE FROM set_up")
            self._keep(account)
        return account

    # -- invitations --------------------------------------------------------------------------------

    def invite(self, owner: str, roles: Sequence[str]) -> str:
        """
        An invitation for a member of staff, good once; somebody who has an account gets new roles and secrets by it.

        Raises:
            Invalid: `role`.
        """
        known = check_roles(roles)
        invitation = to_base64url(self._entropy(24))
        ends = to_instant(self._clock.wall() + self._settings.invitation_life)
        with self._book.writing() as book:
            book.execute("DELETE FROM invitation WHERE owner = ?", (owner,))
            book.execute(
                "INSERT INTO invitation VALUES (?, ?, ?, ?)", (_hash(invitation), owner, json.dumps(known), ends)
            )
        return invitation

    def accept(self, invitation: str, password: str, pin: str) -> Account:
        """
        The account of whoever holds this invitation.

        Raises:
            Refused: `wrong-code`.
            Invalid: `password` or `pin`.
        """
        check_secrets(password, pin)
        rows = self._book.rows("SELECT * FROM invitation WHERE hash = ?", _hash(invitation.strip()))
        if not rows or rows[0]["ends_at"] < to_instant(self._clock.wall()):
            raise _no_invitation()
        account = self._account(rows[0]["owner"], json.loads(rows[0]["roles"]), password, pin)
        with self._book.writing() as book:
            if book.execute("DELETE FROM invitation WHERE hash = ?", (rows[0]["hash"],)).rowcount != 1:
                raise _no_invitation()
            self._keep(account)
        return account

    # -- secrets ------------------------------------------------------------------------------------

    def find(self, owner: str) -> Account | None:
        """The account of a member of staff."""
        rows = self._book.rows("SELECT * FROM account WHERE owner = ?", owner)
        return (
            Account(owner, tuple(json.loads(rows[0]["roles"])), rows[0]["password"], rows[0]["pin"]) if rows else None
        )

    def roles(self) -> dict[str, tuple[str, ...]]:
        """Everybody who may sign in, with their roles."""
        return {row["owner"]: tuple(json.loads(row["roles"])) for row in self._book.rows("SELECT * FROM account")}

    def by_password(self, owner: str | None, password: str) -> Account | None:
        """The account whose password this is; who does not exist takes as long as who does."""
        account = None if owner is None else self.find(owner)
        right = fits(password[:1024], self._nobody if account is None else account.password)
        return account if right else None

    def is_pin(self, owner: str, pin: str) -> bool:
        """Whether this is somebody's PIN."""
        account = self.find(owner)
        return fits(pin[:64], self._nobody if account is None else account.pin) and account is not None

    def _account(self, owner: str, roles: Sequence[str], password: str, pin: str) -> Account:
        cost = self._settings.cost
        return Account(owner, tuple(roles), protect(password, self._entropy, cost), protect(pin, self._entropy, cost))

    def _keep(self, account: Account) -> None:
        with_roles = json.dumps(account.roles)
        self._book.rows(
            "INSERT OR REPLACE INTO account VALUES (?, ?, ?, ?, ?)",
            account.owner,
            with_roles,
            account.password,
            account.pin,
            to_instant(self._clock.wall()),
        )


def check_roles(roles: Sequence[str]) -> list[str]:
    """
    The roles, each once.

    Raises:
        Invalid: `role`.
    """
    for index, role in enumerate(roles):
        if role not in STAFF_ROLES:
            raise Invalid(
                "role", "Nobody signs in with this role.", field=f"roles[{index}]", remedy=", ".join(STAFF_ROLES)
            )
    return list(dict.fromkeys(roles))


def check_secrets(password: str, pin: str) -> None:
    """
    Pass when a password and a PIN may be chosen.

    Raises:
        Invalid: `password` or `pin`.
    """
    if not 12 <= len(password) <= 256:
        raise Invalid("password", "A password has 12 to 256 characters.", field="password", remedy="Use a sentence.")
    if not _PIN.fullmatch(pin) or len(set(pin)) == 1:
        raise Invalid("pin", "A PIN has 6 to 12 digits, not all the same.", field="pin")


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8")).digest()


def _no_invitation() -> Refused:
    return Refused(
        "wrong-code", "This invitation is not good, or no longer.", field="invitation", remedy="Ask for a new one."
    )
