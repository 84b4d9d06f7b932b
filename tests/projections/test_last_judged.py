"""Kept verdicts stand in the place of what a rule would say without the values; only behind what destroyed them."""

from __future__ import annotations

from dataclasses import replace

from ledger.absences import counted
from ledger.events.erasure import SubjectErased
from ledger.events.kept_verdicts import KeptVerdict, VerdictsKept
from ledger.follow import events_from
from projections.compliance.as_last_judged import LastJudged
from projections.compliance.finding import Finding
from tests.ledger.clinic import ANA, MD1, PT1, RN1, SESSION, Clinic
from tests.ledger.test_absences import GOVERNANCE, TWO, clinic

LATER = "2030-01-01T00:00:00.000000Z"
KEPT = KeptVerdict(
    anchor=None,
    credential=None,
    declared_by=None,
    due=None,
    evidence=(3, 4),
    limit="2026-05-15T13:00:00.000000Z",
    made_at=None,
    protocol=None,
    rule="SUP-05",
    severity="M",
    slot="a",
    staff=None,
    verdict="breached",
    version="1",
)
FRESH = Finding("SUP-05", "1", "cannot-judge", "M", "a", SESSION, "It cannot be read.", (3,), None)
OTHER = replace(FRESH, slot="b", verdict="met")


def told(built: Clinic, fresh: list[Finding], *, size: int = 500, as_of: str = LATER) -> list[Finding]:
    last = LastJudged()
    for placed in events_from(built.store, built.subject_keys, 0, 500):
        last.take(placed)
    return last.over(SESSION, fresh, size=size, as_of=as_of)


def keep(built: Clinic, *who: tuple[str, str, str]) -> int:
    event = VerdictsKept(session=SESSION, verdicts=(KEPT,))
    return built.record(event, GOVERNANCE, *(who or TWO)).position


def erased(built: Clinic) -> int:
    digests = [digest for digest, _ in built.store.blocks_about(ANA)]
    return built.record(SubjectErased(blocks=counted(digests)), ANA, *TWO).position


def test_behind_the_erasure_the_kept_verdict_stands_and_the_others_are_untouched() -> None:
    built = clinic()
    keep(built)
    erased(built)

    said, other = told(built, [FRESH, OTHER])

    assert other == OTHER
    assert (said.verdict, said.evidence, said.severity) == ("breached", (3, 4), "M")
    assert said.sentence == "As last judged on 2026-05-15; values erased."
    assert said.identity == FRESH.identity


def test_verdicts_that_no_erasure_follows_replace_nothing() -> None:
    built = clinic()
    keep(built)

    assert told(built, [FRESH, OTHER]) == [FRESH, OTHER]


def test_nor_do_those_that_other_people_signed() -> None:
    built = clinic()
    keep(built, (PT1, "authorised", "privacy-officer"), (RN1, "approved", "medical-director"))
    erased(built)

    assert MD1 != RN1
    assert told(built, [FRESH]) == [FRESH]


def test_a_question_about_a_time_before_it_could_be_given_is_answered_by_the_rules() -> None:
    built = clinic()
    keep(built)
    erased(built)

    assert told(built, [FRESH], size=4) == [FRESH]
    assert told(built, [FRESH], as_of="2026-05-15T12:59:59.000000Z") == [FRESH]


def test_what_happened_after_the_erasure_is_judged_as_ever() -> None:
    built = clinic()
    keep(built)
    late = replace(FRESH, anchor="late", evidence=(erased(built) + 1,))

    assert told(built, [FRESH, late])[1:] == [late]
