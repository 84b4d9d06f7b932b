"""What requests carry; a member nobody knows is refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ledger.block import MAX_TEXT
from ledger.envelope import MAX_ENVELOPE
from ledger.vocabulary import Slot

Short = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=256)]
Base64 = Annotated[str, StringConstraints(min_length=1, max_length=24_000)]

_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
SessionUuid = Annotated[str, Path(pattern=_UUID, description="The session's UUID, without `session/`.")]
DeviceUuid = Annotated[str, Path(pattern=_UUID, description="The device's UUID, without `device/`.")]
PositionInPath = Annotated[int, Path(ge=0, lt=2**53, description="A position in the log, from 0.")]
Partner = Annotated[Slot | None, Query(description="a or b: only what this partner may see; else for staff.")]
KnownAt = Annotated[
    str | None,
    Query(max_length=40, description="As known when the log had this many entries, or at a time with its offset."),
]
UpTo = Annotated[
    str | None, Query(max_length=40, description="What had happened by this time, such as 2026-05-16T15:00Z.")
]


class Body(BaseModel):
    """A request's body."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class PaperDay(Body):
    """A typed sheet, the SHA-256 of its scan, and the key that is going to sign."""

    sheet: Annotated[str, StringConstraints(min_length=1, max_length=400_000)]
    document: Digest
    key: Digest
    role: Short


class Drafted(Body):
    """A draft protocol: the parts with the figures that would change."""

    draft: dict[str, Any]


class Disputed(Body):
    """An entry that is not what happened, and why."""

    position: Annotated[int, Field(ge=0, lt=2**53)]
    reason: Annotated[str, StringConstraints(min_length=1, max_length=280)]


class Countersigned(Body):
    """Which entries to sign, all that wait if null, and which of them are disputed."""

    key: Digest
    only: Annotated[list[int], Field(max_length=256)] | None = None
    disputed: Annotated[list[Disputed], Field(max_length=256)] = Field(default_factory=list)


class SetUp(Body):
    """The first officer's account."""

    code: Short
    staff: Short
    password: Secret
    pin: Secret
    roles: Annotated[list[Short], Field(max_length=12)] = Field(default_factory=list)


class Invite(Body):
    """Whom to invite, with which roles."""

    staff: Short
    roles: Annotated[list[Short], Field(max_length=12)]


class Subscribe(Body):
    """Where alerts go to, about which rules and severities; none are all of them."""

    channel: Literal["webhook", "mail"]
    target: Annotated[str, StringConstraints(min_length=3, max_length=500)]
    rules: Annotated[list[Short], Field(max_length=200)] = []
    severities: Annotated[list[Literal["C", "M", "m", "i"]], Field(max_length=4)] = []


class Accept(Body):
    """An invitation, and the secrets chosen."""

    invitation: Short
    password: Secret
    pin: Secret


class SignIn(Body):
    """Who, and the proof."""

    staff: Short
    password: Annotated[str, StringConstraints(min_length=1, max_length=1024)]


class Pin(Body):
    """A PIN."""

    pin: Secret


class HandedIn(Body):
    """One signed envelope, as text, and the texts of all its sealed blocks."""

    envelope: Annotated[str, StringConstraints(min_length=2, max_length=MAX_ENVELOPE)]
    blocks: Annotated[list[Annotated[str, StringConstraints(max_length=MAX_TEXT)]], Field(max_length=8)] = Field(
        default_factory=list
    )


class SyncTold(Body):
    """
    What a device says of itself as it is heard again.

    `clock` is what the clock shows that stamped these events, `round_trip_ms` how long an answer took just now.
    """

    device: Annotated[str, StringConstraints(pattern=_UUID.replace("^", "^device/"))]
    clock: Annotated[str, StringConstraints(max_length=40)] | None = None
    round_trip_ms: Annotated[int, Field(ge=0, le=86_400_000)] | None = None


class Batch(Body):
    """
    Several of them, in the order they were signed; each is looked at by itself.

    `checkpoint` is the newest one the device has, as its signed note; it is compared with this log first.
    """

    items: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=500)]
    sync: SyncTold | None = None
    checkpoint: Annotated[str, StringConstraints(max_length=16_384)] | None = None


class When(Body):
    """When it happened, as the signer claims."""

    at: Annotated[str, StringConstraints(max_length=40)]
    offset: int
    precision: Literal["s", "min", "approx"]
    zone: Annotated[str, StringConstraints(max_length=100)]


class Statement(Body):
    """An event that the service composes and signs with the caller's own custody key."""

    type: Short
    stream: Short
    fields: dict[str, Any]
    occurred: When
    pin: Secret
    role: Short | None = None


class CustodyKeyWanted(Body):
    """A key to be kept for the caller; `officer` is asked to approve it."""

    pin: Secret
    officer: Short


class PossessionItem(Body):
    """A key-enrolled payload and the signature of its own new key over it, in base64; of a device no signature."""

    payload: Base64
    signature: Annotated[str, StringConstraints(max_length=24_000)] = ""


class EnrolmentWanted(Body):
    """Enrolments that belong together."""

    items: Annotated[list[PossessionItem], Field(min_length=1, max_length=8)]


class Approval(Body):
    """The officer's signatures, one for each item in its order, in base64."""

    signatures: Annotated[list[Base64], Field(min_length=1, max_length=8)]


class Anchored(Body):
    """A checkpoint that was put down outside, as its signed note; `proof` is the SHA-256 of what was got for it."""

    checkpoint: Annotated[str, StringConstraints(max_length=16_384)]
    place: Annotated[str, StringConstraints(max_length=200)]
    proof: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None


class GlassReason(Body):
    """Why somebody must read what is not theirs to read, in a word such as `emergency` or `covering`."""

    reason: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,62}$")]
