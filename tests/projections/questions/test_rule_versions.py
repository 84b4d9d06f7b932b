"""A rule in two versions: what was recorded under the first stays what it was, and every answer says which is which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ledger.events.base import Event, Reference
from ledger.store.memory import MemoryStore
from projections.compliance.finding import Finding, Ruling
from projections.compliance.history import History
from projections.compliance.reader import Compliance
from projections.compliance.rule import Rule
from projections.compliance.rules.orders.ord_10 import ord_10
from projections.compliance.rules.supervision.sup_05 import sup_05
from projections.questions.answer import Answer
from projections.questions.asking import ask
from projections.questions.what_if import what_if
from tests.ledger.clinic import ORIGIN, PT1, SESSION
from tests.ledger.events.examples import EXAMPLES
from tests.ledger.test_absences import clinic
from tests.projections.rules.day import Day, instant
from tests.projections.test_last_judged import LATER as AFTERWARDS
from tests.projections.test_last_judged import erased, keep

BESIDE = SESSION.replace("session/", "governance/")
LATER = instant("18:00")


def _gentler(history: History) -> Iterator[Ruling]:
    """The second version asks for nothing before the first dose: what the first had found there is kept."""
    for ruling in ord_10.judge(history):
        yield replace(ruling, verdict="met", causes=()) if ruling.verdict == "breached" else ruling


def _stricter(history: History) -> Iterator[Ruling]:
    for ruling in ord_10.judge(history):
        yield replace(ruling, sentence=f"By its second version: {ruling.sentence}")


GENTLER: Rule = replace(ord_10, version="2", judge=_gentler)
STRICTER: Rule = replace(ord_10, version="2", judge=_stricter)


def reader(day: Day) -> Compliance:
    compliance = Compliance(MemoryStore(ORIGIN), None)
    compliance._known = day.known()
    return compliance


def unprepared() -> tuple[Day, Finding]:
    """A dose that nobody prepared: found by ORD-10 in its first version."""
    day = Day().opens().gives("a", "10:00")
    (finding,) = [each for each in day.findings("ORD-10") if each.verdict == "breached"]
    return day, finding


def decided() -> tuple[Day, Finding]:
    """Somebody accepted it, and recorded the version in which it was found."""
    day, finding = unprepared()
    about: dict[str, object] = {
        "evidence": (Reference(dig=day.placed[-1].dig, id=day.placed[-1].payload.id),),
        "finding": finding.identity,
        "rule": finding.rule,
        "rule_version": finding.version,
    }
    event: Event = EXAMPLES["finding-dispositioned/2"].event.model_copy(update=about)
    return day.put(event, BESIDE, "12:00", who=[(PT1, "reviewed", "compliance-officer")]), finding


def row(answer: Answer) -> dict[str, object]:
    (found,) = [each for each in answer.rows if each.values["rule"] == "ORD-10"]
    return dict(found.values)


def test_what_was_decided_under_the_first_version_stands_and_question_49_says_that_it_was_another() -> None:
    day, finding = decided()
    today, then = reader(day).under_rules([STRICTER]), reader(day)

    now = row(ask(today, "49", {}, now=LATER))
    assert (now["state"], now["version"], now["recorded"]) == ("dispositioned", "2", "1")
    before = row(ask(then, "49", {}, now=LATER))
    assert (before["state"], before["version"], before["recorded"]) == ("dispositioned", "1", None)
    (again,) = [each for each in today.findings(SESSION, as_of=LATER) if each.identity == finding.identity]
    assert again.sentence.startswith("By its second version")


@pytest.mark.parametrize(("rule", "other"), [(ord_10, 0), (STRICTER, 1)], ids=["the same", "another version"])
def test_question_19_counts_what_was_recorded_in_another_version_and_leads_to_it(rule: Rule, other: int) -> None:
    day, _ = decided()
    found = ask(reader(day).under_rules([rule]), "19", {}, now=LATER)

    (figure,) = [each for each in found.figures if each.name == "other_versions"]
    assert (figure.value, figure.evidence) == (other, (len(day.placed) - 1,) if other else ())


def test_what_if_shows_which_findings_the_second_version_would_take_away_and_which_it_would_bring_back() -> None:
    day, finding = unprepared()
    compliance = reader(day)

    gone = what_if(compliance, None, {}, now=LATER, instead=[GENTLER])
    assert (gone.counted(), gone.versions["ORD-10"]) == ({"ORD-10": (0, 1)}, "2")
    (change,) = gone.changes
    assert [(each.identity, each.version) for each in change.go] == [(finding.identity, "1")]
    back = what_if(compliance.under_rules([GENTLER]), None, {}, now=LATER, instead=[ord_10])
    assert (back.counted(), back.versions["ORD-10"]) == ({"ORD-10": (1, 0)}, "1")
    assert what_if(compliance, None, {}, now=LATER).changes == (), "the same version changes nothing"
    assert compliance.findings(SESSION, as_of=LATER) == reader(day).findings(SESSION, as_of=LATER), "nothing recorded"


def test_a_verdict_that_was_kept_under_the_first_version_stays_what_it_was_whatever_the_second_would_say() -> None:
    built = clinic()
    keep(built)
    erased(built)
    second = replace(sup_05, version="2", judge=lambda history: ())
    compliance = Compliance(built.store, built.subject_keys).under_rules([second])

    found = [each for each in compliance.findings(SESSION, as_of=AFTERWARDS) if each.rule == "SUP-05"]
    told = {each.slot: (each.version, each.verdict) for each in found}
    assert told == {"a": ("1", "breached"), "b": ("2", "cannot-judge")}
    assert found[0].sentence.startswith("As last judged on ")
