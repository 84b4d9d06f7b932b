"""
The sheet of one container: every fact, what it moved, and the balance after it, to the last decimal.

    received     500 mg   10 mL              balance 500 mg   10 mL
    prepared      40 mg    0.8 mL            balance 500 mg   10 mL     (drawing up moves nothing)
    dose          40 mg    0.8 mL            balance 460 mg    9.2 mL
    wasted         5 mg    0.1 mL            balance 455 mg    9.1 mL
    counted      455 mg    9.1 mL            difference 0

A dose takes mg / strength units; 100 mg of 300 mg lozenges is 1/3, and three of them leave nothing behind.
What is odd is said beside the movement and changes no number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ledger.container import ZERO, tolerance
from ledger.container import Container as State
from ledger.events.inventory import StockReceived
from ledger.events.stock import OwnMedicationCheckedIn
from ledger.impossible import Oddity, oddities, unaccounted
from ledger.stock import Moved
from projections.marks import Mark
from projections.said import exact, local_moment

UNKNOWN = "unknown"
NOT_YOURS = "not-yours"


@dataclass(frozen=True, slots=True)
class Movement:
    """
    One fact and the balance after it; amounts are exact decimals, or fractions such as `17/3`.

    `units` and `balance_units` are mL of a liquid, else lozenges, sprays or devices; `change` is by how many the
    balance moved, with its sign. They and the balances are `unknown` while nobody recorded how the container came.
    `expected` and `difference` (counted less expected) are empty unless something was counted or handed over.
    `marks` are what is odd with its positions, `oddities` their words; `lacks` the signatures still missing.
    One that does not count any more (`counts`) moves nothing; `standing` are the marks that say why.
    `late` is how late it was written and received.
    """

    at: str
    local: str
    kind: str
    slot: str
    session: str
    units: str
    mg: str
    change: str
    change_mg: str
    balance_units: str
    balance_mg: str
    expected: str
    expected_mg: str
    difference: str
    difference_mg: str
    tolerance_mg: str
    oddities: tuple[str, ...]
    marks: tuple[Oddity, ...]
    lacks: tuple[str, ...]
    evidence: tuple[int, ...]
    counts: bool = True
    standing: tuple[Mark, ...] = ()
    late: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sums:
    """Where all mg went that ever came: `came` + `differences` = all the others together, to the last decimal."""

    came: str
    differences: str
    given: str
    wasted: str
    handed_back: str
    destroyed: str
    sent_back: str
    left_over: str
    balance: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    One container as of a log position.

    `world` is own, clinic or unknown, `owner_slot` a, b, unknown, or none for the clinic's own; `unit` is what
    `strength_mg` is the strength of. `places` are the mg by location or session, `unaccounted` what was drawn up
    or taken in part and is still about.
    """

    position: int
    container: str
    code: str
    world: str
    owner_slot: str
    owners_session: str
    product: str
    lot: str
    expires: str
    use_by: str
    unit: str
    strength_mg: str
    balance_units: str
    balance_mg: str
    places: tuple[tuple[str, str], ...]
    sums: Sums
    unaccounted: tuple[Oddity, ...]
    movements: tuple[Movement, ...]

    @property
    def oddities(self) -> tuple[str, ...]:
        """All that is odd, once each."""
        return tuple(dict.fromkeys(oddity for movement in self.movements for oddity in movement.oddities))


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as it counts, or with `counts` false as it was signed, and what is known about the entry beside it."""

    moved: Moved
    counts: bool
    standing: tuple[Mark, ...]
    lacks: tuple[str, ...]
    late: tuple[str, ...] = ()


def made_sheet(position: int, code: str, state: State, facts: Sequence[Fact]) -> Sheet:
    """The sheet of a container from its replayed facts."""
    arrival = state.arrival
    event = arrival.event if arrival else None
    product, lot, expires = UNKNOWN, UNKNOWN, ""
    if isinstance(event, OwnMedicationCheckedIn):
        product, lot, expires = f"{event.drug} {event.form}", ", ".join(event.lots), event.expires or ""
    elif isinstance(event, StockReceived):
        product, lot, expires = f"{event.product} {event.form}", event.lot, event.expires
    known = arrival is not None
    return Sheet(
        position=position,
        container=state.id,
        code=code,
        world=state.world,
        owner_slot="none" if state.world == "clinic" else state.owner,
        owners_session=state.owners_session,
        product=product,
        lot=lot,
        expires=expires,
        use_by=state.use_by or "",
        unit="mL" if state.is_liquid else "unit",
        strength_mg=_amount(state.per),
        balance_units=_many(state, state.balance),
        balance_mg=exact(state.balance) if known else UNKNOWN,
        places=tuple((place, exact(held)) for place, held in state.places.items() if place),
        sums=Sums(
            came=exact(state.came),
            differences=exact(state.differences),
            given=exact(state.given),
            wasted=exact(state.wasted),
            handed_back=exact(state.handed_back),
            destroyed=exact(state.destroyed),
            sent_back=exact(state.sent_back),
            left_over=exact(state.left_over),
            balance=exact(state.balance),
        ),
        unaccounted=unaccounted(state, tuple(fact.moved for fact in facts if fact.counts)),
        movements=tuple(map(_movement, facts)),
    )


def _movement(fact: Fact) -> Movement:
    moved = fact.moved
    state, payload = moved.after, moved.placed.payload
    known = state.arrival is not None
    change = moved.after.balance - moved.before.balance
    marks = oddities(moved) if fact.counts else ()
    return Movement(
        at=payload.occurred.at,
        local=local_moment(payload.occurred),
        kind=moved.kind,
        slot=moved.slot,
        session=moved.session,
        units="" if moved.mg is None else _many(state, moved.mg),
        mg="" if moved.mg is None else exact(moved.mg),
        change=_many(state, change),
        change_mg=exact(change),
        balance_units=_many(state, state.balance),
        balance_mg=exact(state.balance) if known else UNKNOWN,
        expected="" if moved.expected is None else _many(state, moved.expected),
        expected_mg="" if moved.expected is None else exact(moved.expected),
        difference="" if moved.difference is None else _many(state, moved.difference),
        difference_mg="" if moved.difference is None else exact(moved.difference),
        tolerance_mg=exact(tolerance(moved.before)) if moved.kind == "counted" else "",
        oddities=tuple(each.words for each in marks),
        marks=marks,
        lacks=fact.lacks,
        evidence=(moved.placed.position,),
        counts=fact.counts,
        standing=fact.standing,
        late=fact.late,
    )


def _many(state: State, mg: Fraction) -> str:
    """As many units or mL as these mg are; no amount is no units, whatever the strength."""
    if state.arrival is None:
        return UNKNOWN
    return "0" if mg == ZERO else _amount(None if not state.per else mg / state.per)


def _amount(amount: Fraction | None) -> str:
    return UNKNOWN if amount is None else exact(amount)


def partners_copy(sheet: Sheet, couples: Mapping[str, str]) -> Sheet:
    """
    The sheet for its owner alone: that somebody else took something is said, and nothing of who or when.

    Whose the container is, and so who may have this copy, is asked before.
    """
    own = couples.get(sheet.owners_session, "")
    theirs = [
        each.slot not in ("", UNKNOWN, sheet.owner_slot) or (each.session and couples.get(each.session, "") != own)
        for each in sheet.movements
    ]
    movements = tuple(
        _blank(each) if other else replace(each, standing=_for(sheet.owner_slot, each.standing))
        for each, other in zip(sheet.movements, theirs, strict=True)
    )
    return replace(sheet, movements=movements, unaccounted=() if any(theirs) else sheet.unaccounted)


def _for(slot: str, marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    return tuple(mark for mark in marks if mark.audience in ("all", slot))


def _blank(movement: Movement) -> Movement:
    return replace(
        movement,
        at="",
        local="",
        kind=NOT_YOURS,
        slot="",
        session="",
        oddities=("taken by somebody else",),
        marks=(),
        lacks=(),
        evidence=(),
        standing=(),
        late=(),
    )
