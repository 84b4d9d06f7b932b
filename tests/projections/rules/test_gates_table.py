"""Which rules stand before which authorisation, and who may override: the exact rules, section 9, line by line."""

from __future__ import annotations

import re

import pytest

from ledger.absences import counted
from ledger.erasure import VERSION
from ledger.events import EVENT_TYPES
from ledger.events.erasure import RetentionEnded, SubjectErased
from projections.compliance.objecting import rules_before
from projections.compliance.rule import AnyRule
from projections.compliance.rules import RULES

DIRECTOR, PRESCRIBER = "medical-director", "prescriber"
BEFORE: dict[str, dict[str, str | None]] = {
    "session-opened": {
        **dict.fromkeys(("ELIG-01", "ELIG-02")),
        **dict.fromkeys(("ELIG-05", "ELIG-08", "PRE-07", "SUP-02", "SUP-04", "CS-07"), DIRECTOR),
    },
    "monitor-assigned": dict.fromkeys(("SUP-02", "SUP-03"), DIRECTOR),
    "dose-authorised": {
        **dict.fromkeys(("ELIG-02", "ELIG-05", "ELIG-06"), PRESCRIBER),
        **dict.fromkeys((f"ORD-0{number}" for number in range(1, 9)), PRESCRIBER),
        **dict.fromkeys(("PRE-01", "PRE-02", "PRE-03", "PRE-05", "PRE-06"), PRESCRIBER),
        **dict.fromkeys(("ELIG-01", "ELIG-03", "ORD-09")),
    },
    "consent-signed": {"ELIG-04": None},
    "release-authorised": {
        **dict.fromkeys(("REL-01", "REL-02", "REL-03", "REL-04", "REL-06", "REL-07", "REL-08"), PRESCRIBER),
        **dict.fromkeys(("REL-05", "REL-13")),
    },
    "session-closed": dict.fromkeys(("REL-10", "AE-04", "CS-02"), DIRECTOR),
    "countersignature-given": {"REC-03": None},
    "finding-dispositioned": {"REC-03": None},
    "finding-closed": {"REC-03": None},
    "review-completed": {"REC-03": None},
    "sys-record-exported": {"REC-11": None, "REC-14": None},
    "disclosure-made": {"REC-11": None, "REC-14": None},
    "subject-erased": {"REC-12": None, "REC-13": None, "CS-09": None},
    "retention-ended": {"REC-12": None, "REC-13": None, "CS-09": None},
    "custody-transferred": {"CS-07": None},
}
NEVER = {
    "PRE-02": {"hard-limit"},
    "REL-07": {"escort-dosed"},
    "ELIG-05": {"absolute"},
    "ORD-07": {"not-the-owner"},
}
"""Causes that nobody may override although somebody may override the rule."""
BY_THE_LEDGER = {"CS-09", "REC-12", "REC-13"}
"""Asked by the ledger itself, in every process that records, with or without rules."""


def asked(tag: str) -> dict[str, str | None]:
    return {
        rule.id: rule.gate.may_override(kind)
        for rule in RULES
        if rule.gate is not None
        for kind in rule.gate.authorisations
        if kind.type_tag().split("/")[0] == tag
    }


@pytest.mark.parametrize("tag", BEFORE)
def test_before_this_authorisation_these_rules_are_asked_and_these_roles_may_override(tag: str) -> None:
    assert asked(tag) == BEFORE[tag]


def test_no_gate_stands_before_anything_else() -> None:
    kinds = {kind.type_tag().split("/")[0] for rule in RULES if rule.gate for kind in rule.gate.authorisations}

    assert kinds == set(BEFORE)
    assert all(kind.AUTHORISES for rule in RULES if rule.gate for kind in rule.gate.authorisations)


def test_what_nobody_may_override_although_somebody_may_override_the_rule() -> None:
    assert {rule.id: set(rule.gate.never) for rule in RULES if rule.gate and rule.gate.never} == NEVER


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_mode_of_a_rule_names_what_its_gate_stands_before(rule: AnyRule) -> None:
    blocks = re.search(r"(?:^|; )[BX] ([^;/]*)", rule.mode)
    named = set(re.findall(r"`([a-z-]+)`", blocks[1])) if blocks else set()

    assert named == {kind.type_tag().split("/")[0] for kind in (rule.gate.authorisations if rule.gate else ())}


def test_what_the_ledger_asks_itself_it_asks_in_the_version_of_the_rule_and_nobody_asks_it_twice() -> None:
    own = {rule.id: rule.version for rule in RULES if rule.gate is not None and rule.gate.by_the_ledger}

    assert own == dict.fromkeys(BY_THE_LEDGER, VERSION)
    for event in (SubjectErased(blocks=counted(())), RetentionEnded(envelopes=counted(()))):
        assert rules_before(event) == ()


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.gate], ids=lambda rule: rule.id)
def test_every_gate_says_what_opens_it_and_an_entry_that_does_is_no_second_gate_of_the_same_rule(rule: AnyRule) -> None:
    assert rule.gate is not None
    assert rule.gate.opened_by or rule.gate.otherwise
    assert len(set(rule.gate.opened_by)) == len(rule.gate.opened_by)
    assert not set(rule.gate.opened_by) & set(rule.gate.authorisations)
    for kind in rule.gate.opened_by:
        assert kind in EVENT_TYPES.values(), "it can be recorded"
        assert any(each.when == "now" for each in kind.SIGNERS), "and somebody signs it"
    assert rule.gate.otherwise == "" or rule.gate.otherwise.endswith(".")
