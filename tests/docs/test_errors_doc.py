"""`docs/errors.md` explains every code that the source can give, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs.codes import codes, unreadable

PAGE = (Path(__file__).parents[2] / "docs/errors.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
DOCUMENTED = [code for code, _, _ in ROWS]


def test_every_code_is_documented() -> None:
    missing = [
        f"| `{code}` | (when one meets it: see {', '.join(places[:3])}) | (what to do) |"
        for code, places in sorted(codes().items())
        if code not in DOCUMENTED
    ]

    assert not missing, "docs/errors.md lacks these rows; add them to the table they belong to:\n" + "\n".join(missing)


def test_no_code_is_documented_that_no_longer_exists() -> None:
    gone = sorted(set(DOCUMENTED) - set(codes()))

    assert not gone, f"no source gives these codes; remove their rows from docs/errors.md: {', '.join(gone)}"


def test_each_code_has_one_row() -> None:
    twice = sorted({code for code in DOCUMENTED if DOCUMENTED.count(code) > 1})

    assert not twice, f"docs/errors.md has two rows for: {', '.join(twice)}"


def test_every_code_can_be_read_from_the_source() -> None:
    places = unreadable()

    assert not places, (
        "the code given here is neither a text nor a parameter nor copied from another error; "
        f"write it out, so that it can be documented: {', '.join(places)}"
    )


def test_each_code_is_a_word() -> None:
    others = [code for code in sorted(codes()) if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", code)]

    assert not others, f"not written as a word: {', '.join(others)}"
