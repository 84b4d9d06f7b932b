"""REC-16: verdicts cite the rule's version and the protocol that was pinned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.ledger.clinic import ANA, MD1, PT1, SESSION, make
from tests.projections.rules.day import PROTOCOL, Day
from tests.projections.rules.standing import verdicts

GOVERNANCE = "governance/" + SESSION.partition("/")[2]
TWO = ((MD1, "authorised", "privacy-officer"), (PT1, "approved", "medical-director"))


def kept(protocol: int | None) -> Day:
    """A session whose partner is erased; a verdict was kept that cites the protocol at this position."""
    verdict: dict[str, Any] = dict.fromkeys(
        ("anchor", "credential", "declared_by", "due", "limit", "made_at", "staff")
    ) | {
        "evidence": [3],
        "protocol": protocol,
        "rule": "PRE-08",
        "severity": "M",
        "slot": "a",
        "verdict": "breached",
        "version": "1",
    }
    day = Day().opens()
    day.put(make("verdicts-kept/1", session=SESSION, verdicts=[verdict]), GOVERNANCE, "17 09:00", who=TWO)
    nothing = {"count": 0, "root": "0" * 64}
    return day.put(make("subject-erased/1", blocks=nothing), ANA, "17 09:00", who=TWO)


def published() -> int:
    day = Day().opens()
    return next(each.position for each in day.placed if each.stream == PROTOCOL)


MOMENTS = ("17 10:00",)
STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("only planned", lambda: Day().plans(), "not-applicable"),
    ("a published protocol", lambda: Day().opens(), "met"),
    ("nobody published it", lambda: Day().opens(protocol=False), "cannot-judge"),
    ("a kept verdict cites it", lambda: kept(published()), "met"),
    ("a kept verdict cites another", lambda: kept(published() + 1), "breached"),
    ("a kept verdict cites none", lambda: kept(None), "breached"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "REC-16", "", as_of="17 10:00") == [verdict], name


def test_it_names_protocol_version_and_rules_with_their_entries() -> None:
    day = Day().opens()
    (finding,) = day.findings("REC-16")

    assert finding.sentence == (
        f"Every verdict on this session cites KAP-COUPLE-SL v1 (entry {published()}) with the rules rules-1, "
        "pinned at the opening."
    )
    assert finding.evidence == (published(), len(day.placed) - 1)
    assert finding.slot == ""


def test_every_verdict_on_a_session_cites_them() -> None:
    found = Day().opens().gives("a", "10:00").findings()

    assert {finding.protocol for finding in found if finding.session} == {published()}
    assert all(finding.version for finding in found)


def test_a_later_version_changes_nothing_of_a_session_that_was_opened_before() -> None:
    day = Day().opens()
    event = day.placed[published()].event.model_copy(update={"version": "v2"})
    day.put(event, PROTOCOL, "17 08:00")

    assert [finding.protocol for finding in day.findings("REC-16", as_of="17 10:00")] == [published()]


def test_before_the_erasure_a_kept_verdict_is_no_evidence() -> None:
    day = kept(None)

    assert verdicts(day, "REC-16", "", as_of="17 10:00", known_at=len(day.placed) - 1) == ["met"]
