"""
Negative twins of the scenarios: one change to a shipped story, and exactly the findings that the scenario names.

Each is played where nobody asks the rules beforehand, and judged at the end over everything.
Those with more to say have tests of their own: `tests/projections/rules/test_weekend.py` (S1: the check of 10:45, the
check of 11:42, Ben's 50 mg), `test_hospital_transfer.py` (S3: the handover, the reading at 10:31) and
`test_one_partner_declines.py` (S4: Boris's 10 mg).
What a rule that is not judged yet would find is written here all the same, and counts from the day it is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest

from projections.compliance.known import Fact, Known
from projections.compliance.objecting import asked_before
from tests.ledger.clinic import make
from tests.stories.told import Told, changed, instant, play
from tests.stories.unjudged import judged

Changes = tuple[tuple[str, str], ...]
STORIES = {
    "S1": ("retreat-weekend", ("Ana", "Ben"), "2026-06-30 12:00"),
    "S2": ("six-sessions", ("Ada", "Bruno"), "2026-07-20 12:00"),
    "S3": ("hospital-transfer", ("Alma", "Bastian"), "2026-06-22 12:00"),
    "S4": ("one-partner-declines", ("Ava", "Boris"), "2026-09-18 12:00"),
}
THE_ONE = "SUP-02 C S4 breached"
OF_S3 = ("SUP-05 m S3/a breached", "SUP-09 M S3/b breached")
PREPARED = (
    "    - {{at: 17:00, recorded: 17:50, for: {who}, usual: preparation, by: {by}, began: 17:00, ended: 17:50}}\n"
)
ASKED = "    - {{at: 09:20, for: Sat/{who}, usual: contact, channel: in-person}}\n"
V4 = (
    "    - {{at: {at}, for: {who}, usual: consent, by: [{who}, TH], version: v4, "
    "text: hash of consent-kap-v4.txt, valid_until: 2027-02-28}}\n"
)
WASTE = "by: [RN1 as nurse, MD1 (witnessed)]\n      session: S3\n"
AFTER_WASTE = "    - {at: 10:40, for: S3/Bastian"
COUNT = "business: close, containers: [{container: V-77, amount: 425 mg, expected: 425 mg, volume: 8.5"
WEEKLY = "business: open, containers: [{container: V-77, amount: 425 mg, expected: 425 mg, volume: 8.5"


@dataclass(frozen=True)
class Twin:
    """A change to a story, and all that is found then; `says` are words of the sentences, in the same order."""

    story: str
    name: str
    changes: Changes
    found: tuple[str, ...]
    says: tuple[str, ...] = ()
    as_of: str = ""
    """When it is judged; empty for the end of the story."""


def counted(mg: str, ml: str) -> Changes:
    """The count at the close of business finds so much, and so does the next one."""
    now = f"amount: {mg} mg, expected: 425 mg, volume: {ml}"
    return tuple((text, text.replace("amount: 425 mg, expected: 425 mg, volume: 8.5", now)) for text in (COUNT, WEEKLY))


TWINS = [
    Twin(
        "S1",
        "no preparation on Thursday",
        ((PREPARED.format(who="Ana", by="PT1"), ""), (PREPARED.format(who="Ben", by="PT2"), "")),
        ("ELIG-09 m Sat/a breached", "ELIG-09 m Sat/b breached"),
        ("15 h 15 before", "15 h 17 before"),  # from its end at 18:50; the scenario counts from its beginning at 18:00
    ),
    Twin(
        "S1",
        "no readiness on Sunday",
        (("    - {at: 08:40, usual: readiness}\n", ""),),
        ("PRE-07 M Sun breached",),
        ("25 h",),
    ),
    Twin(
        "S1",
        "nobody asks on Sunday morning",
        ((ASKED.format(who="Ana"), ""), (ASKED.format(who="Ben"), "")),
        ("FU-01 M Sat/a breached", "FU-01 M Sat/b breached"),
    ),
    Twin(
        "S1",
        "the redose a minute early",
        (
            ("{at: 10:50, for: Sat/Ana, usual: redose offer}", "{at: 10:49, for: Sat/Ana, usual: redose offer}"),
            ("{at: 10:50, for: Sat/Ana, usual: permission", "{at: 10:49, for: Sat/Ana, usual: permission"),
            ("valid_from: 10:50, valid_to: 11:05", "valid_from: 10:49, valid_to: 11:05"),
            ("{at: 10:50, for: Sat/Ana, usual: preparing", "{at: 10:49, for: Sat/Ana, usual: preparing"),
            ("    - at: 10:50\n      usual: dose\n", "    - at: 10:49\n      usual: dose\n"),
        ),
        ("ORD-05 M Sat/a breached",),
        ("44 min",),
    ),
    Twin(
        "S2",
        "no urinary screen",
        (("{routine: evaluation, urinary: yes}", "{routine: evaluation, urinary: no}"),),
        ("FU-03 m S6/a breached", "FU-03 m S6/b breached", THE_ONE),
    ),
    Twin(
        "S2",
        "the renewal backdated",
        (("issued: 2025-11-20, effective: 2025-11-20", "issued: 2025-11-20, effective: 2025-11-01"),),
        (),
    ),
    Twin(
        "S2",
        "no consent on the new form",
        ((V4.format(at="08:45", who="Ada"), ""), (V4.format(at="08:47", who="Bruno"), "")),
        (*(f"ELIG-03 C {title}/{slot} breached" for title in ("S5", "S6") for slot in "ab"), THE_ONE),
    ),
    Twin(
        "S3",
        "one monitor for one person",
        (("supervision: {ratio_injected_low: 2, ratio_injected_low_mg_per_kg: 0.55}", "{}"),),
        (*OF_S3, "SUP-03 M S3 breached"),
        ("watched 2 dosed persons at once from 10:02 to 10:41, 39 min; at most 1 is allowed",),
    ),
    Twin("S3", "a count 5 mg short", counted("420", "8.4"), OF_S3),
    Twin(
        "S3",
        "a count 5.5 mg short",
        counted("419.5", "8.39"),
        (*OF_S3, "CS-01 C v-77 breached"),
        ("419.5 mg counted, 425 mg expected, 5.5 mg missing; at most 5 mg",),
        as_of="2026-06-14 17:00",
    ),
    Twin(
        "S3",
        "a count 5.5 mg short that nobody looked into within a day",
        counted("419.5", "8.39"),
        (*OF_S3, "CS-01 C v-77 breached", "CS-06 C v-77 breached"),
    ),
    Twin(
        "S4",
        "the acknowledgement in the minute of the dose",
        (("{at: 09:55, event: no-driving-acknowledged", "{at: 10:00, event: no-driving-acknowledged"),),
        ("PRE-06 C S4/a breached",),
    ),
]


def witnessed(at: str) -> Changes:
    """The waste of 10:12 is signed by its witness only at this time."""
    later = f"    - {{at: {at}, event: countersignature-given, for: V-77, by: MD1, target: waste, gives: witnessed, verdict: confirms}}\n"  # noqa: E501  # one step
    before = {"10:42": "    - {at: 10:42, as: call", "10:43": HANDOVER}[at]
    return (
        ("    - at: 10:12  # what was drawn up and not given\n", "    - at: 10:12\n      as: waste\n"),
        (WASTE, WASTE.replace(", MD1 (witnessed)", "")),
        (before, later + before),
    )


HANDOVER = "    - at: 10:43  # Alma was without a monitor for two minutes"
TWINS += [
    Twin("S3", "the witness signs the waste after 30 min", witnessed("10:42"), OF_S3),
    Twin(
        "S3",
        "the witness signs the waste after 31 min",
        witnessed("10:43"),
        ("CS-02 M S3/a breached", *OF_S3),
        ("5 mg of L-A wasted Sat 13 Jun 10:12, the witness signed after 31 min",),
    ),
]


def told_of(told: Told, as_of: str, known_at: int | None = None) -> list[tuple[str, str]]:
    """Everything breached or impossible to judge, with its sentence, in the order of the words."""
    found = told.judged.findings(as_of=instant(as_of), known_at=known_at)
    lines = []
    for each in found:
        if each.verdict in ("breached", "cannot-judge"):
            title = told.name(each.subject).lower() if each.about else told.name(each.session)
            whose = f"{title}/{each.slot}" if each.slot else title
            lines.append((f"{each.rule} {each.severity} {whose} {each.verdict}", each.sentence))
    return sorted(lines)


Played: TypeAlias = Callable[[str], Told]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """A twin by its name, played once however many tests look at it."""
    with ExitStack() as ends:

        @cache
        def of(name: str) -> Told:
            (twin,) = (each for each in TWINS if each.name == name)
            title, partners, _ = STORIES[twin.story]
            folder = tmp_path_factory.mktemp("twin")
            playing = play(changed(title, folder, *twin.changes), folder, partners, asks=False)
            ends.callback(next, playing, None)
            return next(playing)

        yield of


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: f"{twin.story} {twin.name}")
def test_exactly_this_is_found(played: Played, twin: Twin) -> None:
    found = told_of(played(twin.name), twin.as_of or STORIES[twin.story][2])

    assert [line for line, _ in found] == sorted(filter(judged, twin.found))
    for words, (_, sentence) in zip(twin.says, found, strict=False):
        assert words in sentence


@pytest.mark.parametrize(("story", "name"), [(story, name) for story, (name, *_) in STORIES.items()])
def test_without_a_change_played_the_same_way_only_the_scenarios_own_are_found(
    tmp_path: Path, story: str, name: str
) -> None:
    """So that every line above is owed to its change."""
    _, partners, afterwards = STORIES[story]
    own = {"S1": [], "S2": [THE_ONE], "S3": sorted(OF_S3), "S4": []}
    for told in play(changed(name, tmp_path), tmp_path, partners, asks=False):
        assert [line for line, _ in told_of(told, afterwards)] == own[story]


def test_a_backdated_renewal_is_found_then_and_not_now(played: Played) -> None:
    told, afterwards = played("the renewal backdated"), STORIES["S2"][2]
    renewal = told.of_type("credential-granted/1")[-1].position

    assert [line for line, _ in told_of(told, afterwards, known_at=renewal)] == [THE_ONE]
    assert told_of(told, afterwards, known_at=renewal + 1) == []


def test_without_the_new_consent_a_dose_is_not_authorised(played: Played) -> None:
    """Refused {ELIG-03}: nothing else that is asked before a dose speaks against it."""
    told = played("no consent on the new form")
    dose = next(p for p in told.of_type("dose-administered/1") if p.stream == f"{told.ids['S5']}/a")
    order = told.of_type("order-signed/1")[8]
    asked = make(
        "dose-authorised/1",
        route="sublingual",
        mass={"unit": "mg", "value": "100"},
        order={"dig": order.dig, "id": order.payload.id},
        valid_from=dose.payload.occurred.at,
        valid_to=dose.payload.occurred.at,
    )
    proposed = Fact(asked, Fact.of(dose).at, dose.stream, dose.position, "")
    known = Known()
    for placed in told.events:
        known.take(placed)
    against = asked_before(known, proposed, proposed.at, size=dose.position)

    assert [(each.rule, each.slot, each.override) for each in against] == [("ELIG-03", "a", None)]
