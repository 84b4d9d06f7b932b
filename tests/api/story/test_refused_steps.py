"""Steps that a story says are refused: by exactly these rules, and never silently by none."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.play_story import StoryLedger, play_story
from api.story.script import read_script
from ledger.errors import Invalid
from ledger.events.access import SysAuthorisationRefused2
from ledger.follow import events_from
from projections.compliance.rules import RULES
from tests.api.story.writing import FIRST_LINE, HEAD, played, written
from tests.ledger.clinic import Entropy

WATCHES = "at: 09:30, event: monitor-assigned, for: First, by: RN1, monitor: RN1, covers: [a, b], in_person: yes"
ALL_THREE = "refused: [SUP-02 RN1 licence, SUP-02 RN1 bls, SUP-02 RN1 kap]"


def mistake(folder: Path, steps: str) -> tuple[str, str, str]:
    """What is wrong with a story, before anything of it is recorded: place and sentence, field, remedy."""
    path = written(folder, steps)
    with pytest.raises(Invalid) as wrong:
        play_story(read_script(path), folder / "ledger", Entropy())
    assert not (folder / "ledger").exists()
    return wrong.value.message.replace("small.yaml ", ""), wrong.value.field, wrong.value.remedy


def refusals(story: StoryLedger) -> list[SysAuthorisationRefused2]:
    placed = events_from(story.ledger.store, story.ledger.subject_keys, 0, 1_000)
    return [each.event for each in placed if isinstance(each.event, SysAuthorisationRefused2)]


def test_what_exactly_the_named_rules_refuse_is_not_recorded_and_the_story_goes_on(tmp_path: Path) -> None:
    story = played(tmp_path, f"- {{{WATCHES}, {ALL_THREE}}}\n- {{at: 10:00, usual: check, for: First/Ana}}")

    assert [(each.type, len(each.objections), each.trace) for each in story.declined] == [
        ("monitor-assigned/1", 3, None)
    ]
    assert [each.type for each in story.played][-1] == "supervision-checked/1"
    assert "monitor-assigned/1" not in [each.type for each in story.played]


def test_with_a_service_of_its_own_the_ledger_keeps_the_refusal(tmp_path: Path) -> None:
    path = written(tmp_path, f"- {{at: 09:00, enrol: software, by: MD1}}\n- {{{WATCHES}, {ALL_THREE}}}")
    path.write_text(path.read_text().replace("usual:\n", "  services: {software: }\nusual:\n", 1))

    story = play_story(read_script(path), tmp_path / "ledger", Entropy())

    (kept,) = refusals(story)
    assert {each.rule for each in kept.objections} == {"SUP-02"}
    assert story.declined[0].trace == story.ledger.store.head().size - 2  # heads are committed behind it


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("refused: [SUP-02 RN1 licence, SUP-02 RN1 bls]", "one that the story leaves out"),
        (ALL_THREE.replace("kap]", "kap, SUP-02 RN1 monitor]"), "one too many"),
        (ALL_THREE.replace("RN1 bls", "RN2 bls"), "somebody else's"),
    ],
)
def test_any_other_objection_than_those_it_names_ends_the_play(tmp_path: Path, named: str, told: str) -> None:
    with pytest.raises(
        Invalid, match="This was refused by SUP-02 RN1 bls, SUP-02 RN1 kap, SUP-02 RN1 licence"
    ) as wrong:
        played(tmp_path, f"- {{{WATCHES}, {named}}}")

    assert wrong.value.field == "refused", told


def test_a_step_to_which_nothing_objects_is_no_refusal(tmp_path: Path) -> None:
    enrol = "- {at: 09:00, enrol: Ana, by: MD1}\n"
    consent = (
        "at: 09:30, event: consent-signed, for: Ana, by: Ana, form: kap, version: v1, capacity: yes, "
        f"valid_until: 2027-05-02, text: {'0' * 64}, scope: {{off_label_ketamine: yes, routes: [], joint: yes, "
        "solo: yes, touch: [], recording: no, observers: no, data_sharing: no}"
    )

    with pytest.raises(Invalid, match="This was refused by nothing, and the story says ELIG-04 A"):
        played(tmp_path, f"{enrol}- {{{consent}, refused: [ELIG-04 A]}}")


def test_a_rule_that_does_not_exist_is_named_before_anything_is_recorded(tmp_path: Path) -> None:
    for field in ("refused", "unasked"):
        assert mistake(tmp_path, f"- {{{WATCHES}, {field}: [SUP-99 RN1]}}") == (
            f"line {FIRST_LINE}: There is no rule SUP-99.",
            field,
            "docs/rules.md lists them.",
        )


def test_a_rule_that_nobody_asks_there_has_to_be_said_to_be_unasked(tmp_path: Path) -> None:
    """A slip in the number, SUP-05 for SUP-02, would else leave the step out without a word."""
    assert mistake(tmp_path, f"- {{{WATCHES}, refused: [SUP-05 A]}}") == (
        f"line {FIRST_LINE}: SUP-05 is not asked before monitor-assigned/1.",
        "refused",
        "Name SUP-05 A under `unasked`, or put its number right.",
    )


def test_a_rule_that_is_asked_there_is_not_unasked(tmp_path: Path) -> None:
    """So that the day its gate is on the story says so."""
    assert mistake(tmp_path, f"- {{{WATCHES}, unasked: [SUP-02 RN1 bls]}}") == (
        f"line {FIRST_LINE}: SUP-02 is asked before monitor-assigned/1.",
        "unasked",
        "Name SUP-02 RN1 bls under `refused`, or put its number right.",
    )


def test_a_fact_is_refused_by_no_rule_and_so_no_story_says_it_is(tmp_path: Path) -> None:
    message, *_ = mistake(tmp_path, "- {at: 10:00, usual: check, for: First/Ana, refused: [SUP-02 RN1 bls]}")

    assert message == f"line {FIRST_LINE}: SUP-02 is not asked before supervision-checked/1."


def test_what_only_unasked_rules_would_refuse_is_left_out(tmp_path: Path) -> None:
    story = played(tmp_path, f"- {{{WATCHES}, unasked: [SUP-05 A]}}")

    assert story.declined == ()
    assert "monitor-assigned/1" not in [each.type for each in story.played]


def test_where_nobody_asks_what_is_refused_is_left_out_too(tmp_path: Path) -> None:
    path = written(tmp_path, f"- {{{WATCHES}, {ALL_THREE}}}")

    story = play_story(read_script(path), tmp_path / "ledger", Entropy(), asks=False)

    assert story.declined == ()
    assert "monitor-assigned/1" not in [each.type for each in story.played]


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ("refused: []", "refused names nothing."),
        ("refused: [the rules]", "'the rules' names no rule."),
        ("as: watch, refused: [SUP-02 RN1 bls]", "What is refused has no label, and is an event."),
        ("as: watch, unasked: [SUP-05 A]", "What is refused has no label, and is an event."),
    ],
)
def test_slips_in_the_words_are_named_with_their_line(tmp_path: Path, members: str, said: str) -> None:
    assert mistake(tmp_path, f"- {{{WATCHES}, {members}}}")[0] == f"line {FIRST_LINE}: {said}"


def test_the_rules_these_tests_rely_on_are_asked_and_not_asked_as_they_say() -> None:
    gates = {rule.id for rule in RULES if rule.gate is not None}

    assert {"SUP-02", "ELIG-04"} <= gates
    assert "SUP-05" not in gates
    assert "SUP-99" not in {rule.id for rule in RULES}
    assert "services" not in HEAD
