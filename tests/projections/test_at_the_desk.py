"""What the service signs for somebody at the desk and what it does not, sentence by sentence as in the tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.errors import Refused
from ledger.events import EVENT_TYPES
from ledger.events.base import Event, Reference
from ledger.events.paper import Performer
from ledger.held_apart import APART, FOUND_BY
from ledger.reading import PlacedEvent
from ledger.who_may import WHO_MAY, licensed_as, to_hold
from projections.compliance.at_the_desk import Act, check_at_the_desk, may_sign
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from tests.ledger.clinic import ANA, MD1, PLACE, RN1, SESSION, SLOT_A, check, make, uuid
from tests.ledger.events.examples import EXAMPLES
from tests.projections.rules.day import DRIVER, Day, instant
from tests.stories.unjudged import ALL

RN2 = f"staff/{uuid(8)}"
STOCK = f"stock/{uuid(71)}"
BESIDE = f"governance/{uuid(91)}"
YEAR = {"effective": "2026-01-01", "expires": "2026-12-31"}
NOBODY = Reference(dig="0" * 64, id="00000000-0000-7000-8000-000000000000")


def some(tag: str, **fields: Any) -> Event:
    """An event of this type as in its example, with some fields of ours."""
    return EXAMPLES[tag].event.model_copy(update=fields)


class Desk(Day):
    """A clinic with three of the staff on its list, and what they hold; `signs_here` is what the desk is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.opens()
        for code, owner in (("RN1", RN1), ("RN2", RN2), ("MD1", MD1)):
            event = make("staff-registered/1", agreement=None, code=code, name=code)
            self.put(event, owner, "1 06:00", who=[(MD1, "performed", "registrar")])

    def holds(self, credential: str, who: str = RN1, profession: str | None = None, **changes: Any) -> Desk:
        fields = YEAR | {"issued": None, "issuer": "An issuer", "locations": [], "states": ["NY"]}
        fields |= {"verification": None, "number": None, "credential": credential, "profession": profession} | changes
        self.put(
            make("credential-granted/1", **fields), who, "1 07:00", who=[(MD1, "verified", "credentialing-officer")]
        )
        return self

    def licensed(self, who: str = RN1, profession: str = "rn", **changes: Any) -> Desk:
        return self.holds("licence", who, profession, **changes)

    def ledger(self, at: str = "18:00") -> LedgerAt:
        known = self.known()
        return LedgerAt(known, size=known.size, as_of=to_second(instant(at)))

    def entry(self, dig: str) -> PlacedEvent | None:
        return next((placed for placed in self.placed if placed.dig == dig), None)

    @property
    def reference(self) -> Reference:
        """The last entry, as another event names it."""
        return Reference(dig=self.placed[-1].dig, id=self.placed[-1].payload.id)

    def act(self, event: Event, stream: str, by: str, meaning: str, role: str, at: str = "10:00") -> Act:
        signer = next(
            rule for rule in type(event).SIGNERS if rule.meaning == meaning and (not rule.roles or role in rule.roles)
        )
        return Act(event, stream, to_second(instant(at)), by, role, signer)

    def signs_here(self, *act: Any, **when: Any) -> tuple[str, str]:
        """Code and field of the refusal; nothing when it is signed."""
        try:
            check_at_the_desk(self.ledger(), self.entry, self.act(*act, **when))
        except Refused as refused:
            return refused.code, refused.field
        return "", ""


SIGNED, NOT_HELD = ("", ""), ("role-not-held", "role")


# -- the role ----------------------------------------------------------------------------------------


def checks(desk: Desk, by: str = RN1, role: str = "nurse", at: str = "10:00") -> tuple[str, str]:
    return desk.signs_here(check(), SLOT_A, by, "performed", role, at=at)


ROLES: list[tuple[str, Callable[[], tuple[str, str]], tuple[str, str]]] = [
    ("a nurse with a licence as one signs as a nurse", lambda: checks(Desk().licensed()), SIGNED),
    ("without any licence on record nobody does", lambda: checks(Desk()), NOT_HELD),
    ("nor with one for another profession", lambda: checks(Desk().licensed(profession="psychotherapist")), NOT_HELD),
    ("nor with one for another state", lambda: checks(Desk().licensed(states=["UT"])), NOT_HELD),
    ("nor with one for another place", lambda: checks(Desk().licensed(locations=[f"{PLACE[:-1]}9"])), NOT_HELD),
    ("its first day counts", lambda: checks(Desk().licensed(effective="2026-05-16")), SIGNED),
    ("the day before it does not", lambda: checks(Desk().licensed(effective="2026-05-17")), NOT_HELD),
    ("its last day counts", lambda: checks(Desk().licensed(expires="2026-05-16")), SIGNED),
    ("the day after it does not", lambda: checks(Desk().licensed(expires="2026-05-15")), NOT_HELD),
    (
        "what happened while it ran is signed, however late",
        lambda: checks(Desk().licensed(expires="2026-05-15"), at="15 10:00"),
        SIGNED,
    ),
    (
        "somebody who is not on the list of staff signs nothing",
        lambda: checks(Desk().licensed(DRIVER), DRIVER),
        NOT_HELD,
    ),
    (
        "a physician without a DEA registration is no prescriber",
        lambda: checks(Desk().licensed(MD1, "md"), MD1, "prescriber"),
        NOT_HELD,
    ),
    (
        "with both they are",
        lambda: checks(Desk().licensed(MD1, "md").holds("dea", MD1), MD1, "prescriber"),
        SIGNED,
    ),
    (
        "what is done at no place asks for a licence somewhere",
        lambda: (
            Desk()
            .licensed(states=["UT"])
            .signs_here(some("private-safety-screen-completed/1"), ANA, RN1, "performed", "nurse")
        ),
        SIGNED,
    ),
    (
        "a container has no place, its session has",
        lambda: Desk().licensed(states=["UT"]).signs_here(*wasted(RN1), "performed", "nurse"),
        NOT_HELD,
    ),
    (
        "where any member of staff may sign, nobody's licence is asked",
        lambda: Desk().signs_here(some("finding-explained/1"), BESIDE, RN1, "performed", "nurse"),
        SIGNED,
    ),
    (
        "a role of the office is the clinic's word",
        lambda: Desk().signs_here(
            make("staff-registered/1", agreement=None, code="X", name="X"), RN2, RN1, "performed", "registrar"
        ),
        SIGNED,
    ),
]


def wasted(by: str) -> tuple[Event, str, str]:
    return some("wastage-recorded/2", session=SESSION), STOCK, by


@pytest.mark.parametrize(("sentence", "asked", "answer"), ROLES, ids=[sentence for sentence, *_ in ROLES])
def test_role(sentence: str, asked: Callable[[], tuple[str, str]], answer: tuple[str, str]) -> None:
    assert asked() == answer, sentence


def test_the_refusal_says_what_is_missing_and_on_which_day() -> None:
    desk = Desk().licensed(expires="2026-05-15")
    act = desk.act(check(), SLOT_A, RN1, "performed", "nurse")

    with pytest.raises(Refused, match=r"As nurse one needs licence, and on 2026-05-16 yours ended on 2026-05-15\."):
        check_at_the_desk(desk.ledger(), desk.entry, act)


def test_who_holds_the_role_could_sign_instead_and_nobody_else() -> None:
    desk = Desk().licensed(RN2)
    act = desk.act(check(), SLOT_A, RN1, "performed", "nurse")

    able = [
        (by, role)
        for by in (RN1, RN2, MD1)
        for role in ("nurse", "therapist", "registrar")
        if may_sign(desk.ledger(), desk.entry, act, by, role)
    ]

    assert able == [(RN2, "nurse"), (RN2, "therapist")]


@pytest.mark.parametrize("role", [role for role, row in WHO_MAY.items() if row.to_hold])
def test_whoever_is_licensed_holds_exactly_the_roles_the_table_gives_their_profession(role: str) -> None:
    for profession in ("rn", "np", "pa", "md", "do", "pharmd", "psychotherapist", "other"):
        desk = Desk().licensed(profession=profession).holds("dea")
        act = desk.act(some("dose-prepared/1"), SLOT_A, RN1, "performed", "nurse")
        act = Act(act.event, act.stream, act.at, RN1, role, act.signer)
        held = desk.ledger()

        refused = ""
        try:
            check_at_the_desk(held, desk.entry, act)
        except Refused as refusal:
            refused = refusal.code

        assert refused == ("" if profession in licensed_as(role) else "role-not-held"), profession


# -- who does not do both ----------------------------------------------------------------------------


def able() -> Desk:
    """RN1, RN2 and MD1, all licensed."""
    return Desk().licensed().licensed(RN2).licensed(MD1, "md").holds("dea", MD1)


def waste(desk: Desk, by: str = RN1) -> Desk:
    event, stream, _ = wasted(by)
    desk.put(event, stream, "10:00", who=[(by, "performed", "nurse")])
    return desk


def counted(desk: Desk) -> Desk:
    desk.put(some("inventory-counted/1"), PLACE, "10:00")
    return desk


def prepared(desk: Desk) -> Desk:
    desk.put(some("dose-prepared/1"), SLOT_A, "10:00")
    return desk


def countersigns(desk: Desk, by: str, gives: str, role: str = "nurse", verdict: str = "confirms") -> tuple[str, str]:
    event = some("countersignature-given/1", gives=gives, target=desk.reference, verdict=verdict)
    return desk.signs_here(event, desk.placed[-1].stream, by, "countersigned", role)


def typed(desk: Desk) -> Desk:
    """A waste that RN1 did by the sheet, typed in by RN2."""
    waste(desk, RN2)
    last = desk.placed[-1]
    by_sheet = (Performer(by=RN1, meaning="performed", role="nurse"),)
    desk.placed[-1] = PlacedEvent(
        last.position, last.version, last.received_at, last.dig, last.payload, last.event, by_sheet
    )
    return desk


def watching(event: str, meaning: str, by: str, **fields: Any) -> tuple[str, str]:
    return able().signs_here(some(event, **fields), SESSION, by, meaning, "nurse")


def grants(by: str, of: str, tag: str = "credential-granted/1") -> tuple[str, str]:
    meaning, role = ("verified", "credentialing-officer") if tag[0] == "c" else ("authorised", "medical-director")
    return able().signs_here(some(tag), of, by, meaning, role)


def overrides(of: str) -> tuple[str, str]:
    event = some("authorisation-overridden/1", staff=of)
    return able().signs_here(event, SESSION, MD1, "authorised", "medical-director")


def reviews(by: str) -> tuple[str, str]:
    event = some("review-completed/1", scope="session", session=SESSION)
    return able().gives("a", "10:00").signs_here(event, BESIDE, by, "reviewed", "medical-director")


def disposes(by: str, tag: str = "finding-dispositioned/2") -> tuple[str, str]:
    desk = able()
    desk.put(some("credential-granted/1"), RN1, "08:00", who=[(RN2, "verified", "credentialing-officer")])
    granted = desk.reference
    overridden = some("authorisation-overridden/1", staff=RN1)
    desk.put(overridden, SESSION, "09:00", who=[(MD1, "authorised", "medical-director")])
    event = some(tag, evidence=(desk.reference, granted))
    return desk.signs_here(event, BESIDE, by, "reviewed", "medical-director")


def cosigns(by: str, said_by: str = MD1) -> tuple[str, str]:
    desk = able().licensed(RN2, "np").holds("dea", RN2)
    desk.put(some("verbal-order-received/1", prescriber=said_by), SLOT_A, "10:00")
    event = some("verbal-order-cosigned/1", order=desk.reference)
    return desk.signs_here(event, SLOT_A, by, "authorised", "prescriber")


OWN_TARGET, OWN_RECORD = ("own-act", "fields.target"), ("own-act", "stream")
NOT_ASKED = ("not-their-act", "fields.target")
NOT_THE_MONITOR = ("not-their-act", "fields.monitor")

HELD_APART: list[tuple[str, Callable[[], tuple[str, str]], tuple[str, str]]] = [
    ("who wasted it does not witness it", lambda: countersigns(waste(able()), RN1, "witnessed"), OWN_TARGET),
    ("a colleague does", lambda: countersigns(waste(able()), RN2, "witnessed"), SIGNED),
    ("who counted is not the second counter", lambda: countersigns(counted(able()), RN1, "verified"), OWN_TARGET),
    ("a colleague is", lambda: countersigns(counted(able()), RN2, "verified"), SIGNED),
    ("who prepared it does not check it", lambda: countersigns(prepared(able()), RN1, "verified"), OWN_TARGET),
    ("a colleague does so", lambda: countersigns(prepared(able()), RN2, "verified"), SIGNED),
    (
        "nobody disputes what they signed themselves",
        lambda: countersigns(waste(able()), RN1, "witnessed", verdict="disputes"),
        OWN_TARGET,
    ),
    ("who did it by the sheet does not witness it", lambda: countersigns(typed(able()), RN1, "witnessed"), OWN_TARGET),
    ("but signs it as what they did", lambda: countersigns(typed(able()), RN1, "performed"), SIGNED),
    ("nor does whoever typed it", lambda: countersigns(typed(able()), RN2, "witnessed"), OWN_TARGET),
    ("a signature nobody asks for is not given", lambda: countersigns(waste(able()), RN2, "observed"), NOT_ASKED),
    (
        "nor one in a role that does not count",
        lambda: countersigns(waste(able()), RN2, "witnessed", "driver"),
        NOT_ASKED,
    ),
    (
        "a witness without a licence as what they sign as is none",
        lambda: countersigns(waste(Desk().licensed()), RN2, "witnessed"),
        NOT_HELD,
    ),
    (
        "who disputes it needs no licence for that",
        lambda: countersigns(waste(Desk().licensed()), RN2, "witnessed", verdict="disputes"),
        SIGNED,
    ),
    ("nobody verifies their own credential", lambda: grants(RN1, RN1), OWN_RECORD),
    ("nor may they release by their own word", lambda: grants(MD1, MD1, "release-delegated/1"), OWN_RECORD),
    ("another's they verify", lambda: grants(RN1, RN2), SIGNED),
    ("nobody overrides what stands against themselves", lambda: overrides(MD1), ("own-act", "fields.staff")),
    ("but what stands against somebody else", lambda: overrides(RN1), SIGNED),
    ("who signed in a session does not review it", lambda: reviews(RN1), ("own-act", "fields.session")),
    ("who did not, does", lambda: reviews(RN2), SIGNED),
    ("who let it go ahead does not dispose of what was found", lambda: disposes(MD1), ("own-act", "fields.evidence")),
    ("nor close it", lambda: disposes(MD1, "finding-closed/1"), ("own-act", "fields.evidence")),
    ("who was not there does, also who had verified a credential", lambda: disposes(RN2), SIGNED),
    (
        "a monitor is assigned by their own signature",
        lambda: watching("monitor-assigned/1", "received", RN1, monitor=RN2),
        NOT_THE_MONITOR,
    ),
    ("and by nobody else's", lambda: watching("monitor-assigned/1", "received", RN2, monitor=RN2), SIGNED),
    (
        "who hands over is who had it",
        lambda: watching("monitor-handover/1", "relinquished", RN1, outgoing=RN2, incoming=RN1),
        ("not-their-act", "fields.outgoing"),
    ),
    (
        "who takes over is who has it then",
        lambda: watching("monitor-handover/1", "received", RN1, outgoing=RN2, incoming=RN1),
        SIGNED,
    ),
    (
        "a break is the monitor's own",
        lambda: watching("monitor-break-started/1", "relinquished", RN1, monitor=RN2),
        NOT_THE_MONITOR,
    ),
    ("and its end", lambda: watching("monitor-break-ended/1", "received", RN1, monitor=RN2), NOT_THE_MONITOR),
    ("a verbal order is signed by who gave it", lambda: cosigns(MD1), SIGNED),
    ("and by no other prescriber", lambda: cosigns(RN2), ("not-their-act", "fields.order")),
]


@pytest.mark.parametrize(("sentence", "asked", "answer"), HELD_APART, ids=[sentence for sentence, *_ in HELD_APART])
def test_held_apart(sentence: str, asked: Callable[[], tuple[str, str]], answer: tuple[str, str]) -> None:
    assert asked() == answer, sentence


def test_an_entry_that_is_not_here_keeps_nobody_from_signing() -> None:
    """Whether it may be recorded without it is asked when it is recorded."""
    event = some("countersignature-given/1", gives="witnessed", target=NOBODY, verdict="confirms")

    assert able().signs_here(event, SLOT_A, RN1, "countersigned", "nurse") == SIGNED


# -- the tables themselves ---------------------------------------------------------------------------


def test_what_is_asked_of_an_act_is_about_a_field_that_it_has() -> None:
    acts = {tag.partition("/")[0] for tag in EVENT_TYPES}
    for ask in (ask for row in APART for ask in row.asks):
        assert ask.act in acts
        for tag in (tag for tag in EVENT_TYPES if tag.startswith(f"{ask.act}/")):
            kind = EVENT_TYPES[tag]
            assert not ask.field or ask.field in kind.model_fields, (tag, ask.field)
            assert ask.meaning is None or ask.meaning in {rule.meaning for rule in kind.SIGNERS}


def test_the_rules_that_are_said_to_find_it_exist() -> None:
    assert {rule for _, rules in FOUND_BY for rule in rules} <= ALL


def test_roles_that_found_a_clinic_need_no_credential() -> None:
    founding = ("registrar", "credentialing-officer", "compliance-officer", "medical-director", "security-officer")

    assert [role for role in founding if to_hold(role)] == []
