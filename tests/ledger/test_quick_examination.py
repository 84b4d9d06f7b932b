"""The quick way through a log says yes only where the letter finds nothing, and is judged at once only if so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from ledger.audit import LogRow, audit
from ledger.canonical import MAX_INTEGER, MAX_NESTING
from ledger.crew import Crew, KnownKeys
from ledger.encoding import (
    base64_between_quotes,
    base64_between_quotes_all,
    base64url_all,
    base64url_quickly,
    from_base64,
    from_base64url,
    from_instant,
    is_day,
    to_base64,
    to_base64url,
)
from ledger.entry import parse_event_entry
from ledger.envelope import pae
from ledger.errors import Invalid
from ledger.events import EVENT_TYPES
from ledger.events.corrections import EntryCorrected
from ledger.evidence import Log as StoredRows
from ledger.examination import Examined, ExaminedEntry, examine
from ledger.quick_examination import examine_quickly
from ledger.signing import SigningKey
from ledger.stretch import Found, Stretch
from ledger.tlog.tree import leaf_hash
from tests.ledger.clinic import ORIGIN
from tests.ledger.test_crew import Edit, Log, edits, flipped, log, tampered

__all__ = ["log"]


class ByTheLetter(Crew):
    """Examines every row by the letter of the format, and hands in one row after the other."""

    def examined(self, log: StoredRows | Iterable[LogRow], origin: str) -> Iterator[Found]:
        """See `Crew.examined`."""
        assert isinstance(log, Iterable)
        rows = list(log)
        known = KnownKeys(origin)
        known.learn(rows)
        return iter(examine(rows, origin, known.keys))


RN1S_SECOND = SigningKey(bytes(31) + b"\x01")
"""As the day of `tests.ledger.test_crew` ends."""


def known_keys(rows: Iterable[LogRow]) -> dict[str, bytes]:
    known = KnownKeys(ORIGIN)
    known.learn(rows)
    return known.keys


def row_by_row(found: Iterable[Found]) -> list[Examined]:
    """What was found, with stretches made into rows again; which envelope an entry names is not kept in those."""
    rows = (each.rows() if isinstance(each, Stretch) else (each,) for each in found)
    return [_without_env(row) for some in rows for row in some]


def _without_env(row: Examined) -> Examined:
    return row._replace(entry=row.entry._replace(env="")) if isinstance(row.entry, ExaminedEntry) else row


def both_ways(rows: list[LogRow]) -> tuple[list[Examined], list[Examined]]:
    keys = known_keys(rows)
    return row_by_row(examine_quickly(rows, ORIGIN, keys)), [_without_env(row) for row in examine(rows, ORIGIN, keys)]


def test_an_honest_log_is_nearly_all_stretches(log: Log) -> None:
    found = examine_quickly(log.rows, ORIGIN, known_keys(log.rows))

    sound = sum(len(each) for each in found if isinstance(each, Stretch))
    apart = [each for each in found if not isinstance(each, Stretch)]
    assert sound >= len(log.rows) - 10
    assert all(not isinstance(each.entry, ExaminedEntry) or each.envelope.event for each in apart)  # type: ignore[union-attr]


@settings(deadline=None, max_examples=60)
@given(done=edits, renumber=st.booleans())
def test_whatever_was_tampered_with_both_ways_find_the_same(log: Log, done: list[Edit], renumber: bool) -> None:
    rows, checkpoints, pin = tampered(log.rows, done, renumber=renumber), log.checkpoints, log.pin

    quick, letter = both_ways(rows)

    assert quick == letter
    assert audit(rows, checkpoints, pin) == audit(rows, checkpoints, pin, crew=ByTheLetter())


def test_no_flipped_bit_of_an_envelope_or_entry_is_taken_for_sound(log: Log) -> None:
    """Every byte of one row, one bit after the other in turn."""
    at = next(n for n, row in enumerate(log.rows) if n > len(log.rows) // 2 and row.blocks)
    row, keys = log.rows[at], known_keys(log.rows)
    assert row.envelope is not None
    changed = [row._replace(envelope=flipped(row.envelope, 7 * n + n % 7)) for n in range(len(row.envelope))]
    changed += [row._replace(entry=flipped(row.entry, 7 * n + n % 7)) for n in range(len(row.entry))]

    found = examine_quickly(changed, ORIGIN, keys)

    assert len(found) == len(changed)
    assert not any(isinstance(each, Stretch) for each in found)


def named(row: LogRow, envelope: bytes) -> LogRow:
    """This envelope in the place of the row's own, with an entry that names it."""
    data = parse_event_entry(row.entry)._replace(env=sha256(envelope).hexdigest()).bytes()
    return row._replace(envelope=envelope, entry=data, leaf=leaf_hash(data))


def signed(row: LogRow, payload: bytes) -> LogRow:
    """These bytes in the place of the row's payload, signed by the same nurse, and named by the entry."""
    assert row.envelope is not None
    before = from_base64(row.envelope.split(b'"')[3].decode())
    old, new = (to_base64(RN1S_SECOND.sign(pae(data))).encode() for data in (before, payload))
    assert row.envelope.count(old) == 1
    texts = (to_base64(before).encode(), to_base64(payload).encode())
    return named(row, row.envelope.replace(*texts).replace(old, new))


def a_check(log: Log) -> tuple[LogRow, bytes]:
    row = next(row for row in reversed(log.rows) if len(row.blocks) == 2)
    assert row.envelope is not None
    return row, from_base64(row.envelope.split(b'"')[3].decode())


def test_an_envelope_with_a_wrong_byte_is_found_though_its_entry_names_it(log: Log) -> None:
    row, _ = a_check(log)
    assert row.envelope is not None
    changed = [named(row, flipped(row.envelope, 7 * n + n % 7)) for n in range(len(row.envelope))]

    quick, letter = both_ways(changed)

    assert quick == letter
    assert not any(isinstance(each, Stretch) for each in examine_quickly(changed, ORIGIN, known_keys(log.rows)))


def test_whatever_is_signed_both_ways_find_the_same(log: Log) -> None:
    """Wrong bytes that the right person signed: one after the other is another one, goes, or is there twice."""
    row, payload = a_check(log)
    places = range(0, len(payload), 3)
    changed = [flipped(payload, 7 * n + n % 7) for n in places]
    changed += [payload[:n] + payload[n + 1 :] for n in places] + [payload[: n + 1] + payload[n:] for n in places]

    quick, letter = both_ways([*log.rows, *(signed(row, each) for each in changed)])

    assert quick == letter


def test_signed_tricks_with_the_order_of_things_are_no_better(log: Log) -> None:
    """Digests that do not ascend, with their blocks in the same order; a member in front of the first; two bodies."""
    row, payload = a_check(log)
    first, second = row.blocks
    turned = payload.replace(first.encode(), b"<>").replace(second.encode(), first.encode())
    other_way = row._replace(blocks=type(row.blocks)([(second, row.blocks[second]), (first, row.blocks[first])]))  # type: ignore[call-arg]
    tricks = [
        signed(other_way, turned.replace(b"<>", second.encode())),
        signed(row, b'{"a":[],' + payload[1:]),
        signed(row, payload.replace(b'"body":{', b'"body":{},"body":{')),
        signed(row, payload.replace(b'"body":{}', b'"body":{"x":{}}')),
        signed(row, payload.replace(b'"size":0', b'"size":1').replace(b'"root":"e3', b'"root":"G3')),
    ]

    quick, letter = both_ways([*log.rows, *tricks])

    assert quick == letter
    assert not any(isinstance(each, Stretch) for each in examine_quickly(tricks, ORIGIN, known_keys(log.rows)))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=3), st.integers(1, 9))
def test_wherever_a_row_goes_the_judge_says_the_same_of_it(log: Log, moves: list[int], shift: int) -> None:
    """Sound rows in another order, or twice: nothing is wrong with any of them, only with their places."""
    rows = list(log.rows)
    for move in moves:
        row = rows.pop(move % len(rows))
        rows.insert((move + shift) % len(rows), row)
        rows.insert(move % len(rows), row) if shift % 3 == 0 else None
    rows = [row._replace(position=at) for at, row in enumerate(rows)]

    letter = audit(rows, log.checkpoints, log.pin, crew=ByTheLetter())

    assert audit(rows, log.checkpoints, log.pin) == letter
    assert audit(rows, log.checkpoints, log.pin, crew=Crew(chunk=4)) == letter


def test_an_entry_that_names_another_leaf_before_it_is_found_in_the_midst_of_sound_rows(log: Log) -> None:
    """Its version is right, and whoever owns the database made its own leaf fit."""
    entries = [parse_event_entry(row.entry) if row.blocks else None for row in log.rows]
    at = max(n for n, entry in enumerate(entries) if entry and entry.prev)
    changed = entries[at]
    assert changed is not None
    data = changed._replace(prev=changed.env).bytes()
    rows = [*log.rows[:at], log.rows[at]._replace(entry=data, leaf=leaf_hash(data)), *log.rows[at + 1 :]]

    report = audit(rows, log.checkpoints, log.pin)

    assert report == audit(rows, log.checkpoints, log.pin, crew=ByTheLetter())
    assert (at, "stream-order") in {(problem.position, problem.code) for problem in report.problems}


def test_texts_that_nobody_compared_are_compared(log: Log) -> None:
    """A block exchanged for a right one of another event is found, whether whoever read it compared it or not."""
    first, second = [n for n, row in enumerate(log.rows) if row.blocks][-2:]
    mine, other = log.rows[first], log.rows[second]
    exchanged = dict(zip(mine.blocks, other.blocks.values(), strict=True))

    quick, letter = both_ways([mine._replace(blocks=exchanged)])

    assert quick == letter
    assert "block-digest" in str(quick)


# -- what the quick way does not ask, because the types of events leave no room for it -----------------


@pytest.mark.parametrize("tag", sorted(set(EVENT_TYPES) - {EntryCorrected.type_tag()}))
def test_what_a_type_takes_is_within_the_profile(tag: str) -> None:
    """No float, no number of 2^53 or more, no member without a declared name, nothing nested too deeply."""
    schema = TypeAdapter(EVENT_TYPES[tag]).core_schema

    assert _depth(schema, {}) < MAX_NESTING


def _depth(schema: Any, known: dict[str, Any]) -> int:
    """How many containers this takes inside each other; fails for what could be anything."""
    match schema:
        case {"type": "definitions", "schema": inner, "definitions": definitions}:
            return _depth(inner, {each["ref"]: each for each in definitions})
        case {"type": "definition-ref", "schema_ref": ref}:
            return _depth(known[ref], known)
        case {"type": "model", "schema": inner, "config": config}:
            assert config["extra_fields_behavior"] == "forbid" and config["strict"], schema["cls"]
            return _depth(inner, known)
        case {"type": "model-fields", "fields": fields}:
            assert all(re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,63}", name) for name in fields)
            return 1 + max([_depth(each["schema"], known) for each in fields.values()], default=0)
        case {"type": "tuple", "items_schema": items}:
            return 1 + max(_depth(each, known) for each in items)
        case {"type": "union", "choices": choices}:
            return max(_depth(each[0] if isinstance(each, tuple) else each, known) for each in choices)
        case {"type": "default" | "nullable" | "function-after", "schema": inner}:
            return _depth(inner, known)
        case {"type": "int"}:
            assert max(schema.get("ge", -(2**63)), schema.get("gt", -(2**63)) + 1) >= -MAX_INTEGER
            assert min(schema.get("le", 2**63), schema.get("lt", 2**63) - 1) <= MAX_INTEGER
            return 0
        case {"type": "literal", "expected": expected}:
            assert all(isinstance(each, str) for each in expected)
            return 0
        case {"type": "str" | "bool" | "none"}:
            return 0
        case {"type": "is-instance"}:  # of `Gone`, which no JSON is
            return 0
        case _:
            pytest.fail(f"this takes values that have to be looked at: {schema}")


# -- spellings ------------------------------------------------------------------------------------------

_ODD = [bytes([each]) for each in b'ABQgwz09+/-_=\\"u \n\x00\xff']


def _or_none(read: Any, text: bytes) -> bytes | None:
    try:
        data: bytes = read(text.decode("ascii", "replace"))
    except Invalid:
        return None
    return data


@pytest.mark.parametrize("length", range(5))
def test_of_all_short_texts_the_quick_way_reads_what_the_letter_reads(length: int) -> None:
    for characters in product(_ODD[:: 1 if length < 4 else 2], repeat=length):
        text = b"".join(characters)
        assert base64_between_quotes(b'"%b"' % text) == _or_none(from_base64, text)
        assert base64url_quickly(text) == _or_none(from_base64url, text)


@settings(max_examples=60)
@given(st.binary(max_size=60), st.integers(0, 99), st.sampled_from(_ODD), st.integers(0, 2))
def test_a_changed_text_is_read_quickly_only_as_by_the_letter(data: bytes, at: int, odd: bytes, left_out: int) -> None:
    for written, read, quick in (
        (to_base64(data), from_base64, lambda text: base64_between_quotes(b'"%b"' % text)),
        (to_base64url(data), from_base64url, base64url_quickly),
    ):
        text = written.encode()
        assert quick(text) == data
        place = at % (len(text) + 1)
        changed = text[:place] + odd + text[place + left_out :]
        assert quick(changed) == _or_none(read, changed)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.binary(max_size=20), st.integers(0, 40), st.sampled_from([b"", *_ODD, b'","'])), max_size=5)
)
def test_many_texts_at_once_are_read_as_one_by_one(given: list[tuple[bytes, int, bytes]]) -> None:
    standard, url = ([_with(encode(data), at, odd) for data, at, odd in given] for encode in (to_base64, to_base64url))
    quoted = [b'"%b"' % text for text in standard]

    assert list(base64_between_quotes_all(quoted)) == [base64_between_quotes(each) for each in quoted]
    assert list(base64url_all(url)) == [base64url_quickly(each) for each in url]


def _with(text: str, at: int, odd: bytes) -> bytes:
    return text[:at].encode() + odd + text[at:].encode()


@pytest.mark.parametrize("day", ["2026-05-16", "2024-02-29", "2026-02-29", "0000-01-01", "2026-13-01", "2026-00-10"])
def test_a_day_is_one_of_the_calendar(day: str) -> None:
    try:
        from_instant(f"{day}T00:00:00.000000Z")
    except Invalid:
        assert not is_day(day.encode())
    else:
        assert is_day(day.encode())
