"""SUP-02: who watches, gives or releases is licensed and trained for it, on that day and at that place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.errors import Objection
from ledger.events.base import Event
from projections.compliance.finding import Finding
from projections.compliance.known import Fact
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.rules.supervision.sup_02 import sup_02
from tests.ledger.clinic import MD1, PLACE, RN1, SESSION, blank, make
from tests.projections.rules.day import DRIVER, Day, instant

NURSE, DOCTOR = (RN1, "received", "nurse"), (MD1, "authorised-release", "prescriber")
YEAR = {"effective": "2026-01-01", "expires": "2026-12-31"}


def grant(credential: str, **changes: Any) -> Event:
    fields = YEAR | {"issued": None, "issuer": "An issuer", "locations": [], "profession": None, "states": ["NY"]}
    fields |= {"verification": None, "number": None, "credential": credential} | changes
    return make("credential-granted/1", **fields)


def event(tag: str, credential: str = "bls", **changes: Any) -> Event:
    return make(tag, **(blank(tag) | {"credential": credential} | changes))


class Duty(Day):
    """A day on which RN1 watches and gives; `holds` are their credentials."""

    def holds(self, *credentials: str, who: str = RN1, at: str = "1 07:00", **changes: Any) -> Duty:
        for credential in credentials:
            self.put(grant(credential, **changes), who, at)
        return self

    def licensed(self, who: str = RN1, profession: str = "rn", **changes: Any) -> Duty:
        return self.holds("licence", who=who, profession=profession, **changes)

    def watches(self, at: str = "09:30", who: str = RN1, role: str = "nurse") -> Duty:
        assigned = make("monitor-assigned/1", covers=["a", "b"], in_person=True, monitor=who)
        self.put(assigned, SESSION, at, who=[(who, "received", role)])
        return self

    def says(self, what: Event, who: str = RN1, at: str = "2 07:00") -> Duty:
        self.put(what, who, at)
        return self

    def dig(self, of: int = -1) -> dict[str, str]:
        return {"dig": self.placed[of].dig, "id": self.placed[of].payload.id}

    def overrides(self, at: str = "09:15", role: str = "medical-director", **changes: Any) -> Duty:
        fields = {"credential": "bls", "reason": "MD1 in the room", "rule": "SUP-02", "staff": RN1} | changes
        self.put(make("authorisation-overridden/1", **fields), SESSION, at, who=[(MD1, "authorised", role)])
        return self

    def of(self, credential: str, who: str | None = RN1, **when: Any) -> Finding:
        (found,) = [f for f in self.findings("SUP-02", **when) if (f.staff, f.credential) == (who, credential)]
        return found


def begun() -> Duty:
    day = Duty()
    day.opens()
    return day


def able() -> Duty:
    return begun().licensed().holds("kap", "acls")


def whole() -> Duty:
    return able().holds("bls")


def somewhere() -> Duty:
    """A session at a place that nobody registered."""
    day = Duty()
    day.plans()
    return day.licensed().holds("kap", "bls", "acls").watches()


def suspended(**lifted: Any) -> Duty:
    day = whole().says(event("credential-suspended/1", effective="2026-05-10", imposed_by="issuer"))
    if lifted:
        back = event("credential-reinstated/1", suspended=day.dig(), conditions=[], **lifted)
        day.says(back, at="2 08:00")
    return day.watches()


def revoked(**changes: Any) -> Duty:
    fields = {"effective": "2026-05-20", "imposed_by": "issuer", "retroactive_from": None} | changes
    return whole().says(event("credential-revoked/1", **fields)).watches()


STORIES: list[tuple[str, Callable[[], Day], str, str]] = [
    ("all valid", lambda: whole().watches(), "met", "bls"),
    ("nobody acted", begun, "not-applicable", ""),
    ("nothing on record", lambda: able().watches(), "breached", "bls"),
    ("first day", lambda: able().holds("bls", effective="2026-05-16").watches(), "met", "bls"),
    ("a day too early", lambda: able().holds("bls", effective="2026-05-17").watches(), "breached", "bls"),
    ("last day", lambda: able().holds("bls", expires="2026-05-16").watches(), "met", "bls"),
    ("a day too late", lambda: able().holds("bls", expires="2026-05-15").watches(), "breached", "bls"),
    ("another state", lambda: able().holds("bls", states=["UT"]).watches(), "breached", "bls"),
    ("another place", lambda: able().holds("bls", locations=[f"{PLACE[:-1]}9"]).watches(), "breached", "bls"),
    ("this place", lambda: able().holds("bls", locations=[PLACE]).watches(), "met", "bls"),
    ("suspended", suspended, "breached", "bls"),
    ("reinstated in time", lambda: suspended(effective="2026-05-16"), "met", "bls"),
    ("reinstated too late", lambda: suspended(effective="2026-05-17"), "breached", "bls"),
    ("revoked later", revoked, "met", "bls"),
    ("revoked on the day", lambda: revoked(effective="2026-05-16"), "breached", "bls"),
    ("revoked reaching back", lambda: revoked(retroactive_from="2026-05-01"), "breached", "bls"),
    ("granted anew afterwards", lambda: revoked(effective="2026-05-03").holds("bls", at="4 07:00"), "met", "bls"),
    (
        "a licence as a therapist",
        lambda: begun().licensed(profession="psychotherapist").watches(),
        "breached",
        "licence",
    ),
    ("a licence for nobody", lambda: begun().holds("licence").watches(), "breached", "licence"),
    ("a therapist without training", lambda: whole().watches(role="therapist"), "breached", "monitor"),
    ("the state is unknown", somewhere, "cannot-judge", "licence"),
    ("one who gives", lambda: able().gives("a", "10:00"), "breached", "bls"),
]


@pytest.mark.parametrize(("name", "story", "verdict", "credential"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str, credential: str) -> None:
    found = [f for f in story().findings("SUP-02") if (f.credential or "") == credential]

    assert [f.verdict for f in found] == [verdict], name


def test_one_finding_lists_all_acts_of_one_person_and_credential() -> None:
    found = able().watches().gives("a", "10:00").of("bls")

    assert (found.slot, found.subject, found.severity) == ("", SESSION, "C")
    assert found.sentence == (f"{RN1} assigned as monitor at 09:30, gave a dose at 10:00; bls is not on record.")
    assert found.made_at == instant("09:30")


def test_a_dose_somebody_takes_themselves_is_the_act_of_who_observed_it() -> None:
    day = able().gives("a", "10:00", who=[(RN1, "performed", "nurse"), (MD1, "observed", "prescriber")])
    (dose,) = [p for p in day.placed if p.event.type == "dose-administered/1"]
    taken = day.changed(lambda p: p.event.model_copy(update={"self_administered": True}) if p is dose else p.event)

    assert {f.staff for f in taken.findings("SUP-02") if f.staff} == {MD1}
    assert {f.staff for f in day.findings("SUP-02") if f.staff} == {RN1}


def test_who_releases_is_asked_and_checks_and_witnesses_are_not() -> None:
    day = begun().looks_at("a", "10:15").releases("a", "12:30", who=[DOCTOR])

    assert {f.staff for f in day.findings("SUP-02") if f.staff} == {MD1}


def test_who_took_over_and_has_not_signed_needs_what_everybody_needs() -> None:
    handed = make(
        "monitor-handover/1",
        **(blank("monitor-handover/1") | {"covers": ["a"], "in_person": True, "incoming": DRIVER, "outgoing": RN1}),
    )
    day = begun().put(handed, SESSION, "10:30", who=[(RN1, "relinquished", "nurse")])

    assert [f.credential for f in day.findings("SUP-02") if f.staff == DRIVER] == ["licence", "bls", "kap"]


def test_a_renewal_that_reaches_back_removes_what_is_found_now_and_not_what_was_found_then() -> None:
    day = able().holds("bls", expires="2026-05-15")
    granted = day.dig()
    day.watches()
    before = len(day.placed)
    day.says(event("credential-renewed/1", granted=granted, states=["NY"], issuer="An issuer", **YEAR), at="20 09:00")

    assert day.of("bls", known_at=before).verdict == "breached"
    assert day.of("bls").verdict == "met"


def test_a_revocation_that_reaches_back_finds_now_what_nobody_could_know_then() -> None:
    day = whole().watches()
    before = len(day.placed)
    fields = {"effective": "2026-06-01", "imposed_by": "issuer", "retroactive_from": "2026-05-01"}
    day.says(event("credential-revoked/1", **fields), at="20 09:00")

    assert day.of("bls", known_at=before).verdict == "met"
    assert day.of("bls").verdict == "breached"


def test_a_credential_that_was_entered_by_mistake_and_voided_counts_for_nothing() -> None:
    day = whole()
    place = next(i for i, p in enumerate(day.placed) if getattr(p.event, "credential", "") == "bls")
    day.watches().voids("17 09:00", of=place)

    assert day.of("bls", as_of="18 18:00").verdict == "breached"


def test_one_of_those_on_duty_holds_advanced_life_support_while_anybody_is_dosed() -> None:
    day = begun().licensed().holds("kap", "bls").gives("a", "10:00")

    assert day.of("acls", None).verdict == "breached"
    assert whole().gives("a", "10:00").of("acls", None).verdict == "met"
    assert begun().holds("acls", who=MD1).gives("a", "10:00").of("acls", None).verdict == "met"
    assert begun().of("acls", None).verdict == "not-applicable"


# -- the gate and its override


def objections(day: Day, at: str = "09:30", what: Event | None = None, who: Any = NURSE) -> list[Objection]:
    """What is said before RN1 is assigned."""
    proposed = what or make("monitor-assigned/1", covers=["a"], in_person=True, monitor=RN1)
    single = Day().put(proposed, SESSION, at, who=[who]).placed[0]
    fact = Fact(proposed, to_second(instant(at)), SESSION, len(day.placed), "", (who[0],), single.payload.attested)
    history = LedgerAt(day.known(), size=len(day.placed), as_of=to_second(instant(at)), proposed=fact).session(SESSION)
    gate = sup_02.gate
    assert gate is not None
    return [
        Objection(
            f.rule, f.version, f.sentence, f.evidence, gate.override_of(f.causes, type(proposed)), f.staff, f.credential
        )
        for f in sup_02.findings(history)
        if f.verdict in ("breached", "cannot-judge") and sup_02.override(history, f) is None
    ]


def test_the_gate_names_every_credential_that_lacks_and_who_may_override() -> None:
    found = objections(begun())

    assert [(o.staff, o.credential, o.override) for o in found] == [
        (RN1, credential, "medical-director") for credential in ("licence", "bls", "kap")
    ]


def test_at_the_opening_each_of_those_on_duty_who_attends_is_asked_about() -> None:
    opening = begun().placed[-1].event
    staffed = opening.model_copy(update={"staff": make_duty((RN1, "nurse"), (MD1, "prescriber"), (DRIVER, "driver"))})

    found = objections(whole(), what=staffed, who=(RN1, "authorised", "nurse"))

    assert {o.staff for o in found} == {MD1}


def make_duty(*pairs: tuple[str, str]) -> Any:
    fields = blank("session-opened/1")
    opened = make(
        "session-opened/1",
        **(
            fields
            | {
                "location": PLACE,
                "mode": "solo",
                "presence": "on-site",
                "protocol": {"dig": "0" * 64, "id": "00000000-0000-7000-8000-000000000000"},
                "staff": [{"role": role, "staff": staff} for staff, role in pairs],
                "role_a": "dosing",
                "role_b": "dosing",
            }
        ),
    )
    return opened.staff  # type: ignore[attr-defined]


def test_an_override_serves_its_own_rule_person_and_credential_and_no_other() -> None:
    assert [o.credential for o in objections(able())] == ["bls"]
    assert objections(able().overrides()) == []
    for other in (
        able().overrides(credential="kap"),
        able().overrides(staff=MD1),
        able().overrides(rule="SUP-03"),
        able().overrides(role="prescriber"),
        able().overrides(at="09:45"),
    ):
        assert [o.credential for o in objections(other)] == ["bls"]


def test_what_is_done_under_an_override_is_a_finding_and_a_declared_one() -> None:
    day = able().overrides()
    override = day.placed[-1].position
    found = day.watches().of("bls")

    assert (found.verdict, found.declared_by) == ("breached", override)


@pytest.mark.parametrize("at", ["09:45", "09:15"])
def test_an_override_given_or_written_down_afterwards_declares_nothing(at: str) -> None:
    found = able().watches().overrides(at=at).of("bls")

    assert (found.verdict, found.declared_by) == ("breached", None)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "met"),
        ({"passed": False}, "breached"),
        ({"subject": "kap"}, "breached"),
        ({"repeat_by": "2026-05-15"}, "breached"),
        ({"repeat_by": "2026-05-16"}, "met"),
    ],
)
def test_a_therapist_watches_with_a_passed_training_as_a_monitor(changes: dict[str, Any], verdict: str) -> None:
    fields = {"subject": "monitor", "title": "Watching", "completed": "2026-01-10", "passed": True} | changes
    trained = make("training-completed/1", **(blank("training-completed/1") | fields))

    assert whole().says(trained).watches(role="therapist").of("monitor").verdict == verdict
