"""
The desk: in which role the service signs a statement for somebody, or why it does not and who could.

What is refused here is no fact refused: somebody else can sign it, or they sign it with a key on a device of their own
and hand it in; then it is recorded, and judged (`projections.compliance.at_the_desk`).
"""

from __future__ import annotations

from collections.abc import Sequence

from api.web.accounts import Accounts
from api.web.staff import codes_of
from ledger.encoding import from_instant
from ledger.errors import Refused
from ledger.events.base import Event, Signer
from ledger.follow import place
from ledger.payload import Occurred
from ledger.reading import PlacedEvent
from ledger.store.port import Store
from projections.compliance.at_the_desk import Act, check_at_the_desk, may_sign
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.reader import Compliance
from projections.tables import ViewDatabase

NAMED = 5
"""How many of those who could sign instead a remedy names."""


class Desk:
    """Who may have what signed here; safe to use from several threads."""

    def __init__(self, store: Store, compliance: Compliance, accounts: Accounts, database: ViewDatabase) -> None:
        self._store = store
        self._compliance = compliance
        self._accounts = accounts
        self._database = database

    def choose(
        self, event: Event, stream: str, by: str, signatures: Sequence[tuple[Signer, str]], occurred: Occurred
    ) -> tuple[Signer, str]:
        """
        The first of these signatures that the service gives for somebody, with its role.

        Raises:
            Refused: `role-not-held`, `own-act` or `not-their-act` of the first, when it gives none of them.
        """
        at = from_instant(occurred.at, "occurred.at")
        ledger = self._compliance.at(as_of=occurred.at)
        refusal: Refused | None = None
        for signer, role in signatures:
            try:
                check_at_the_desk(ledger, self._entry, Act(event, stream, at, by, role, signer))
            except Refused as error:
                refusal = refusal or error
                continue
            return signer, role
        if refusal is None:
            raise Refused("signature-meaning", "There is nothing here for you to sign.", field="type")
        first, role = signatures[0]
        remedy = self._instead(ledger, Act(event, stream, at, by, role, first))
        raise Refused(refusal.code, refusal.message, field=refusal.field, remedy=remedy) from None

    def _instead(self, ledger: LedgerAt, act: Act) -> str:
        """Who could sign this here, and what to do when nobody could."""
        able = frozenset(
            owner
            for owner, roles in self._accounts.roles().items()
            if owner != act.by and any(may_sign(ledger, self._entry, act, owner, role) for role in roles)
        )
        codes = sorted(codes_of(self._database, able).values())
        named = [*codes[:NAMED], "others"] if len(codes) > NAMED else codes
        who = f"{_one_of(named)} can sign it." if named else "Nobody here can sign it in your place."
        return f"{who} Signed with a key on a device of your own it is recorded, and judged."

    def _entry(self, dig: str) -> PlacedEvent | None:
        row = self._store.by_dig(dig)
        return None if row is None else place(self._store, row)


def _one_of(names: Sequence[str]) -> str:
    *before, last = names
    return f"{', '.join(before)} or {last}" if before else last
