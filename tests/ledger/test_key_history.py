"""Properties of keys over positions, for any stream `keys`: what came later changes nothing below it but suspicion."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.entry import stream_tag
from ledger.errors import Invalid
from ledger.events.keys import KeyEnrolled, KeyRevoked
from ledger.keys import KeyHistory, KeyState
from ledger.signing import SigningKey
from ledger.tlog.heads import HeadRow, check_head, parse_heads_entry, prove_head
from tests.ledger.clinic import ORIGIN, PT1, RN1, Clinic, make, uuid

SEEDS = [bytes([number]) * 32 for number in range(1, 5)]
KEYS = [SigningKey(seed) for seed in SEEDS]
OWNERS = [f"staff/{uuid(number)}" for number in range(1, 4)]

Step = tuple[int, KeyEnrolled | KeyRevoked]


@st.composite
def streams(draw: st.DrawFn) -> list[Step]:
    """Any enrolments and revocations at growing positions, also ones that no writer would take."""
    steps: list[Step] = []
    position = 0
    for _ in range(draw(st.integers(1, 14))):
        position += draw(st.integers(1, 4))
        key = draw(st.sampled_from(KEYS))
        event = (
            make(
                "key-enrolled/1",
                alg="ed25519",
                custody=draw(st.sampled_from(["device", "hardware", "service"])),
                officer=draw(st.booleans()),
                owner=draw(st.sampled_from(OWNERS)),
                pub=key.public.hex(),
            )
            if draw(st.booleans())
            else make(
                "key-revoked/1",
                key=key.kid,
                reason="lost",
                suspect_from=draw(st.none() | st.integers(0, position)),
            )
        )
        assert isinstance(event, KeyEnrolled | KeyRevoked)
        steps.append((position, event))
    return steps


def history_of(steps: list[Step]) -> KeyHistory:
    history = KeyHistory()
    for position, event in steps:
        history.apply(position, event)
    return history


@settings(deadline=None)
@given(streams())
def test_what_comes_later_changes_a_state_below_it_only_from_valid_to_disputed(steps: list[Step]) -> None:
    """For every prefix of the stream and every position up to its end."""
    end = steps[-1][0] + 2
    whole = history_of(steps)
    for count in range(len(steps)):
        known = history_of(steps[:count])
        below = steps[count][0]  # the first entry that is not known yet
        for key in KEYS:
            for position in range(below + 1):
                before, after = known.state(key.kid, position), whole.state(key.kid, position)
                assert after == before or (before, after) == ("valid", "disputed"), (position, count)
    assert all(whole.state(key.kid, end) in ("not-enrolled", "valid", "quarantined") for key in KEYS)


@settings(deadline=None)
@given(streams())
def test_along_positions_a_key_goes_one_way(steps: list[Step]) -> None:
    """Not enrolled, valid, disputed, quarantined: never back."""
    order: list[KeyState] = ["not-enrolled", "valid", "disputed", "quarantined"]
    history = history_of(steps)
    for key in KEYS:
        states = [order.index(history.state(key.kid, position)) for position in range(steps[-1][0] + 3)]
        assert states == sorted(states)


@settings(deadline=None)
@given(streams())
def test_the_state_is_the_one_that_the_format_page_computes(steps: list[Step]) -> None:
    """The Python of docs/format.md, section 11, over the same stream."""
    history = history_of(steps)
    for key in KEYS:
        for position in range(steps[-1][0] + 3):
            said = as_the_format_says(key.kid, position, steps)
            assert history.state(key.kid, position) == said


def as_the_format_says(kid: str, position: int, steps: list[Step]) -> str:
    enrolled = revoked = suspect = None
    for at, event in steps:
        if isinstance(event, KeyEnrolled) and kid_of(event.pub) == kid and enrolled is None:
            enrolled = at
        if isinstance(event, KeyRevoked) and event.key == kid and revoked is None:
            revoked, suspect = at, event.suspect_from
    if enrolled is None or enrolled >= position:
        return "not-enrolled"
    if revoked is None:
        return "valid"
    if revoked < position:
        return "quarantined"
    return "disputed" if suspect is not None and suspect <= position else "valid"


def kid_of(pub: str) -> str:
    return next(key.kid for key in KEYS if key.public.hex() == pub)


@settings(deadline=None)
@given(streams())
def test_the_keys_of_an_owner_are_those_that_name_them_and_a_copy_grows_alone(steps: list[Step]) -> None:
    history = history_of(steps)
    twin = history.copy()
    twin.apply(steps[-1][0] + 1, make_enrolment(KEYS[0]))

    for owner in OWNERS:
        assert history.keys_of(owner) == tuple(key for key in history.all() if key.owner == owner)
        for position in range(steps[-1][0] + 2):
            assert history.valid_keys(owner, position) == tuple(
                key for key in history.keys_of(owner) if history.state(key.kid, position) == "valid"
            )
    assert len(twin.all()) == len({*(key.kid for key in history.all()), KEYS[0].kid})


def test_a_revocation_left_out_of_a_copy_shows_in_the_proof_of_the_heads() -> None:
    """
    A copy of the stream `keys` that ends before the revocation verifies entry by entry.

    The heads entry commits to the last row of every stream, so the holder of the copy asks for the proof of `keys`.
    """
    clinic = Clinic().open()
    revoked = make("key-revoked/1", key=clinic.keys[RN1].kid, reason="stolen", suspect_from=None)
    clinic.record(revoked, "keys", (PT1, "revoked", "security-officer"))
    copy = clinic.store.stream_rows("keys")[:-1]
    heads = clinic.store.row(clinic.recorder.commit_heads())
    assert heads is not None
    said = parse_heads_entry(heads.entry)
    rows = [HeadRow(bytes.fromhex(tag), version, leaf) for tag, version, leaf in clinic.store.stream_ends(said.size)]
    tag = bytes.fromhex(stream_tag(ORIGIN, "keys"))

    last = check_head(prove_head(rows, tag), said.root)

    assert last is not None
    assert (last.version, last.leaf) != (copy[-1].version, copy[-1].leaf)
    shortened = [HeadRow(tag, copy[-1].version, copy[-1].leaf) if row.tag == tag else row for row in rows]
    with pytest.raises(Invalid, match="heads-proof"):
        check_head(prove_head(shortened, tag), said.root)


def make_enrolment(key: SigningKey) -> KeyEnrolled:
    event = make(
        "key-enrolled/1", alg="ed25519", custody="device", officer=False, owner=OWNERS[0], pub=key.public.hex()
    )
    assert isinstance(event, KeyEnrolled)
    return event
