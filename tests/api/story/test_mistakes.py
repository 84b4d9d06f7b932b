"""Every mistake in a story is answered once: with a code, file and line, the field and what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.play_story import play_story
from api.story.script import read_script
from ledger.errors import Invalid, LedgerError
from ledger.store.sqlite import open_sqlite
from tests.api.story.writing import FIRST_LINE, HEAD, played, written
from tests.ledger.clinic import Entropy

GOOD = "- {at: 10:20, usual: check, for: First/Ana, blood_pressure: 128/80}\n"

# fmt: off
STEPS = {
    "nobody of that name": (
        "- {at: 10:30, usual: check, for: First/Ana, by: RN3}",
        "story", "by", "RN3 is not in the cast.", "Did you mean RN2?",
    ),
    "no record of that name": (
        "- {at: 10:30, usual: check, for: Second/Ana}",
        "story", "for", "Second is not in the cast.",
        "Add it to the cast at the top of the story, or correct the name.",
    ),
    "not a partner of this session": (
        "- {at: 10:30, usual: check, for: First/Cleo}",
        "story", "for", "Cleo is not a partner in First.", "The cast says who is a and b in each session.",
    ),
    "no such event": (
        "- {at: 10:30, event: supervision-check, for: First/Ana, by: RN1}",
        "story", "event", "There is no event called supervision-check.", "Did you mean supervision-checked?",
    ),
    "nothing like it": (
        "- {at: 10:30, event: lunch, for: First/Ana, by: RN1}",
        "story", "event", "There is no event called lunch.", "docs/events.md lists them.",
    ),
    "no such field": (
        "- {at: 10:30, usual: check, for: First/Ana, heartrate: 70}",
        "unknown-field", "heartrate", "supervision-checked/1 has no field heartrate.", "Did you mean heart_rate?",
    ),
    "no such field in a part": (
        "- {at: 10:30, usual: check, for: First/Ana, not_obtained: [{item: spo2, why: asleep}]}",
        "unknown-field", "not_obtained.0.why", "NotObtained has no field why.",
        "Leave it out; docs/events.md lists its fields.",
    ),
    "a missing field": (
        "- {at: 10:30, event: monitor-assigned, for: First, by: RN1, covers: [a, b], monitor: RN1}",
        "missing-field", "in_person", "This field is missing.", "Every field is given, or null.",
    ),
    "an impossible value": (
        "- {at: 10:30, usual: check, for: First/Ana, spo2: 101}",
        "impossible-value", "spo2", "Input should be less than or equal to 100.", "Check the value and its unit.",
    ),
    "a value of another kind": (
        "- {at: 10:30, usual: check, for: First/Ana, spo2: high}",
        "field-value", "spo2",
        "Input should be a valid integer, unable to parse string as an integer.",
        "See docs/events.md for what it takes.",
    ),
    "not a blood pressure": (
        "- {at: 10:30, usual: check, for: First/Ana, blood_pressure: 128-80}",
        "story", "blood_pressure", "'128-80' is not a blood pressure such as 128/80.", "Write it like that.",
    ),
    "not a time": (
        "- {at: 10:30, event: participant-checked-in, for: First/Ana, by: RN1, last_food: early}",
        "story", "last_food", "'early' is not a time such as 07:10 or 2026-05-16 07:10.", "Write it like that.",
    ),
    "nobody of the cast in a field": (
        "- {at: 10:30, event: monitor-assigned, for: First, by: RN1, covers: [a], in_person: yes, monitor: Rosa}",
        "story", "monitor", "Rosa is not in the cast.",
        "Add it to the cast at the top of the story, or correct the name.",
    ),
    "no such label": (
        "- {at: 10:30, event: release-authorised, for: First/Ana, by: MD1, contact: +1 518 5550, assessment: r}",
        "story", "assessment", "No earlier step is labelled r.", "Write `as: r` in the earlier step it means.",
    ),
    "no such text": (
        "- {at: 10:30, event: no-driving-acknowledged, for: First/Ana, by: Ana, text: hash of no.txt, version: v1}",
        "story", "text", "There is no text no.txt.", "Put the file into texts/ beside the story.",
    ),
    "something given twice": (
        "- {at: 10:30, at: 10:31, usual: check, for: First/Ana}",
        "story", "at", "at is given twice.", "Leave one of the two.",
    ),
    "a label taken": (
        "- {at: 10:30, as: it, usual: check, for: First/Ana}\n- {at: 10:31, as: it, usual: check, for: First/Ana}",
        "story", "as", "The label it is taken.", f"Choose another; line {FIRST_LINE + 1} has it already.",
    ),
    "time going backwards": (
        "- {at: 10:19, usual: check, for: First/Ana}",
        "story", "at", "Recorded at 2026-05-02 10:19, before the step above it (2026-05-02 10:20).",
        "Put the steps in the order in which they were recorded; a late entry says `recorded:`.",
    ),
    "recorded before it happened": (
        "- {at: 10:30, recorded: 10:25, usual: check, for: First/Ana}",
        "story", "recorded", "This was recorded before it happened.", "Give a later time, or none.",
    ),
    "no time of day": (
        "- {at: 25:00, usual: check, for: First/Ana}",
        "story", "at", "'2026-05-02 25:00' is not a time.", "Write 10:05, or 2026-05-16 10:05 for another day.",
    ),
    "a time that the clocks skip in spring": (
        "- {at: 2026-03-08 02:30, recorded: 10:30, usual: check, for: First/Ana}",
        "story", "at", "'2026-03-08 02:30' is not a time.", "Write 10:05, or 2026-05-16 10:05 for another day.",
    ),
    "no time at all": (
        "- {usual: check, for: First/Ana}",
        "story", "at", "at is missing.", "See docs/stories.md for an example.",
    ),
    "neither event nor enrolment": (
        "- {at: 10:30, for: First/Ana, by: RN1}",
        "story", "event", "A step is either an event or an enrol.", "Give exactly one of the two.",
    ),
    "nothing usual of that name": (
        "- {at: 10:30, usual: chek, for: First/Ana}",
        "story", "usual", "Nothing is called the usual chek.", "Known: guest, check.",
    ),
    "a signer without a key": (
        "- {at: 10:30, usual: check, for: First/Ana, by: RN2}",
        "story", "by", "RN2 has no key yet.", "Put a step `enrol: RN2` before this one.",
    ),
    "a partner without a key of their own": (
        ("- {at: 10:30, event: sharing-preference-recorded, for: Ana, by: Ana, couple: C-1, dosed: yes, dose: no,"
         " vitals: no, attendance: yes, emergency: yes}"),
        "story", "by", "Ana has no key yet.", "Put a step `enrol: Ana` before this one.",
    ),
    "nobody signs": (
        "- {at: 10:30, event: monitor-assigned, for: First, covers: [a], in_person: yes, monitor: RN1}",
        "story", "by", "Nobody signs this.", "Say by whom: nurse or prescriber or therapist (received).",
    ),
    "somebody signs what is not theirs": (
        "- {at: 10:30, event: monitor-assigned, for: First, by: [RN1, MD1], covers: [a], in_person: no, monitor: RN1}",
        "story", "by", "MD1 has nothing to sign in monitor-assigned/1.", "It is signed by nobody else.",
    ),
    "a role they do not have": (
        "- {at: 10:30, usual: check, for: First/Ana, by: RN1 as therapist}",
        "story", "by", "RN1 is no therapist.", "RN1's roles are: nurse, custodian.",
    ),
    "an officer who is none": (
        "- {at: 10:30, enrol: RN2, by: RN1}",
        "story", "by", "RN1 cannot vouch for RN2.", "One of MD1, PT1 vouches for somebody else.",
    ),
    "a list where a text belongs": (
        "- {at: 10:30, usual: check, for: [First/Ana]}",
        "story", "for", "for is one text.", "See docs/stories.md for an example.",
    ),
    "a bracket missing": (
        "- {at: 10:30, usual: check, for: First/Ana",
        "story", "", "not readable as YAML: expected ',' or '}', but got '<stream end>'.",
        "Check indents, brackets and quotes there.",
    ),
}
# fmt: on
"""Step, code, field, message, remedy; the step stands under a good one."""


@pytest.mark.parametrize(("step", "code", "field", "message", "remedy"), STEPS.values(), ids=STEPS)
def test_a_mistake_in_a_step_is_named_and_nothing_is_recorded(
    tmp_path: Path, step: str, code: str, field: str, message: str, remedy: str
) -> None:
    line = FIRST_LINE + 1 + step.count("\n- ") + ("not readable" in message)

    with pytest.raises(LedgerError) as refusal:
        played(tmp_path, GOOD + step)

    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert refusal.value.message == f"small.yaml line {line}: {message}"
    assert refusal.value.remedy == remedy
    assert not (tmp_path / "ledger").exists()


HEADS = {
    "no such zone": ("America/New_York\n", "New York\n", 2, "zone", "This is no time zone."),
    "a zone that is none": ("America/New_York\n", "America\n", 2, "zone", "This is no time zone."),
    "a date that is none": ("2026-05-01 08:00", "2026-05-32 08:00", 3, "opened", "'2026-05-32 08:00' is not a time."),
    "a word nobody knows": ("usual:\n", "usually:\n", 15, "usually", "usually has no place here."),
    "an officer nobody knows": (
        "officers: [MD1, PT1]",
        "officers: [MD1, PT9]",
        3,
        "officers",
        "PT9 is not on the staff.",
    ),
    "one officer": ("officers: [MD1, PT1]", "officers: MD1", 3, "officers", "A ledger is opened by two officers."),
    "a name twice": ("people: {Ana: , Ben: }", "people: {Ana: , Ana: }", 10, "Ana", "Ana is given twice."),
    "a kind of cast nobody knows": ("couples: {", "pairs: {", 11, "pairs", "pairs has no place here."),
    "a name of two": ("couples: {C-1: }", "couples: {Ana: }", 11, "Ana", "Ana is in the cast twice."),
    "a day without steps": (
        "  2026-05-02:\n",
        "  2026-05-02: nothing\n",
        None,
        "2026-05-02",
        "2026-05-02 is a list of steps.",
    ),
}


@pytest.mark.parametrize(("good", "bad", "line", "field", "message"), HEADS.values(), ids=HEADS)
def test_a_mistake_in_the_head_is_named(
    tmp_path: Path, good: str, bad: str, line: int | None, field: str, message: str
) -> None:
    path = tmp_path / "small.yaml"
    assert good in HEAD
    steps = "" if "2026-05-02" in good else "    - {at: 10:20, usual: check, for: First/Ana}\n"
    path.write_text(HEAD.replace(good, bad, 1) + steps, encoding="utf-8")

    with pytest.raises(Invalid) as refusal:
        play_story(read_script(path), tmp_path / "ledger", Entropy())

    assert refusal.value.code == "story"
    assert refusal.value.field == field
    assert refusal.value.message.startswith("small.yaml ")
    assert refusal.value.message.endswith(message)
    assert refusal.value.remedy
    if line is not None:
        assert f"line {line}: " in refusal.value.message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"- a list\n", "line 1: This is not a story."),
        (b"", "line 1: This is not a story."),
        (b"\xff\xfe\x00", "is not readable as YAML text."),
        (b"story: x\n[a]: b\n", "line 2: A name is one text."),
    ],
)
def test_a_file_that_is_no_story(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "other.yaml"
    path.write_bytes(content)

    with pytest.raises(Invalid) as refusal:
        read_script(path)

    assert refusal.value.message == f"other.yaml {message}"
    assert refusal.value.remedy


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"none\.yaml cannot be opened"):
        read_script(tmp_path / "none.yaml")


def test_what_only_the_ledger_knows_is_refused_at_its_step_and_that_step_leaves_no_trace(tmp_path: Path) -> None:
    unsigned = (
        "- {at: 10:30, event: dose-declined, for: First/Ana, by: RN1, stage: first, private: yes,\n"
        "   reason_class: withheld, pressure_concern: no, role_after: dosing}"
    )
    path = written(tmp_path, GOOD + unsigned)

    with pytest.raises(LedgerError) as refusal:
        play_story(read_script(path), tmp_path / "ledger", Entropy())

    assert refusal.value.code == "signature-missing"
    assert refusal.value.message.startswith(
        f"small.yaml line {FIRST_LINE + 1}: dose-declined/1 needs the signature 'declined'"
    )
    (database,) = (tmp_path / "ledger").glob("ledger.db")
    store = open_sqlite(database, origin_of(tmp_path / "ledger"))
    rows = store.rows(0, 1_000)
    store.close()
    assert [getattr(row, "type", "") for row in rows][-1] == "supervision-checked/1"


def origin_of(folder: Path) -> str:
    """The origin in a ledger's public file."""
    origin = json.loads((folder / "ledger.json").read_bytes())["origin"]
    assert isinstance(origin, str)
    return origin
