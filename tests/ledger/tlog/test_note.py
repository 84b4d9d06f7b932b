"""Signed notes are those of c2sp.org/signed-note: what follows it is read, everything else refused."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.encoding import to_base64
from ledger.errors import Invalid
from ledger.tlog.note import LogSigner, VerifierKey, open_note, parse_note, parse_vkey, sign_note

CASES = json.loads((Path(__file__).parents[2] / "vectors/signed-note/valid.json").read_text(encoding="utf-8"))
ANNA = LogSigner("anna.example/log", bytes(range(32)))
BEN = LogSigner("ben.example/log", bytes(range(1, 33)))
TEXT = "Ognuno sta solo\n\ned è subito sera.\n".encode()
NOTE = sign_note(TEXT, [ANNA])


def code_of_opening(note: bytes, *vkeys: VerifierKey) -> str:
    """The code under which the note is refused."""
    with pytest.raises(Invalid) as refused:
        open_note(note, vkeys)
    return refused.value.code


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_recorded_notes(case: dict[str, Any]) -> None:
    """Notes of golang.org/x/mod and of the specification."""
    note = base64.b64decode(case["note_b64"])
    vkeys = [parse_vkey(text) for text in case["vkeys"]]

    assert [str(vkey) for vkey in vkeys] == case["vkeys"]
    if case["expect"] == "ok":
        opened = open_note(note, vkeys)
        assert [key.name for key in opened.verified] == case["verified"]
        assert [line.name for line in opened.unverified] == case.get("unverified", [])
        assert opened.text == note[: note.rindex(b"\n\n") + 1]
    else:
        assert code_of_opening(note, *vkeys) == "note-unsigned"


def test_a_recorded_note_is_refused_when_any_bit_of_it_is_flipped() -> None:
    """Every bit of the specification's example."""
    vkey, note = parse_vkey(CASES[0]["vkeys"][0]), base64.b64decode(CASES[0]["note_b64"])

    for at in range(8 * len(note)):
        flipped = bytearray(note)
        flipped[at // 8] ^= 1 << at % 8
        assert code_of_opening(bytes(flipped), vkey) in {"note-format", "note-signature", "note-unsigned"}


def test_a_recorded_note_cut_short_or_continued_is_refused() -> None:
    """Every prefix, and a few continuations."""
    vkey, note = parse_vkey(CASES[0]["vkeys"][0]), base64.b64decode(CASES[0]["note_b64"])

    for end in range(len(note)):
        assert code_of_opening(note[:end], vkey) in {"note-format", "note-signature", "note-unsigned"}
    for more in (b"\n", b" ", b"\0", b"x", b"x\n", note, "— ".encode(), "— x\n".encode()):
        assert code_of_opening(note + more, vkey) in {"note-format", "note-signature", "note-unsigned"}


def test_who_signed_is_told_once_each_in_order() -> None:
    """Two signers, one line twice, one reader who knows both."""
    twice = sign_note(TEXT, [BEN, ANNA, BEN])

    opened = open_note(twice, [ANNA.vkey, BEN.vkey])

    assert (opened.text, opened.verified, opened.unverified) == (TEXT, (BEN.vkey, ANNA.vkey), ())


def test_lines_of_unknown_keys_are_kept_and_prove_nothing() -> None:
    """The same line read by someone who does not know the key, and by someone who knows only that key."""
    both = sign_note(TEXT, [ANNA, BEN])

    assert open_note(both, [ANNA.vkey]).unverified == (BEN.sign(TEXT),)
    assert both == TEXT + b"\n" + f"{ANNA.sign(TEXT)}{BEN.sign(TEXT)}".encode()
    assert code_of_opening(both) == "note-unsigned"


def test_a_failing_line_of_a_known_key_spoils_the_note() -> None:
    """Also beside a line that verifies, and also with a signature of another length."""
    wrong = str(BEN.sign(b"another text\n"))
    short = f"— {BEN.name} {to_base64(BEN.vkey.key_id + bytes(63))}\n"

    for line in (wrong, short):
        assert code_of_opening(NOTE + line.encode(), ANNA.vkey, BEN.vkey) == "note-signature"
        assert open_note(NOTE + line.encode(), [ANNA.vkey]).verified == (ANNA.vkey,)


def test_sharing_only_the_name_or_only_the_id_is_not_being_the_key() -> None:
    """Both lines are of unknown keys, so both are ignored."""
    line = ANNA.sign(TEXT)
    other_name = f"— someone.example {to_base64(line.key_id + line.signature)}\n"
    other_id = f"— {line.name} {to_base64(b'0000' + line.signature)}\n"

    for other in (other_name, other_id):
        assert code_of_opening(TEXT + b"\n" + other.encode(), ANNA.vkey) == "note-unsigned"
        assert len(open_note(NOTE + other.encode(), [ANNA.vkey]).unverified) == 1


def test_a_hundred_signatures_are_read_and_no_more() -> None:
    """A limit keeps a stranger from making us work for ever."""
    line = str(BEN.sign(TEXT)).encode()

    assert len(open_note(NOTE + 99 * line, [ANNA.vkey]).unverified) == 99
    assert code_of_opening(NOTE + 100 * line, ANNA.vkey) == "note-format"
    with pytest.raises(Invalid, match="note-format"):
        sign_note(TEXT, [ANNA] * 101)


def test_a_note_of_a_million_bytes_is_read_and_no_longer_one() -> None:
    """The other limit."""
    text = b"x" * (1_000_000 - len(NOTE) + len(TEXT) - 1) + b"\n"

    assert open_note(sign_note(text, [ANNA]), [ANNA.vkey]).text == text
    assert code_of_opening(sign_note(b"x" + text, [ANNA]), ANNA.vkey) == "note-format"


@pytest.mark.parametrize(
    "signatures",
    [
        "",
        "\n",
        "{name} {sig}\n",
        "- {name} {sig}\n",
        "\u2013 {name} {sig}\n",
        "\u2014{name} {sig}\n",
        "\u2014 {name} {sig}",
        "\u2014 {name}  {sig}\n",
        "\u2014 {name}\u00a0{sig}\n",
        "\u2014 {name} {sig} \n",
        "\u2014 {name} {sig}\r\n",
        "\u2014 {name} {sig} more\n",
        "\u2014 {name}\n",
        "\u2014  {sig}\n",
        "\u2014 na+me {sig}\n",
        "\u2014 na\u2003me {sig}\n",
        "\u2014 na\tme {sig}\n",
        "\u2014 {name} not-base64\n",
        "\u2014 {name} AAAAAA==\n",
        "\u2014 {name} AAAAAAF=\n",
        "\u2014 {name} AAAAAAA\n",
        "\u2014 {name} {sig}\n\n",
        "\u2014 {name} {sig}\nx\n",
    ],
)
def test_a_signature_line_has_one_form(signatures: str) -> None:
    """Whatever else stands below the text, the note is refused as a whole."""
    sig = to_base64(ANNA.sign(TEXT).key_id + ANNA.sign(TEXT).signature)
    note = TEXT + b"\n" + signatures.format(name=ANNA.name, sig=sig).encode()

    assert code_of_opening(note, ANNA.vkey) == "note-format"


@pytest.mark.parametrize("text", [b"", b"no newline", b"tab\t\n", b"nul\0\n", b"cr\r\n", b"\xff\n", b"\xed\xa0\x80\n"])
def test_what_is_no_text_is_neither_signed_nor_opened(text: bytes) -> None:
    """UTF-8 without control characters, ending in a newline."""
    with pytest.raises(Invalid, match="note-format"):
        sign_note(text, [ANNA])
    assert code_of_opening(text + b"\n" + str(ANNA.sign(text)).encode(), ANNA.vkey) == "note-format"


def test_a_note_without_signers_is_not_made() -> None:
    """It could not be opened."""
    with pytest.raises(Invalid, match="note-format"):
        sign_note(TEXT, [])


def test_the_text_may_have_empty_lines_and_dashes() -> None:
    """The last empty line parts; what looks like a signature above it is text."""
    for text in (b"\n", b"\n\n\n", NOTE, NOTE + b"\n", "— x y\n".encode()):
        assert open_note(sign_note(text, [ANNA]), [ANNA.vkey]).text == text


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        "name+00000000",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U0=",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
        "example.com/foo+530d903a+",
        "example com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "é+530d903a+é",
    ],
)
def test_a_verifier_key_has_one_form(vkey: str) -> None:
    """Name, its own key id in lowercase, type 0x01 and 32 bytes."""
    with pytest.raises(Invalid, match="vkey"):
        parse_vkey(vkey)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\0", "\ud800", "a\u2028b"])
def test_a_signer_needs_a_name_that_can_stand_in_a_line(name: str) -> None:
    """Refused before anything is signed."""
    with pytest.raises(Invalid, match="vkey"):
        sign_note(TEXT, [LogSigner(name, bytes(32))])


def test_a_seed_has_32_bytes_and_is_never_shown() -> None:
    """Not in the representation that ends in a log file."""
    with pytest.raises(Invalid, match="vkey"):
        LogSigner("name", bytes(31)).sign(TEXT)

    assert repr(ANNA) == "LogSigner(name='anna.example/log')"


def test_two_known_keys_with_one_name_and_id_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of them signed could not be said; the same key twice is fine."""
    assert open_note(NOTE, [ANNA.vkey, ANNA.vkey]).verified == (ANNA.vkey,)

    monkeypatch.setattr(VerifierKey, "key_id", b"same")
    assert code_of_opening(NOTE, VerifierKey("a", bytes(32)), VerifierKey("a", bytes([1]) * 32)) == "vkey"


@given(st.binary(max_size=80) | st.text(alphabet="—- a=A\n+é\0", max_size=60).map(str.encode))
def test_garbage_is_no_note(note: bytes) -> None:
    """And never another error than `Invalid`; what parses, parses to what stands there."""
    try:
        text, lines = parse_note(note)
    except Invalid:
        return

    assert text + b"\n" + "".join(map(str, lines)).encode() == note


@given(st.text(max_size=80))
def test_garbage_is_no_verifier_key(text: str) -> None:
    """A key id would have to fit by chance."""
    with pytest.raises(Invalid, match="vkey"):
        parse_vkey(text)
