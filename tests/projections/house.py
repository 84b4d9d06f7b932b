"""The words of these tests: a clinic where things happen to A and B, and its views."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ledger.encoding import to_instant
from ledger.payload import Occurred
from ledger.store.subject_keys import SubjectKeys
from projections import VIEWS
from projections.runner import Runner
from projections.tables import ViewDatabase
from projections.view import View
from tests.ledger.clinic import (
    ANA,
    BEN,
    COUPLE,
    MD1,
    OWN_A,
    PLACE,
    PT1,
    RN1,
    SESSION,
    SLOT_A,
    SLOT_B,
    Clinic,
    Who,
    blank,
    check,
    dose,
    make,
    uuid,
)

OWN_B = f"stock/{uuid(42)}"
NURSE: Who = (RN1, "performed", "nurse")
RECORD = {"a": SLOT_A, "b": SLOT_B}
PERSON = {"a": ANA, "b": BEN}


def fields(tag: str, **given: Any) -> dict[str, Any]:
    """All fields of a type, null or empty unless given."""
    return blank(tag) | given


class House(Clinic):
    """A clinic in which a session of A and B takes place; every step takes a minute."""

    _enrolled: tuple[str, ...] = ()

    def hands_in(self, slot: str = "a", count: str = "10", strength: str = "100", container: str = OWN_A) -> int:
        """A partner hands in a bottle."""
        event = make(
            "own-medication-checked-in/1",
            code=f"own-{slot.upper()}",
            count=count,
            drug="ketamine",
            expires=None,
            form="lozenge",
            lots=[],
            photo=None,
            session=SESSION,
            strength={"unit": "mg", "value": strength},
            owner=PERSON[slot],
            pharmacy="Test Pharmacy",
            prescription=f"Rx {slot}",
        )
        return self.record(
            event, container, (RECORD[slot], "relinquished", "participant"), (RN1, "received", "custodian")
        ).position

    def hands_back(self, slot: str = "a", count: str = "0", container: str = OWN_A) -> int:
        """What is left of a bottle is counted and taken home."""
        event = make("own-medication-checked-out/1", count=count, photo=None, session=SESSION, owner=PERSON[slot])
        return self.record(
            event, container, (RECORD[slot], "received", "participant"), (RN1, "relinquished", "custodian")
        ).position

    def gives(self, slot: str = "a", mg: str = "100", container: str = OWN_A, **changes: Any) -> int:
        """A dose."""
        record = changes.pop("record", RECORD[slot])
        return self.record(dose(mg, container=container, **changes), record, NURSE).position

    def looks_at(self, slot: str = "a", systolic: int = 120, diastolic: int = 80, **changes: Any) -> int:
        """A supervision check; `late` minutes pass before it is written down."""
        late = changes.pop("late", 0)
        happened = self.clock.now - timedelta(minutes=late)
        return self.record(
            check(systolic, diastolic, **changes), RECORD[slot], NURSE, occurred=occurred(happened)
        ).position

    def arrives(self, slot: str = "a", **changes: Any) -> int:
        """A check-in."""
        given = fields(
            "participant-checked-in/1",
            arrived="driven",
            identifiers=["name", "photo"],
            taken_lately=dict.fromkeys(("alcohol", "cannabis", "maoi", "opioids", "sedatives", "stimulants"), False),
        )
        return self.record(make("participant-checked-in/1", **(given | changes)), RECORD[slot], NURSE).position

    def declines(self, slot: str = "b", **changes: Any) -> int:
        """A partner says no."""
        given = {
            "note": None,
            "pressure_concern": False,
            "private": True,
            "reason_class": "withheld",
            "role_after": "sober-support",
            "stage": "redose",
        }
        return self.record(
            make("dose-declined/1", **(given | changes)), RECORD[slot], (RECORD[slot], "declined", "participant")
        ).position

    def lets_know(self, slot: str = "b", **what: bool) -> int:
        """A partner says what the other may know."""
        person = PERSON[slot]
        if not self.recorder_knows(person):
            self.recorder.record([self.enrol(person)])
        said = {"attendance": False, "dose": False, "dosed": False, "emergency": True, "vitals": False}
        event = make("sharing-preference-recorded/1", couple=COUPLE, **(said | what))
        return self.record(event, person, (person, "consented", "participant")).position

    def opens(self, role_a: str = "dosing", role_b: str = "dosing") -> int:
        """The session is opened."""
        event = make(
            "session-opened/1",
            location=PLACE,
            mode="simultaneous",
            prescriber=MD1,
            presence="on-site",
            room=None,
            protocol={"dig": "0" * 64, "id": self.event_id()},
            staff=[{"role": "nurse", "staff": RN1}],
            role_a=role_a,
            role_b=role_b,
        )
        return self.record(event, SESSION, (RN1, "authorised", "nurse")).position

    def hands_over(self, covers: Sequence[str] = ("a", "b"), **changes: Any) -> int:
        """RN1 goes, MD1 comes."""
        given = fields("monitor-handover/1", covers=list(covers), in_person=True, incoming=MD1, outgoing=RN1)
        return self.record(
            make("monitor-handover/1", **(given | changes)),
            SESSION,
            (RN1, "relinquished", "nurse"),
            (MD1, "received", "prescriber"),
        ).position

    def comes_to(self, phase: str, covers: Sequence[str] = ("a", "b")) -> int:
        """A phase begins."""
        event = make("session-phase-changed/1", covers=list(covers), phase=phase)
        return self.record(event, SESSION, (PT1, "performed", "therapist")).position

    def another_couple_comes(self) -> None:
        """A couple of the same two people in other places, with a session of their own."""
        couple, session = f"couple/{uuid(29)}", self.other_record.rpartition("/")[0]
        registered = make(
            "couple-registered/1",
            code="C-08",
            location=PLACE,
            sharing_policy="v1",
            started="2026-05-01",
            person_a=BEN,
            person_b=ANA,
        )
        scheduled = make(
            "session-scheduled/1",
            couple=couple,
            course=None,
            location=PLACE,
            mode="simultaneous",
            ordinal=1,
            planned_start=to_instant(self.clock.now),
            staff=[],
            person_a=BEN,
            person_b=ANA,
        )
        self.record(registered, couple, (MD1, "performed", "registrar"))
        self.record(scheduled, session, (MD1, "performed", "scheduler"))

    other_record = f"session/{uuid(39)}/a"

    def recorder_knows(self, person: str) -> bool:
        """Whether a person's own key was enrolled already."""
        known = person in self._enrolled
        self._enrolled = (*self._enrolled, person)
        return known

    def views(
        self,
        path: Path | None = None,
        views: Sequence[View] = VIEWS,
        *,
        batch: int = 500,
        subject_keys: SubjectKeys | None = None,
    ) -> tuple[ViewDatabase, Runner]:
        """Views over this ledger, which have read nothing yet."""
        database = ViewDatabase(path)
        return database, Runner(database, self.store, subject_keys or self.subject_keys, views, batch=batch)

    def seen(self, **kwargs: Any) -> ViewDatabase:
        """Views that have read everything."""
        database, runner = self.views(**kwargs)
        runner.catch_up()
        return database


def occurred(moment: datetime) -> Occurred:
    """Happened then, at the retreat."""
    return Occurred(at=to_instant(moment), offset=-240, precision="min", zone="America/New_York")


def digests(database: ViewDatabase, views: Sequence[View] = VIEWS) -> dict[str, str]:
    """A digest of the rows that readers of each view see."""
    with database.reading() as connection:
        live = connection.execute("SELECT view, generation FROM view_position WHERE live = 1").fetchall()
        at = {row["view"]: row["generation"] for row in live}
        return {view.name: view.digest(connection, at[view.name]) for view in views}


def busy_day() -> House:
    """A session in which a little of everything happens."""
    house = House()
    house.open()
    house.hands_in("a")
    house.hands_in("b", container=OWN_B)
    house.opens()
    house.arrives("a")
    house.arrives("b")
    house.gives("a", "100")
    house.gives("b", "75", container=OWN_B)
    house.looks_at("a", 128, 80)
    house.looks_at("b", 146, 92, late=39)
    house.recorder.commit_heads()
    house.gives("a", "50", ordinal=2)
    house.declines("b")
    house.hands_over()
    house.lets_know("b", attendance=True, dosed=True)
    house.comes_to("recovery", ["b"])
    house.hands_back("a", "8.5")
    house.hands_back("b", "9.25", container=OWN_B)
    return house
