"""
Playing a story: every step is signed by the people it names and recorded under the story's clock.

The player holds each person's private key, as their device would, and nothing else that a device would not have.
It writes the same bytes a tablet would send and gives them to the same recorder.
The same story with the same entropy gives the same ledger, byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.identifiers import uuid4_from
from api.refusal_trace import leave_trace
from api.story.cast import Cast, fresh_ids
from api.story.clock import StoryClock
from api.story.refusing import Declined, check_asked, check_told, in_words
from api.story.script import Script, Step
from api.story.signing import Said, signed
from api.story.values import Meaning, suggestion
from ledger.canonical import Json
from ledger.errors import Invalid, LedgerError, Refused
from ledger.events import EVENT_TYPES
from ledger.events.base import Event
from ledger.events.corrections import EntryReattributed
from ledger.events.keys import KeyEnrolled
from ledger.events.sealing import make_event
from ledger.payload import NOTHING_SEEN, Seen
from ledger.record import Recorded, Recorder, Submission
from ledger.signing import SigningKey
from ledger.tlog.note import VerifierKey

_KINDS = {tag.removesuffix("/1"): kind for tag, kind in EVENT_TYPES.items()}
"""A word without a version is the first one, whatever came later: a story says the same for ever."""
_UNSEEN: Json = {"dig": "0" * 64, "id": "00000000-0000-7000-8000-000000000000"}


@dataclass(frozen=True, slots=True)
class Played:
    """One step and where its event stands in the log."""

    step: Step
    type: str
    recorded: Recorded


@dataclass(frozen=True, slots=True)
class _Act:
    """What a step says: an event on a record, and owner, meaning and role of each who signs it."""

    event: Event
    stream: str
    signers: list[tuple[str, str, str]]


class Player:
    """Everybody in a story, with their keys: `keys` and `seeds` by owner, `ids` by name."""

    def __init__(
        self, script: Script, clock: StoryClock, entropy: Callable[[int], bytes], *, asks: bool = True
    ) -> None:
        """
        Read the whole story once, so that its slips are found before anything is recorded.

        Where nobody `asks` the rules before an authorisation, steps that they would refuse are left out.

        Raises:
            Invalid: with file, line, field and remedy.
        """
        self.script = script
        self.clock = clock
        self._entropy = entropy
        self._asks = asks
        self._cast = Cast(script.cast, fresh_ids(script.cast, lambda: uuid4_from(entropy(16))))
        self.ids = self._cast.ids
        self._meaning = Meaning(self.ids, script.zone, script.path.parent / "texts")
        self.keys: dict[str, SigningKey] = {}
        self.seeds: dict[str, bytes] = {}
        self._origin = ""
        self._seen = NOTHING_SEEN
        self.declined: list[Declined] = []
        self._rehearse()

    # -- opening ------------------------------------------------------------------------------------

    def opening(self, origin: str, log_key: VerifierKey) -> Submission:
        """The signed first event: the story's officers open the ledger."""
        self._origin = origin
        officers = self._officers()
        self.clock.set(self.script.opened)
        keys: list[Json] = [
            {
                "alg": "ed25519",
                "custody": "hardware",
                "officer": True,
                "owner": owner,
                "pub": self._new_key(owner).public.hex(),
            }
            for owner in officers
        ]
        opened = make_event(
            EVENT_TYPES["ledger-opened/1"],
            {
                "continues": None,
                "keys": keys,
                "log_keys": [str(log_key)],
                "organisation": self.script.organisation,
            },
        )
        signers = [(owner, "opened", "security-officer") for owner in officers]
        return self._signed(opened, "keys", signers, self.script.opened, self.script.opened)

    # -- steps --------------------------------------------------------------------------------------

    def play(self, recorder: Recorder, step: Step) -> list[Played]:
        """
        Record one step, whole or not at all; an enrolment of a session records both slots' keys together.

        A step that the story says is refused is kept in `declined` and records nothing but the software's own trace.

        Raises:
            LedgerError: whatever the recorder refuses, with file and line in front.
        """
        if step.is_kept_out:
            if step.refused and self._asks:
                self._decline(recorder, step)
            return []
        keys, seeds = dict(self.keys), dict(self.seeds)
        try:
            submissions = self._enrolments(step) if step.enrol else [self._submission(step)]
            self.clock.set(step.recorded)
            results = recorder.record(submissions)
        except LedgerError as error:
            self.keys, self.seeds = keys, seeds
            raise self._at(step, error) from None
        checkpoint = recorder.checkpoint()
        self._seen = Seen(root=checkpoint.root.hex(), size=checkpoint.size)
        if step.label:
            self._meaning.labels[step.label] = {"dig": results[0].dig, "id": results[0].event_id}
        kind = _KINDS[step.event or "key-enrolled"].type_tag()
        return [Played(step, kind, result) for result in results]

    def _decline(self, recorder: Recorder, step: Step) -> None:
        """Hand in what is to be refused, by exactly what the story names."""
        kind = _KINDS[step.event]
        self.clock.set(step.recorded)
        try:
            recorder.record([self._submission(step)])
        except LedgerError as error:
            if not isinstance(error, Refused) or not error.objections:
                raise self._at(step, error) from None
            refusal = error
        else:
            refusal = Refused("gate-closed", "Nothing objected.")
        try:
            check_told(step.refused, [in_words(each, self._cast.name_of) for each in refusal.objections])
        except Invalid as error:
            raise self._at(step, error) from None
        trace = leave_trace(refusal, recorder.store, lambda event, stream: self._trace(recorder, step, event, stream))
        self.declined.append(Declined(step, kind.type_tag(), refusal.objections, trace))

    def _trace(self, recorder: Recorder, step: Step, event: Event, stream: str) -> int | None:
        """Where the story's service says that something was refused; None without one that has a key."""
        service = self._cast.service
        if service is None or service not in self.keys:
            return None
        own = self._signed(event, stream, [(service, "observed", "service")], step.recorded, step.recorded)
        return recorder.record([own])[0].position

    def _rehearse(self) -> None:
        """Read every step as it will be played, without signing anything."""
        have_keys = set(self._officers())
        for step in self.script.steps:
            try:
                if step.enrol:
                    have_keys.update(self._owners(step))
                    self._officer(step)
                else:
                    act = self._act(step)
                    check_asked(step.refused, step.unasked, type(act.event))
                    for owner, _, _ in act.signers:
                        self._require_key(owner, have_keys)
            except LedgerError as error:
                raise self._at(step, error) from None
            if step.label:
                self._meaning.labels[step.label] = _UNSEEN

    def _at(self, step: Step, error: LedgerError) -> LedgerError:
        """The same error, with the place in the story in front."""
        error.message = f"{self.script.path.name} line {step.line}: {error.message}"
        return error

    def _act(self, step: Step) -> _Act:
        kind = _KINDS.get(step.event)
        if kind is None:
            remedy = suggestion(step.event, _KINDS, "docs/events.md lists them.")
            raise Invalid("story", f"There is no event called {step.event}.", field="event", remedy=remedy)
        stream = self._cast.stream(step.target)
        if kind is EntryReattributed:
            stream = stream.replace("session/", "governance/")  # beside both partners' records, under the same number
        event = make_event(kind, self._meaning.fields(kind, step.fields, step.at), lenient=True)
        return _Act(event, stream, self._cast.signers(kind, stream, step.by))

    def _submission(self, step: Step) -> Submission:
        act = self._act(step)
        return self._signed(act.event, act.stream, act.signers, step.at, step.recorded)

    def _enrolments(self, step: Step) -> list[Submission]:
        submissions = []
        for owner in self._owners(step):
            key = self._new_key(owner)
            event = make_event(
                KeyEnrolled,
                {
                    "alg": "ed25519",
                    "custody": "device",
                    "officer": False,
                    "owner": owner,
                    "pub": key.public.hex(),
                },
            )
            signers = [
                (owner, "possession", self._cast.first_role(step.enrol)),
                (self._officer(step), "enrolled", "security-officer"),
            ]
            submissions.append(self._signed(event, "keys", signers, step.at, step.recorded))
        return submissions

    def _owners(self, step: Step) -> list[str]:
        """Whose keys an enrolment makes: of a session, both slots' together."""
        owner = self._cast.stream(step.enrol)
        return [f"{owner}/a", f"{owner}/b"] if owner.startswith("session/") else [owner]

    def _officers(self) -> list[str]:
        return [self._cast.stream(name) for name in self.script.officers]

    def _officer(self, step: Step) -> str:
        name = step.by[0] if step.by else self.script.officers[0]
        if name not in self.script.officers or self._cast.stream(step.enrol) == self.ids[name]:
            remedy = f"One of {', '.join(self.script.officers)} vouches for somebody else."
            raise Invalid("story", f"{name} cannot vouch for {step.enrol}.", field="by", remedy=remedy)
        return self.ids[name]

    def _require_key(self, owner: str, owners: set[str]) -> None:
        if owner not in owners:
            name = self._cast.name_of(owner)
            enrol = name.partition(" in ")[2] or name
            remedy = f"Put a step `enrol: {enrol}` before this one."
            raise Invalid("story", f"{name} has no key yet.", field="by", remedy=remedy)

    # -- signing ------------------------------------------------------------------------------------

    def _signed(
        self,
        event: Event,
        stream: str,
        signers: Sequence[tuple[str, str, str]],
        at: datetime,
        recorded: datetime,
    ) -> Submission:
        return signed(
            event,
            stream,
            [(owner, meaning, role, self.keys[owner]) for owner, meaning, role in signers],
            Said(self._origin, self._seen, at, recorded, self.script.zone.key),
            self._entropy,
        )

    def _new_key(self, owner: str) -> SigningKey:
        self.seeds[owner] = self._entropy(32)
        self.keys[owner] = SigningKey(self.seeds[owner])
        return self.keys[owner]
