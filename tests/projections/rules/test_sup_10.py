"""SUP-10: a change of monitor is signed by the one who gives over and by the one who takes over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ledger.clinic import MD1, RN1
from tests.projections.rules.day import Day, local
from tests.projections.rules.watching_words import Watch, dosed


def one_sided(by: str = "relinquished") -> Watch:
    return dosed().hands_over("10:43", signed=(by,))


STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("nobody handed over", dosed, "18:00", ["not-applicable"]),
    ("a further assignment is no change", lambda: dosed().assigns("10:43", monitor=MD1), "18:00", ["not-applicable"]),
    ("both signed", lambda: dosed().hands_over("10:43"), "18:00", ["met", "met"]),
    ("the one who takes over has not yet", one_sided, "10:48", ["met", "pending"]),
    ("the one who takes over did not", one_sided, "10:48:01", ["met", "breached"]),
    ("the one who gives over did not", lambda: one_sided("received"), "18:00", ["breached", "met"]),
    ("signed later, at the limit", lambda: one_sided().signs("10:48", gives="received"), "18:00", ["met", "met"]),
    ("signed a minute late", lambda: one_sided().signs("10:49", gives="received"), "18:00", ["met", "breached"]),
    (
        "signed by somebody else",
        lambda: one_sided("received").signs("10:44", gives="relinquished", role="nurse"),
        "18:00",
        ["breached", "met"],
    ),
    (
        "somebody disputes it",
        lambda: one_sided().signs("10:44", gives="received", verdict="disputes"),
        "18:00",
        ["met", "breached"],
    ),
    (
        "written down and signed 6 min later",
        lambda: dosed().hands_over("10:43", recorded="10:49"),
        "18:00",
        ["breached", "breached"],
    ),
    (
        "no protocol",
        lambda: Watch().opens(protocol=False).gives("a", "10:00").hands_over("10:43"),
        "18:00",
        ["cannot-judge"],
    ),
]
MOMENTS = ("10:48",)


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: list[str]) -> None:
    assert [f.verdict for f in story().findings("SUP-10", as_of=as_of) if f.slot != "b"] == expected, name


def test_the_finding_is_about_whoever_did_not_sign_and_about_neither_partner() -> None:
    (found,) = (f for f in one_sided().findings("SUP-10") if f.verdict == "breached")

    assert (found.slot, found.staff, found.severity, local(found.limit)) == ("", MD1, "M", "10:48")
    assert found.sentence == (
        f"The handover of 10:43 was to be signed by {MD1} as received within 5 min, at the latest at 10:48; not signed."
    )
    assert {f.staff for f in one_sided().findings("SUP-10")} == {MD1, RN1}
