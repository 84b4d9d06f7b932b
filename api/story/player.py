"""
Playing a story: every step is signed by the people it names and recorded under the story's clock.

The player holds each person's private key, as their device would, and nothing else that a device would not have.
It writes the same bytes a tablet would send and gives them to the same recorder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from ledger.block import Block
from ledger.canonical import Json
from ledger.encoding import microseconds, to_instant
from ledger.envelope import sign
from ledger.errors import Invalid, LedgerError
from ledger.events import EVENT_TYPES
from ledger.events.base import Event, Signer
from ledger.events.keys import KeyEnrolled
from ledger.events.measures import Part
from ledger.events.sealing import make_event, take_apart
from ledger.payload import NOTHING_SEEN, Attestation, Occurred, Payload, Seen
from ledger.record import Recorded, Recorder, Submission
from ledger.signing import SigningKey
from ledger.tlog.note import VerifierKey

from api.story.clock import StoryClock
from api.story.script import Raw, Script, Step
from api.story.values import Meaning

KINDS = {
    "staff": "staff",
    "people": "person",
    "couples": "couple",
    "locations": "location",
    "sessions": "session",
    "stock": "stock",
    "protocols": "protocol",
    "governance": "governance",
}
"""The kinds of cast, and the streams they are the names of."""

_BY = re.compile(r"(?P<name>[^:]+?)(?: as (?P<role>[a-z-]+))?(?:: (?P<meaning>[a-z-]+))?")


@dataclass(frozen=True, slots=True)
class Played:
    """One step and where its event stands in the log."""

    step: Step
    type: str
    recorded: Recorded


class Player:
    """Everybody in a story, with their keys."""

    def __init__(self, script: Script, clock: StoryClock, entropy: Callable[[int], bytes]) -> None:
        self.script = script
        self.clock = clock
        self._entropy = entropy
        self.ids = {
            name: f"{KINDS[kind]}/{_uuid4(entropy(16))}"
            for kind, members in script.cast.items()
            for name in members
            if kind in KINDS
        }
        self._meaning = Meaning(self.ids, script.zone)
        self.keys: dict[str, SigningKey] = {}
        self.seeds: dict[str, bytes] = {}
        self._roles = {name: _roles(known) for name, known in script.cast.get("staff", {}).items()}
        self._origin = ""
        self._seen = NOTHING_SEEN

    # -- opening ------------------------------------------------------------------------------------

    def opening(self, origin: str, log_key: VerifierKey) -> Submission:
        """The signed first event: the story's officers open the ledger."""
        self._origin = origin
        officers = [self.ids[name] for name in self.script.officers]
        self.clock.set(self.script.opened)
        keys: list[Json] = [
            {"alg": "ed25519", "custody": "hardware", "officer": True, "owner": owner, "pub": self._new_key(owner).public.hex()}
            for owner in officers
        ]
        opened = make_event(
            EVENT_TYPES["ledger-opened/1"],
            {"continues": None, "keys": keys, "log_keys": [str(log_key)], "organisation": self.script.organisation},
        )
        signers = [(owner, "opened", "security-officer") for owner in officers]
        return self._signed(opened, "keys", signers, self.script.opened, self.script.opened)

    # -- steps --------------------------------------------------------------------------------------

    def play(self, recorder: Recorder, step: Step) -> list[Played]:
        """
        Record one step; an enrolment of a session records both slots' keys together.

        Raises:
            LedgerError: whatever the recorder refuses, with the story's line in front.
        """
        try:
            submissions = self._enrolments(step) if step.enrol else [self._event(step)]
            self.clock.set(step.recorded)
            results = recorder.record([submission for _, submission in submissions])
        except LedgerError as error:
            error.message = f"line {step.line}: {error.message}"
            raise
        checkpoint = recorder.checkpoint()
        self._seen = Seen(root=checkpoint.root.hex(), size=checkpoint.size)
        if step.label:
            self._meaning.labels[step.label] = {"dig": results[0].dig, "id": results[0].event_id}
        return [Played(step, kind, result) for (kind, _), result in zip(submissions, results, strict=True)]

    def _event(self, step: Step) -> tuple[str, Submission]:
        kind = next((k for tag, k in EVENT_TYPES.items() if tag.partition("/")[0] == step.event), None)
        if kind is None:
            raise Invalid("story", f"there is no event called {step.event}")
        event = make_event(kind, self._fields(kind, step.fields), lenient=True)
        stream = self._stream(step.target)
        signers = self._signers(kind, stream, step.by)
        return kind.type_tag(), self._signed(event, stream, signers, step.at, step.recorded)

    def _fields(self, kind: type[Event] | type[Part], given: dict[str, Raw]) -> dict[str, object]:
        """The fields as values; a field that may be null and is not mentioned is null, a list is empty."""
        fields: dict[str, object] = {name: self._meaning.of(raw) for name, raw in given.items()}
        for name, field in kind.model_fields.items():
            if name in fields or name == "type":
                continue
            if _may_be_null(field.annotation):
                fields[name] = None
            elif _is_list(field.annotation):
                fields[name] = []
        return fields

    def _enrolments(self, step: Step) -> list[tuple[str, Submission]]:
        owner = self._stream(step.enrol)
        owners = [f"{owner}/a", f"{owner}/b"] if owner.startswith("session/") else [owner]
        officer = step.by[0] if step.by else self.script.officers[0]
        submissions = []
        for each in owners:
            key = self._new_key(each)
            event = make_event(
                KeyEnrolled,
                {"alg": "ed25519", "custody": "device", "officer": False, "owner": each, "pub": key.public.hex()},
            )
            role = "participant" if not each.startswith("staff/") else self._roles[step.enrol][0]
            signers = [(each, "possession", role), (self.ids[officer], "enrolled", "security-officer")]
            submissions.append((event.type, self._signed(event, "keys", signers, step.at, step.recorded)))
        return submissions

    def _signers(self, kind: type[Event], stream: str, by: Sequence[str]) -> list[tuple[str, str, str]]:
        """Owner, meaning and role of each signer; what is not said is taken from the type's own list."""
        left = list(kind.SIGNERS)
        signers: list[tuple[str, str, str]] = []
        for text in by:
            match = _BY.fullmatch(text)
            assert match is not None
            name, role, meaning = match["name"], match["role"], match["meaning"]
            owner = self._owner(name, stream)
            rule = next((r for r in left if self._fits(r, name, role, meaning)), None)
            if rule is None:
                raise Invalid("story", f"{name} has nothing to sign in {kind.type_tag()}")
            left.remove(rule)
            roles = [role] if role else [r for r in self._roles.get(name, ["participant"]) if r in rule.roles or not rule.roles]
            signers.append((owner, rule.meaning, roles[0]))
        return signers

    def _fits(self, rule: Signer, name: str, role: str | None, meaning: str | None) -> bool:
        if meaning is not None and rule.meaning != meaning:
            return False
        if rule.by == "staff":
            roles = [role] if role else self._roles.get(name, [])
            return name in self._roles and (not rule.roles or any(r in rule.roles for r in roles))
        return name not in self._roles

    def _owner(self, name: str, stream: str) -> str:
        """Whose key signs: on a session's records, and as `Ana in Sun`, a participant's key of that slot."""
        person, _, session = name.partition(" in ")
        if person not in self.ids:
            raise Invalid("story", f"{person} is not in the cast")
        if session:
            return self._stream(f"{session}/{person}")
        for title in self.script.cast.get("sessions", {}):
            if stream.startswith(self.ids[title]) and person not in self._roles:
                return self._stream(f"{title}/{person}")
        return self.ids[person]

    def _stream(self, target: str) -> str:
        """`Sat/Ana` is Ana's record in the session Sat; any other name is the record of that name."""
        session, slash, person = target.partition("/")
        if session not in self.ids:
            raise Invalid("story", f"{target or 'nobody'} is not in the cast")
        if not slash:
            return self.ids[session]
        for slot in ("a", "b"):
            if self.script.cast["sessions"][session].get(slot) == person:
                return f"{self.ids[session]}/{slot}"
        raise Invalid("story", f"{person} is not a partner in {session}")

    # -- signing ------------------------------------------------------------------------------------

    def _signed(
        self, event: Event, stream: str, signers: Sequence[tuple[str, str, str]], at: datetime, recorded: datetime
    ) -> Submission:
        parts = take_apart(event, stream)
        blocks = [Block(self._entropy(16), name, value) for name, value in parts.sealed.items()]
        for owner, _, _ in signers:
            if owner not in self.keys:
                raise Invalid("story", f"{self._name_of(owner)} has no key yet: enrol it first")
        keys = [self.keys[owner] for owner, _, _ in signers]
        offset = at.utcoffset()
        payload = Payload(
            attested=tuple(
                Attestation(by=owner, key=key.kid, meaning=meaning, role=role)
                for (owner, meaning, role), key in zip(signers, keys, strict=True)
            ),
            blocks=tuple(sorted(block.digest for block in blocks)),
            body=parts.body,
            device=None,
            id=_uuid7(recorded, self._entropy(10)),
            ledger=self._origin,
            occurred=Occurred(
                at=to_instant(at),
                offset=0 if offset is None else int(offset.total_seconds() // 60),
                precision="min",
                zone=self.script.zone.key,
            ),
            recorded_at=to_instant(recorded),
            seen=self._seen,
            stream=stream,
            type=event.type,
        )
        return Submission(sign(payload, keys).raw, tuple(block.text for block in blocks))

    def _new_key(self, owner: str) -> SigningKey:
        self.seeds[owner] = self._entropy(32)
        self.keys[owner] = SigningKey(self.seeds[owner])
        return self.keys[owner]

    def _name_of(self, owner: str) -> str:
        return next((name for name, known in self.ids.items() if owner.startswith(known)), owner)


def _roles(known: dict[str, Raw]) -> list[str]:
    roles = known.get("roles", [])
    return [roles] if isinstance(roles, str) else [str(role) for role in roles]


def _may_be_null(annotation: object) -> bool:
    return annotation is type(None) or any(_may_be_null(arg) for arg in get_args(annotation))


def _is_list(annotation: object) -> bool:
    return getattr(annotation, "__origin__", None) is tuple or any(_is_list(arg) for arg in get_args(annotation))


def _uuid4(random: bytes) -> str:
    value = bytearray(random)
    value[6] = value[6] & 0x0F | 0x40
    value[8] = value[8] & 0x3F | 0x80
    text = value.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _uuid7(moment: datetime, random: bytes) -> str:
    """RFC 9562, section 5.7: 48 bits of milliseconds, then 74 random bits around version and variant."""
    value = bytearray((microseconds(moment) // 1000).to_bytes(6, "big") + random)
    value[6] = value[6] & 0x0F | 0x70
    value[8] = value[8] & 0x3F | 0x80
    text = value.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
