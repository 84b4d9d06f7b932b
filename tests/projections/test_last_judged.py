"""Kept verdicts stand in the place of what a rule would say without the values; only behind what destroyed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ledger.absences import counted
from ledger.entry import stream_tag
from ledger.erasure import Retention
from ledger.events.erasure import RetentionEnded, SubjectErased
from ledger.events.kept_verdicts import KeptVerdict, RecordVerdictsKept, VerdictsKept
from ledger.follow import events_from
from ledger.retention import retention_plan
from projections.compliance.as_last_judged import LastJudged
from projections.compliance.finding import Finding
from projections.compliance.keeping import resting_on, resting_on_ending
from projections.compliance.reader import Compliance
from tests.ledger.clinic import ANA, MD1, OWN_A, PT1, RN1, SESSION, SLOT_A, Clinic, make
from tests.ledger.events.examples import EXAMPLES
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


# -- of a person, a place, a container: each by itself ---------------------------------------------------


FAR = "2030-01-01T00:00:00.000000Z"
AT_ONCE = Retention(chart_years=0, controlled_years=0, records_years=0)


def disclosing() -> Clinic:
    """A session of both with a dose of A's from a container that was counted, and a disclosure of Ana's."""
    built = Clinic(retention=AT_ONCE).open()
    event = EXAMPLES["disclosure-made/1"].event
    built.record(event, ANA, (PT1, "performed", "privacy-officer"))
    receive(built)
    built.dose(SLOT_A)
    return built


def receive(built: Clinic) -> None:
    fields = {**EXAMPLES["own-medication-checked-in/1"].event.model_dump(exclude={"type"}), "owner": ANA}
    event = make("own-medication-checked-in/1", **fields | {"session": SESSION})
    built.record(event, OWN_A, (SLOT_A, "relinquished", "participant"), (RN1, "received", "custodian"))


def elsewhere(built: Clinic) -> dict[str, tuple[str, str, str, tuple[str, ...]]]:
    """Every verdict on a record beside the sessions, by its identity."""
    found = Compliance(built.store, built.subject_keys, retention=AT_ONCE).findings(as_of=FAR)
    return {each.identity: (each.rule, each.about, each.verdict, each.causes) for each in found if each.about}


def signed(built: Clinic, verdicts: Sequence[VerdictsKept | RecordVerdictsKept]) -> None:
    for event in verdicts:
        built.record(event, GOVERNANCE, *TWO)


def test_verdicts_on_a_person_and_a_container_stand_after_their_erasure() -> None:
    built = disclosing()
    before = elsewhere(built)
    kept = resting_on(built.store, built.subject_keys, ANA, FAR, AT_ONCE)
    signed(built, kept)
    erased(built)
    built.subject_keys.destroy(ANA)
    after = elsewhere(built)

    assert "REC-14" in {before[name][0] for name in before}
    assert {name: said[:3] for name, said in before.items()}.items() <= {
        name: said[:3] for name, said in after.items()
    }.items()
    assert ("REC-14", ANA, "met", ("last-judged", "erased")) in after.values()


def test_without_them_the_rule_cannot_judge() -> None:
    built = disclosing()
    erased(built)
    built.subject_keys.destroy(ANA)

    assert [said[2] for said in elsewhere(built).values() if said[0] == "REC-14"] == ["cannot-judge"]


def test_no_open_part_names_the_person_and_no_value_is_kept() -> None:
    built = disclosing()
    kept = resting_on(built.store, built.subject_keys, ANA, FAR, AT_ONCE)
    records = [each.record for each in kept if isinstance(each, RecordVerdictsKept)]

    assert stream_tag(built.store.origin, ANA) in records
    text = "".join(each.model_dump_json() for each in kept)
    assert "person/" not in text
    said = EXAMPLES["disclosure-made/1"].event.model_dump()
    assert not [value for value in said.values() if isinstance(value, str) and len(value) > 6 and value in text]


def test_what_ends_with_its_retention_stands_as_last_judged_too() -> None:
    built = disclosing()
    built.clock.forward(days=1)
    built.restart()
    before = elsewhere(built)
    found = retention_plan(built.store, built.clock.now.date(), AT_ONCE)
    signed(built, resting_on_ending(built.store, built.subject_keys, found, FAR, AT_ONCE))
    again = retention_plan(built.store, built.clock.now.date(), AT_ONCE)
    under = built.record(RetentionEnded(envelopes=again.envelopes), GOVERNANCE, *TWO).position
    built.store.remove_ended(under)
    after = elsewhere(built)

    assert {OWN_A, ANA} <= {each.record for each in again.due if not each.objections}
    told = {name: said[2] for name, said in before.items() if said[2] != "not-applicable"}
    assert told
    assert told.items() <= {name: said[2] for name, said in after.items()}.items()
    assert ("REC-14", ANA, "met", ("last-judged", "expired")) in after.values()
    arisen = [said for name, said in after.items() if name not in before and under not in _evidence(built, name)]
    assert [said for said in arisen if said[2] in ("breached", "cannot-judge", "pending")] == []


def test_a_record_that_goes_on_is_judged_as_ever_with_what_comes_later() -> None:
    built = clinic()
    kept = KEPT.model_copy(update={"slot": None})
    built.record(RecordVerdictsKept(record=OWN_A, verdicts=(kept,)), GOVERNANCE, *TWO)
    until = erased(built)
    last = LastJudged()
    for placed in events_from(built.store, built.subject_keys, 0, 500):
        last.take(placed)
    unread = replace(FRESH, slot="", session="", about=OWN_A)
    later = replace(unread, verdict="met", evidence=(3, until + 1))

    (said,) = last.over_elsewhere([unread], size=500, as_of=LATER)
    assert (said.verdict, said.about, said.identity) == ("breached", OWN_A, unread.identity)
    assert last.over_elsewhere([later], size=500, as_of=LATER) == [later]
    assert last.over_elsewhere([unread], size=4, as_of=LATER) == [unread]


def _evidence(built: Clinic, name: str) -> tuple[int, ...]:
    found = Compliance(built.store, built.subject_keys, retention=AT_ONCE).findings(as_of=FAR)
    return next(each.evidence for each in found if each.identity == name)
