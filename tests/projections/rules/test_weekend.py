"""The retreat weekend (scenario S1) and its negative twins, judged: exactly what the scenario says, no more."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from api.play_story import StoryLedger, play_story
from api.story.script import Step, read_script
from ledger.encoding import to_instant
from projections.compliance.finding import Finding
from projections.compliance.moments import to_second
from projections.compliance.reader import Compliance
from tests.conftest import WEEKEND
from tests.ledger.clinic import Entropy
from tests.projections.rules.day import ZONE, local

# Source: scenarios.md, S1, "SUP-05, each anchor → due (limit): met by", copied.
SUP_05 = """
- A Sat: dose 10:05→10:20 (10:25): 10:20 · 10:20→10:35 (10:40): 10:35 · 10:35→10:50 (10:55): 10:45 · 10:45→11:00 (11:05): 11:05 · dose 10:50→11:05 (11:10): 11:05 · 11:05→11:20 (11:25): 11:20 · 11:20→11:35 (11:40): 11:35 · 11:35→11:50 (11:55): 11:50 · 11:50→12:20 (12:25): 12:20 · 12:20→12:50 (12:55): 12:50 · 12:50→13:20 (13:25): 13:06 · 13:06→13:36 (13:41): end 13:12
- B Sat: dose 10:07→10:22 (10:27): 10:21 · 10:21→10:36 (10:41): 10:36 · 10:36→10:51 (10:56): 10:47 · 10:47→11:02 (11:07): 11:06 · 11:06→11:36 (11:41): 11:36 · 11:36→12:06 (12:11): 12:06 · 12:06→12:36 (12:41): 12:36 · 12:36→13:06 (13:11): 13:08 · 13:08→13:38 (13:43): end 13:14
- A Sun: dose 10:02→10:17 (10:22): 10:17 · 10:17→10:32 (10:37): 10:32 · 10:32→10:47 (10:52): 10:42 · 10:42→10:57 (11:02): 10:47 · 10:47→11:02 (11:07): 11:02 · 11:02→11:32 (11:37): 11:32 · 11:32→12:02 (12:07): 12:02 · 12:02→12:32 (12:37): 12:32 · 12:32→13:02 (13:07): 13:02 · 13:02→13:32 (13:37): 13:05 · 13:05→13:35 (13:40): end 13:10
- B Sun: dose 10:04→10:19 (10:24): 10:19 · 10:19→10:34 (10:39): 10:34 · 10:34→10:49 (10:54): 10:44 · 10:44→10:59 (11:04): 10:49 · 10:49→11:04 (11:09): 11:04 · 11:04→11:34 (11:39): 11:34 · 11:34→12:04 (12:09): 12:04 · 12:04→12:34 (12:39): 12:34 · 12:34→13:04 (13:09): 13:04 · 13:04→13:34 (13:39): 13:07 · 13:07→13:37 (13:42): end 13:10
"""  # noqa: E501  # as the scenario has it

AFTERWARDS = "2026-06-30 12:00"


def instant(text: str) -> str:
    return to_instant(datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE))


def compliance(story: StoryLedger) -> Compliance:
    return Compliance(story.ledger.store, story.ledger.subject_keys)


@pytest.fixture(scope="module")
def judged(weekend: StoryLedger) -> Compliance:
    return compliance(weekend)


def told(finding: Finding, title: str) -> str:
    there = to_second(finding.limit or "").astimezone(ZONE)
    return f"{finding.rule} {finding.severity} {finding.slot.upper()} {title} ({there:%-d %b %H:%M})"


def of_verdict(reader: Compliance, story: StoryLedger, as_of: str, *verdicts: str) -> list[str]:
    """The findings of both sessions with these verdicts, as `SUP-05 M A Sat (16 May 11:40)`."""
    return [
        told(finding, title)
        for title in ("Sat", "Sun")
        for finding in reader.findings(story.player.ids[title], as_of=instant(as_of))
        if finding.verdict in verdicts
    ]


@pytest.mark.parametrize("line", SUP_05.strip().splitlines(), ids=lambda line: line[2:7])
def test_sup_05_has_exactly_the_scenarios_anchors_dues_limits_and_what_met_them(
    judged: Compliance, weekend: StoryLedger, line: str
) -> None:
    who, title = line[2].lower(), line[4:7]
    expected = re.findall(r"(\d\d:\d\d)→(\d\d:\d\d) \((\d\d:\d\d)\): (?:end )?(\d\d:\d\d)", line)

    found = [
        finding
        for finding in judged.findings(weekend.player.ids[title], as_of=instant(AFTERWARDS))
        if (finding.rule, finding.slot) == ("SUP-05", who)
    ]

    assert {finding.verdict for finding in found} == {"met"}
    assert [(anchor(f), local(f.due), local(f.limit), local(f.made_at)) for f in found] == expected


def anchor(finding: Finding) -> str:
    """The time of the anchor as the sentence says it."""
    (time_of_day,) = re.findall(r"after the (?:dose|check) of (\d\d:\d\d);", finding.sentence)
    return str(time_of_day)


TALKS = [
    "FU-02 m A Sat (23 May 13:15)",
    "FU-02 m B Sat (23 May 13:15)",
    "FU-02 m A Sun (24 May 17:00)",
    "FU-02 m B Sun (24 May 17:00)",
]


@pytest.mark.parametrize(
    ("as_of", "pending"),
    [
        pytest.param(
            "2026-05-16 11:30", ["SUP-05 M A Sat (16 May 11:40)", "SUP-05 M B Sat (16 May 11:41)"], id="Sat 11:30"
        ),
        pytest.param(
            "2026-05-16 13:30",
            [
                "FU-01 M A Sat (18 May 01:15)",
                "FU-01 M B Sat (18 May 01:15)",
                "FU-02 m A Sat (23 May 13:15)",
                "FU-02 m B Sat (23 May 13:15)",
            ],
            id="Sat 13:30",
        ),
        pytest.param(
            "2026-05-17 17:30",
            ["FU-01 M A Sun (19 May 05:00)", "FU-01 M B Sun (19 May 05:00)", *TALKS],
            id="Sun 17:30",
        ),
        pytest.param("2026-05-18 10:45", TALKS, id="Mon 10:45"),
        pytest.param("2026-05-22 09:00", [], id="Fri 22 May 09:00"),
    ],
)
def test_as_of_each_row_nothing_is_breached_and_exactly_this_is_pending(
    judged: Compliance, weekend: StoryLedger, as_of: str, pending: list[str]
) -> None:
    assert of_verdict(judged, weekend, as_of, "breached", "cannot-judge") == []
    assert sorted(of_verdict(judged, weekend, as_of, "pending")) == sorted(pending)


def test_at_no_minute_of_the_weekend_is_anything_breached(judged: Compliance, weekend: StoryLedger) -> None:
    for hour in range(9, 18):
        for minute in range(0, 60, 5):
            for day in ("16", "17"):
                as_of = f"2026-05-{day} {hour:02}:{minute:02}"
                assert of_verdict(judged, weekend, as_of, "breached", "cannot-judge") == []


def test_known_then_and_now_it_was_never_breached(judged: Compliance, weekend: StoryLedger) -> None:
    sat = weekend.player.ids["Sat"]
    positions = [played.recorded.position for played in weekend.played if played.step.target.startswith("Sat")]

    for position in positions[2::5]:
        found = judged.findings(sat, as_of=instant(AFTERWARDS), known_at=position + 1)
        assert [f.sentence for f in found if f.verdict == "breached"] == []


def test_the_releases_came_after_142_187_188_and_186_minutes(judged: Compliance, weekend: StoryLedger) -> None:
    found = [f for f in judged.findings(as_of=instant(AFTERWARDS)) if f.rule == "REL-01"]
    minutes = [re.findall(r"(\d+) min after", f.sentence)[0] for f in found]

    assert [f.verdict for f in found] == ["met"] * 4
    assert minutes == ["142", "187", "188", "186"]
    assert [local(f.due) for f in found] == ["12:50", "12:07", "12:02", "12:04"]


def test_on_saturday_nobody_needed_an_escort_and_on_sunday_both_had_one(
    judged: Compliance, weekend: StoryLedger
) -> None:
    found = [f for f in judged.findings(as_of=instant(AFTERWARDS)) if f.rule == "REL-07"]

    assert [f.verdict for f in found] == ["not-applicable"] * 2 + ["met"] * 2


def test_the_next_change_at_1130_is_the_second_after_anas_limit(judged: Compliance, weekend: StoryLedger) -> None:
    sat = weekend.player.ids["Sat"]

    assert local(judged.next_change(sat, as_of=instant("2026-05-16 11:30"))) == "11:40:01"
    follow_up = judged.next_change(sat, as_of=instant("2026-05-16 13:30"))
    assert follow_up == instant("2026-05-18 01:15").replace(":00.", ":01."), "the second after the day's contact"
    assert judged.next_change(sat, as_of=instant("2026-05-22 09:00")) is None


def test_no_piece_of_evidence_about_one_partner_stands_on_a_record_of_the_other(
    judged: Compliance, weekend: StoryLedger
) -> None:
    streams = {played.recorded.position: played.step.target for played in weekend.played}
    of_the_other = {"a": {"Sat/b", "Sun/b", "Ben", "own-B"}, "b": {"Sat/a", "Sun/a", "Ana", "own-A"}, "": set[str]()}

    for finding in judged.findings(as_of=instant(AFTERWARDS)):
        assert not of_the_other[finding.slot] & {streams[position] for position in finding.evidence}
        assert finding.evidence == tuple(sorted(set(finding.evidence)))
        assert finding.protocol is not None or finding.about


def test_asking_twice_in_parts_or_after_a_restart_gives_the_same_findings(
    judged: Compliance, weekend: StoryLedger
) -> None:
    first = judged.findings(as_of=instant(AFTERWARDS))
    again = judged.findings(as_of=instant(AFTERWARDS))
    restarted = compliance(weekend).findings(as_of=instant(AFTERWARDS))
    judged.forget()
    read_again = judged.findings(as_of=instant(AFTERWARDS))

    assert first == again == restarted == read_again
    assert len({finding.identity for finding in first}) == len(first)


def test_without_the_keys_nothing_is_met_by_emptiness(weekend: StoryLedger) -> None:
    blind = Compliance(weekend.ledger.store, None)
    found = [f for f in blind.findings(as_of=instant(AFTERWARDS)) if f.rule in ("SUP-05", "REL-07")]

    assert {f.verdict for f in found} == {"cannot-judge"}


# -- negative twins

Edit = Callable[[Step], Step | None]


def twin(folder: Path, edit: Edit) -> tuple[StoryLedger, Compliance]:
    """The story with one change, played anew where nobody asks the rules beforehand."""
    script = read_script(WEEKEND)
    steps = [new for step in script.steps if (new := edit(step)) is not None]
    story = play_story(replace(script, steps=tuple(steps)), folder / "ledger", Entropy("twin"), asks=False)
    return story, compliance(story)


def is_step(step: Step, event: str, target: str, at: str) -> bool:
    return (step.event, step.target, f"{step.at:%m-%d %H:%M}") == (event, target, at)


def breaches(folder: Path, edit: Edit) -> list[Finding]:
    story, reader = twin(folder, edit)
    found = reader.findings(as_of=instant(AFTERWARDS))
    assert len(found) > 40
    story.ledger.store.close()
    return [finding for finding in found if finding.verdict in ("breached", "cannot-judge")]


def test_twin_anas_check_of_1045_is_missing(tmp_path: Path) -> None:
    def left_out(step: Step) -> Step | None:
        return None if is_step(step, "supervision-checked", "Sat/Ana", "05-16 10:45") else step

    (found,) = breaches(tmp_path, left_out)

    assert (found.rule, found.severity, found.slot) == ("SUP-05", "M", "a")
    assert (anchor(found), local(found.limit), local(found.made_at)) == ("10:35", "10:55", "11:05")


def test_twin_bens_check_of_1136_is_made_at_1142(tmp_path: Path) -> None:
    def made_late(step: Step) -> Step:
        if not is_step(step, "supervision-checked", "Sat/Ben", "05-16 11:36"):
            return step
        at = step.at.replace(minute=42)
        return replace(step, at=at, recorded=at)

    (found,) = breaches(tmp_path, made_late)

    assert (found.rule, found.severity, found.slot, local(found.limit)) == ("SUP-05", "M", "b", "11:41")
    assert "made at 11:42, 1 min after the limit" in found.sentence


def test_twin_ben_takes_50_mg_at_1052(tmp_path: Path) -> None:
    (anas_redose,) = [
        step for step in read_script(WEEKEND).steps if is_step(step, "dose-administered", "Sat/Ana", "05-16 10:50")
    ]

    (anas_preparing,) = [
        step for step in read_script(WEEKEND).steps if is_step(step, "dose-prepared", "Sat/Ana", "05-16 10:50")
    ]

    def taken(step: Step) -> Step:
        if is_step(step, "dose-offered", "Sat/Ben", "05-16 10:52"):
            fields = {**anas_preparing.fields, "container": "own-B", "label": "B-half"}
            return replace(anas_preparing, at=step.at, recorded=step.recorded, target="Sat/Ben", fields=fields)
        if step.target == "Sat/Ben" and "no_drive_until" in step.fields and step.at.day == 16:
            return replace(step, fields={**step.fields, "no_drive_until": "2026-05-17 10:52"})
        if is_step(step, "own-medication-checked-out", "own-B", "05-17 16:40"):
            return replace(step, fields={**step.fields, "count": "7.5"})
        if not is_step(step, "dose-declined", "Sat/Ben", "05-16 10:52"):
            return step
        fields = {**anas_redose.fields, "order": "order-B", "container": "own-B", "label": "B-half"}
        return replace(anas_redose, at=step.at, recorded=step.recorded, target="Sat/Ben", fields=fields)

    held, first, second = breaches(tmp_path, taken)

    assert (held.rule, held.severity, held.slot, local(held.made_at)) == ("PRE-02", "C", "b", "10:52")
    assert {(f.rule, f.severity, f.slot) for f in (first, second)} == {("SUP-05", "M", "b")}
    assert [(anchor(f), local(f.made_at)) for f in (first, second)] == [("11:06", "11:36"), ("11:36", "12:06")]


def test_twin_anas_release_at_1249_is_a_minute_too_early(tmp_path: Path) -> None:
    """Not in the scenario: the boundary of REL-01, played through the recorder."""

    def early(step: Step) -> Step:
        moved = ("discharge-assessed", "no-driving-release-signed", "release-authorised", "participant-departed")
        if step.target != "Sat/Ana" or step.event not in moved or step.at.day != 16:
            return step
        return replace(step, at=step.at.replace(hour=12, minute=49))

    found, joint, late, order = breaches(tmp_path, early)

    assert (found.rule, found.slot, local(found.due), local(found.made_at)) == ("REL-01", "a", "12:50", "12:49")
    assert (joint.rule, joint.slot, local(joint.due), local(joint.made_at)) == ("REL-14", "", "13:05", "12:49")
    assert (late.rule, late.slot, local(late.made_at)) == ("REC-01", "a", "13:06"), "written down when it was before"
    assert (order.rule, order.slot, local(order.due)) == ("REC-08", "a", "12:50"), "and the check of 12:50 stays"
