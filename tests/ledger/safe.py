"""The words of the tests about stock: what happens to a vial, a bottle and the doses from them, in few words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ledger.container import Container
from ledger.effective import effective
from ledger.reading import PlacedEvent
from ledger.stock import Moved, replay
from ledger.stock_facts import by_container
from tests.ledger.chart import Chart, mg, reference
from tests.ledger.clinic import MD1, OWN_A, PLACE, RN1, SESSION, SLOT_A, SLOT_B, blank, dose, make, uuid

VIAL, BOX = f"stock/{uuid(77)}", f"stock/{uuid(78)}"
RETREAT = f"location/{uuid(23)}"
OTHER = f"session/{uuid(32)}"
COUPLES = {SESSION: f"couple/{uuid(21)}", OTHER: f"couple/{uuid(29)}"}
CUSTODIAN = (RN1, "received", "custodian")
RECORD = {"a": SLOT_A, "b": SLOT_B}


def local(clock: str) -> datetime:
    """`06-13 09:55` on the wall of the clinic, in 2026; its clock is four hours behind UTC."""
    return datetime.strptime(f"2026-{clock} -0400", "%Y-%m-%d %H:%M %z").astimezone(UTC)


class Safe(Chart):
    """A chart of stock facts; every word takes when it happened, or it happens a minute after the last."""

    def received(self, container: str = VIAL, amount: str = "500", **given: Any) -> PlacedEvent:
        """Ten mL of 50 mg/mL from a supplier, unless said otherwise."""
        at = given.pop("at", None)
        fields = blank("stock-received/1") | {
            "amount": mg(amount),
            "code": "V-77",
            "concentration": "50",
            "drug": "ketamine",
            "expires": "2027-01-31",
            "form": "solution",
            "invoice": "I-1",
            "invoice_date": "2026-06-08",
            "location": PLACE,
            "lot": "LOT-9",
            "product": "ketamine-50",
            "supplier": "Test Supply",
            "supplier_address": "1 Test Road",
            "supplier_dea": "RT0000001",
            "volume": None,
        }
        return self.put(make("stock-received/1", **(fields | given)), container, CUSTODIAN, at=at)

    def hands_in(
        self, count: str = "10", strength: str = "100", container: str = OWN_A, slot: str = "a", **given: Any
    ) -> PlacedEvent:
        """A partner's own bottle."""
        at, session = given.pop("at", None), given.pop("session", SESSION)
        fields = {
            "code": f"own-{slot.upper()}",
            "count": count,
            "drug": "ketamine",
            "expires": None,
            "form": "lozenge",
            "lots": [],
            "photo": None,
            "session": session,
            "strength": mg(strength),
            "owner": f"person/{uuid(11)}",
            "pharmacy": "Test Pharmacy",
            "prescription": "Rx 1",
        }
        event = make("own-medication-checked-in/1", **(fields | given))
        return self.put(event, container, (f"{session}/{slot}", "relinquished", "participant"), CUSTODIAN, at=at)

    def hands_back(
        self, count: str, container: str = OWN_A, slot: str = "a", at: datetime | None = None
    ) -> PlacedEvent:
        """What is left of it is counted out."""
        event = make(
            "own-medication-checked-out/1", count=count, photo=None, session=SESSION, owner=f"person/{uuid(11)}"
        )
        return self.put(event, container, (RECORD[slot], "received", "participant"), at=at)

    def gives(
        self, amount: str, container: str = VIAL, slot: str = "a", at: datetime | None = None, **given: Any
    ) -> PlacedEvent:
        """A dose."""
        session = given.pop("session", SESSION)
        fields = {"container": container, "route": "intramuscular", "hold_min": None, "swallowed": None} | given
        return self.put(dose(amount, **fields), f"{session}/{slot}", at=at)

    def draws(
        self, amount: str, label: str, container: str = VIAL, slot: str = "a", at: datetime | None = None, **given: Any
    ) -> PlacedEvent:
        """A dose is drawn up."""
        fields = blank("dose-prepared/1") | {
            "container": container,
            "count_checked": False,
            "drawn_from_vial": True,
            "label": label,
            "mass": mg(amount),
        }
        return self.put(make("dose-prepared/1", **(fields | given)), RECORD[slot], at=at)

    def takes_in_part(self, given: PlacedEvent | None, taken: str, at: datetime | None = None) -> PlacedEvent:
        """Less of a dose went in."""
        fields = blank("dose-interrupted/1") | {
            "dose": None if given is None else reference(given),
            "mass_taken": mg(taken),
            "stopped_by": "staff",
        }
        return self.put(make("dose-interrupted/1", **fields), given.stream if given else SLOT_A, at=at)

    def wastes(self, amount: str, container: str = VIAL, at: datetime | None = None, **given: Any) -> PlacedEvent:
        """Drug is made unusable."""
        fields = blank("wastage-recorded/1") | {
            "mass": mg(amount),
            "method": "denatured",
            "reason": "partial-dose",
            "session": SESSION,
        }
        who = given.pop("who", ((RN1, "performed", "nurse"), (MD1, "witnessed", "prescriber")))
        return self.put(make("wastage-recorded/1", **(fields | given)), container, *who, at=at)

    def wastes_of(
        self, dose: PlacedEvent | None, amount: str, container: str = VIAL, at: datetime | None = None, **given: Any
    ) -> PlacedEvent:
        """Drug is made unusable, and it is said of which dose it is left over."""
        fields = blank("wastage-recorded/2") | {
            "dose": None if dose is None else reference(dose),
            "mass": mg(amount),
            "method": "denatured",
            "reason": "partial-dose",
            "session": SESSION,
        }
        who = ((RN1, "performed", "nurse"), (MD1, "witnessed", "prescriber"))
        return self.put(make("wastage-recorded/2", **(fields | given)), container, *who, at=at)

    def breaks_off(
        self, taken: str, container: str = VIAL, slot: str = "a", at: datetime | None = None, **given: Any
    ) -> PlacedEvent:
        """A dose ended before anybody had recorded one: so much went in."""
        fields = blank("dose-interrupted/2") | {
            "container": container,
            "mass_taken": mg(taken),
            "route": "intramuscular",
            "stopped_by": "staff",
        }
        return self.put(make("dose-interrupted/2", **(fields | given)), RECORD[slot], at=at)

    def counts(
        self, *found: tuple[str, str], kind: str = "shift", at: datetime | None = None, place: str = PLACE, **part: Any
    ) -> PlacedEvent:
        """Two people count: a container, and the mg found in it."""
        containers = [
            {
                "amount": mg(amount),
                "container": container,
                "expected": None,
                "units": None,
                "volume": None,
                "weighed": False,
            }
            | part
            for container, amount in found
        ]
        event = make("inventory-counted/1", business="close", containers=containers, kind=kind, part=1, parts=1)
        return self.put(event, place, at=at)

    def own_counted(self, count: str, container: str = OWN_A) -> PlacedEvent:
        """An own bottle is counted in between."""
        event = make("own-medication-counted/1", count=count, photo=None, session=SESSION, owner=f"person/{uuid(11)}")
        return self.put(event, container)

    def opens(self, container: str = VIAL, at: datetime | None = None, use_by: str | None = None) -> PlacedEvent:
        """A container is opened."""
        return self.put(make("container-opened/1", seal=None, use_by=use_by), container, at=at)

    def moves(
        self, tag: str, amount: str, container: str = VIAL, at: datetime | None = None, **given: Any
    ) -> PlacedEvent:
        """It is given out, returned, taken to another place, destroyed or sent back."""
        fields = blank(tag) | _MOVES[tag] | given
        return self.put(make(tag, **(fields | {"amount": mg(amount)})), container, CUSTODIAN, at=at)

    def resolves(self, balance: str, container: str = VIAL, at: datetime | None = None) -> PlacedEvent:
        """A discrepancy is closed: this is what it holds from now on."""
        fields = blank("discrepancy-resolved/1") | {
            "balance": mg(balance),
            "discrepancy": {"dig": "0" * 64, "id": f"00000000-0000-7000-8000-{0:012d}"},
            "outcome": "written-off",
        }
        return self.put(make("discrepancy-resolved/1", **fields), container, at=at)

    def recalls(self, container: str = VIAL) -> PlacedEvent:
        """Its lot is recalled."""
        event = make(
            "recall-notice-applied/1",
            action="set-apart",
            issued="2026-05-01",
            lot="LOT-9",
            notice="N-1",
            source="Test Authority",
        )
        return self.put(event, container)

    def sheet(self, container: str = VIAL) -> tuple[Container, tuple[Moved, ...]]:
        """The state and the steps of a container, of what counts."""
        return replay(container, by_container(effective(self.placed)).get(container, []), COUPLES)


_MOVES: dict[str, dict[str, Any]] = {
    "stock-dispensed-to-session/1": {"session": SESSION, "to": RN1},
    "stock-returned-from-session/1": {"session": SESSION, "to": RN1},
    "custody-transferred/1": {
        "arrived_at": None,
        "departed_at": "2026-05-15T13:00:00.000000Z",
        "from_location": PLACE,
        "to_location": RETREAT,
    },
    "inventory-destroyed/1": {"form": "41", "method": "incineration"},
    "returned-to-reverse-distributor/1": {
        "distributor": "Test Distributor",
        "distributor_dea": "RD0000001",
        "form": "222",
    },
}
