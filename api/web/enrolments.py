"""
Enrolments that wait: the new key has signed, the officer who was asked has not yet.

A person's device signs possession and hands it in here; the officer named in the same payload looks at it and
signs too, in the browser or on the command line (`session-ledger approve`); then all of it is recorded together,
as it must be for the two slots of a session.
What waits is not evidence: it stands beside the ledger, and the ledger checks everything again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from api.identifiers import uuid7_from
from api.web.accounts_db import AccountBook
from api.web.known_keys import KnownKeys
from ledger.encoding import from_base64, to_base64, to_instant
from ledger.envelope import assemble, content_digest, pae
from ledger.errors import Invalid, Refused
from ledger.events.devices import DeviceEnrolled
from ledger.events.keys import KeyEnrolled
from ledger.key_changes import check_key_event
from ledger.keys import check_signers
from ledger.payload import Payload, parse_payload
from ledger.reading import read_event
from ledger.received import Clock
from ledger.record import Recorder, Submission
from ledger.signers import check_meanings
from ledger.signing import is_signed_by, key_id

State = Literal["pending", "approved", "recorded", "refused"]
MAX_WAITING = 500


@dataclass(frozen=True, slots=True)
class Item:
    """One key-enrolled payload with the signature of its own new key; or a device-enrolled one, with none."""

    payload: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What waits for one officer; `by` handed it in, `outcome` says in the end what became of it."""

    id: str
    made_at: str
    officer: str
    by: str
    items: tuple[Item, ...]
    state: State
    signatures: tuple[bytes, ...]
    outcome: dict[str, object]


class Enrolments:
    """All enrolments of one ledger."""

    def __init__(
        self, book: AccountBook, keys: KnownKeys, origin: str, clock: Clock, entropy: Callable[[int], bytes]
    ) -> None:
        self._book = book
        self._keys = keys
        self._origin = origin
        self._clock = clock
        self._entropy = entropy

    def hand_in(self, items: Sequence[Item], by: str) -> Enrolment:
        """
        Keep these enrolments for the officer whom all of them name; the same again is the same enrolment.

        Raises:
            Invalid: malformed payloads, or `enrolment-form`.
            Refused: `other-ledger`, `enrolments-full`, `slot-keys-together`, and what `check_key_event` raises.
        """
        payloads = [self._checked(item, f"items[{index}]") for index, item in enumerate(items)]
        officers = {self._officer_of(payload) for payload in payloads}
        owners = {about(payload) for payload in payloads}
        if len(officers) != 1 or len(owners) != len(payloads):
            raise Invalid("enrolment-form", "Enrolments handed in together name one officer, and each owner once.")
        for owner in owners:
            twin = f"{owner[:-1]}{'b' if owner.endswith('a') else 'a'}"
            known = bool(self._keys.history.keys_of(twin))
            if owner.startswith("session/") and twin not in owners and not known:
                raise Refused(
                    "slot-keys-together",
                    "Both slots of a session get their keys together.",
                    field="items",
                    remedy="Hand in both enrolments in one request.",
                )
        text = json.dumps([{"payload": to_base64(i.payload), "signature": to_base64(i.signature)} for i in items])
        waiting = self._book.rows("SELECT * FROM enrolment WHERE state IN ('pending', 'approved')")
        for row in waiting:
            if row["items"] == text:
                return _enrolment(row)
        if len(waiting) >= MAX_WAITING:
            raise Refused("enrolments-full", "Too many enrolments wait.", remedy="Have an officer look at them.")
        now = self._clock.wall()
        number = uuid7_from(now, self._entropy(10))
        with self._book.writing() as book:
            book.execute(
                "INSERT INTO enrolment VALUES (?, ?, ?, ?, ?, 'pending', '[]', '{}')",
                (number, to_instant(now), officers.pop(), by, text),
            )
        return self.find(number)

    def all(self, officer: str | None = None) -> list[Enrolment]:
        """The enrolments, newest first; of one officer, or of all."""
        rows = self._book.rows("SELECT * FROM enrolment ORDER BY id DESC LIMIT 500")
        return [_enrolment(row) for row in rows if officer in (None, row["officer"])]

    def find(self, number: str) -> Enrolment:
        """
        One enrolment.

        Raises:
            Refused: `not-found`.
        """
        rows = self._book.rows("SELECT * FROM enrolment WHERE id = ?", number)
        if not rows:
            raise Refused("not-found", "There is no such enrolment.", field="id")
        return _enrolment(rows[0])

    def approve(self, number: str, signatures: Sequence[bytes]) -> Enrolment:
        """
        Take the officer's signatures, one for each item in its order.

        Raises:
            Invalid: `signature` or `enrolment-form`.
            Refused: `not-found`, `enrolment-done`, `enrolment`.
        """
        found = self.find(number)
        if found.state != "pending":
            raise Refused("enrolment-done", f"This enrolment is {found.state}.", field="id")
        if len(signatures) != len(found.items):
            raise Invalid("enrolment-form", "Each enrolment needs one signature.", field="signatures")
        for index, (item, signature) in enumerate(zip(found.items, signatures, strict=True)):
            payload = self._checked(item, "items")
            kid = next(each.key for each in payload.attested if each.by == found.officer)
            public = self._keys.history.public_key(kid)
            if public is None or not is_signed_by(public, pae(item.payload), signature):
                raise Invalid(
                    "signature",
                    "The signature does not fit the enrolment.",
                    field=f"signatures[{index}]",
                    remedy="Sign the payload bytes as they were handed in, with the key they name.",
                )
        with self._book.writing() as book:
            changed = book.execute(
                "UPDATE enrolment SET state = 'approved', signatures = ? WHERE id = ? AND state = 'pending'",
                (json.dumps([to_base64(signature) for signature in signatures]), number),
            )
            if changed.rowcount != 1:
                raise Refused("enrolment-done", "Somebody else was first.", field="id")
        return self.find(number)

    def record_approved(self, recorder: Recorder) -> None:
        """
        Record every approved enrolment, each whole or not at all, and keep what became of it.

        Raises:
            Conflict, NotNow, TamperDetected, and Refused because of the clock: as `Recorder.record`;
                what is left stays approved.
        """
        for row in self._book.rows("SELECT * FROM enrolment WHERE state = 'approved' ORDER BY id"):
            found = _enrolment(row)
            state: State = "recorded"
            try:
                done = recorder.record(_submissions(found))
                said: dict[str, object] = {"positions": [each.position for each in done]}
            except (Refused, Invalid) as error:
                if error.code in ("clock-stepped-back", "clock-ran-ahead"):
                    raise  # it is not this enrolment that is wrong
                state = "refused"
                said = {
                    "kind": type(error).__name__,
                    "code": error.code,
                    "message": error.message,
                    "field": error.field,
                    "remedy": error.remedy,
                }
            with self._book.writing() as book:
                book.execute(
                    "UPDATE enrolment SET state = ?, outcome = ? WHERE id = ?", (state, json.dumps(said), found.id)
                )

    def _checked(self, item: Item, field: str) -> Payload:
        payload = parse_payload(item.payload)
        event = read_event(payload, {})
        if isinstance(event, DeviceEnrolled):
            self._check_device(item, payload, event, field)
            return payload
        if not isinstance(event, KeyEnrolled) or payload.stream != "keys" or len(payload.attested) != 2:
            raise Invalid("enrolment-form", "An enrolment is key-enrolled/1 with two signers.", field=field)
        if payload.ledger != self._origin:
            raise Refused("other-ledger", "This was signed for another ledger.", field=f"{field}.ledger")
        public = bytes.fromhex(event.pub)
        if not is_signed_by(public, pae(item.payload), item.signature):
            raise Invalid(
                "signature",
                "The new key has not signed these bytes.",
                field=f"{field}.signature",
                remedy="Sign exactly the bytes that are sent.",
            )
        position = 1 << 52
        check_signers(self._keys.history, position, payload, event)
        check_key_event(self._keys.history, position, event, payload.attested)
        return payload

    def _check_device(self, item: Item, payload: Payload, event: DeviceEnrolled, field: str) -> None:
        """A device signs nothing: its enrolment waits for the officer's signature alone."""
        if len(payload.attested) != 1 or item.signature:
            raise Invalid("enrolment-form", "A device is enrolled by an officer's signature alone.", field=field)
        if payload.ledger != self._origin:
            raise Refused("other-ledger", "This was signed for another ledger.", field=f"{field}.ledger")
        check_signers(self._keys.history, 1 << 52, payload, event)
        check_meanings(type(event), payload)

    def _officer_of(self, payload: Payload) -> str:
        if "pub" not in payload.body:
            return payload.attested[0].by
        new = key_id(bytes.fromhex(payload.body["pub"]))
        return next(each.by for each in payload.attested if each.key != new)


def _submissions(found: Enrolment) -> list[Submission]:
    submissions = []
    for item, approval in zip(found.items, found.signatures, strict=True):
        payload = parse_payload(item.payload)
        signatures = [approval if each.by == found.officer else item.signature for each in payload.attested]
        submissions.append(Submission(assemble(payload, item.payload, signatures).raw))
    return submissions


def about(payload: Payload) -> str:
    """Whose key an enrolment is about, or which device."""
    return str(payload.body.get("owner", payload.stream))


def digest(item: Item) -> str:
    """The name of an item's content, under which it will stand in the ledger."""
    return content_digest(item.payload)


def _enrolment(row: object) -> Enrolment:
    values = cast("dict[str, str]", row)
    items = json.loads(values["items"])
    return Enrolment(
        id=values["id"],
        made_at=values["made_at"],
        officer=values["officer"],
        by=values["by"],
        items=tuple(Item(from_base64(each["payload"]), from_base64(each["signature"])) for each in items),
        state=cast("State", values["state"]),
        signatures=tuple(map(from_base64, json.loads(values["signatures"]))),
        outcome=json.loads(values["outcome"]),
    )
