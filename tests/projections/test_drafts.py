"""A draft: figures nobody has published, over those of a protocol."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import Invalid
from ledger.events.choices import Parameters2
from projections.compliance.draft import Draft

STATED = Parameters2()
JUDGING = Path(__file__).parents[2] / "projections" / "compliance"


def test_what_a_draft_mentions_changes_and_the_rest_stays_as_the_protocol_says() -> None:
    stated = STATED.model_copy(update={"release": STATED.release.model_copy(update={"aldrete": 10})})

    found = Draft({"supervision": {"check_every_min": 10}}).over(stated)

    assert found.supervision.check_every_min == 10
    assert found.release == stated.release
    assert found.supervision.gap_max_min == stated.supervision.gap_max_min


def test_one_number_of_a_limit_may_change_alone() -> None:
    found = Draft({"before_dose": {"hold_bp": {"systolic": 150}}}).over(STATED)

    assert (found.before_dose.hold_bp.systolic, found.before_dose.hold_bp.diastolic) == (150, 90)


def test_a_whole_protocol_is_a_draft_too() -> None:
    whole = {"name": "KAP", "version": "v9", "parameters": STATED.model_dump(mode="json")}

    assert Draft.read(json.dumps(whole)).over(STATED) == STATED
    assert Draft.of(STATED).over(Parameters2(release=STATED.release.model_copy(update={"aldrete": 10}))) == STATED


def test_it_names_the_figures_it_mentions() -> None:
    draft = Draft({"supervision": {"check_every_min": 10}, "before_dose": {"hold_bp": {"systolic": 150}}})

    assert draft.paths() == ["supervision.check_every_min", "before_dose.hold_bp"]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", ""),
        ("not json", ""),
        ("[]", ""),
        ("{}", ""),
        ("7", ""),
        (b"\xff", ""),
        ("[" * 100_000, ""),
        ('{"supervison": {}}', "supervison"),
        ('{"supervision": {"check_evry_min": 10}}', "supervision.check_evry_min"),
        ('{"supervision": {"check_every_min": "ten"}}', "supervision.check_every_min"),
        ('{"supervision": {"check_every_min": -1}}', "supervision.check_every_min"),
        ('{"supervision": {"check_every_min": NaN}}', "supervision.check_every_min"),
        ('{"supervision": 10}', "supervision"),
        ('{"before_dose": {"hold_bp": {"mean": 100}}}', "before_dose.hold_bp.mean"),
        ('{"parameters": {"release": {"nothing": 1}}}', "release.nothing"),
    ],
)
def test_what_is_no_draft_is_refused_with_the_figure_and_a_remedy(text: str | bytes, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        Draft.read(text)

    assert (refused.value.code, refused.value.field) == ("draft", field)
    assert refused.value.remedy


@given(st.integers(1, 600), st.integers(1, 600))
@settings(max_examples=30)
def test_a_draft_over_a_draft_is_the_last_one(first: int, second: int) -> None:
    def over(value: int, figures: Parameters2) -> Parameters2:
        return Draft({"release": {"min_observation_min": value}}).over(figures)

    assert over(second, over(first, STATED)) == over(second, STATED)


def test_nobody_who_judges_reads_figures_past_the_draft() -> None:
    """Every rule gets its figures from `LedgerAt.figures_of`, directly or as `History.figures`."""
    past = re.compile(r"(?<!\.)\b(?:figures_stated|parameters_of)\(|\.event\.parameters\b")
    found = {
        path.name: past.findall(path.read_text(encoding="utf-8"))
        for path in JUDGING.rglob("*.py")
        if path.name != "ledger_at.py"
    }

    assert {name: uses for name, uses in found.items() if uses} == {}
