"""
Holds: a dose that waits, and a dose that ends before it is whole.

Holding is no refusal: it is what a careful monitor does, and its reason belongs to one partner alone.
What was actually taken is open, because a substance audit asks for it; the container still lost the whole dose.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.base import GIVERS, MONITORS, NOTHING, Critical, Event, Reference, Signer, StockId
from ledger.events.fields import Clinical, Open, Sensitive
from ledger.events.measures import Amount, Units, Volume
from ledger.events.words import Code, FreeText, Moment, Several
from ledger.payload import Word
from ledger.vocabulary import Role, Route, StreamKind

HoldReason: TypeAlias = Literal[
    "blood-pressure",
    "heart-rate",
    "oxygen-saturation",
    "medicines",
    "intoxication",
    "not-fasted",
    "consent",
    "suicidality",
    "pregnancy",
    "transport",
    "staffing",
    "equipment",
    "partner",
    "other",
]
"""Why a dose waits."""

_DECIDERS: tuple[Role, ...] = (*GIVERS, "medical-director")


class DoseHeld(Event):
    """
    A dose is not given for now; `recheck_at` is when it is looked at again, null when it was not said.

    `reading` is the entry of the value it rests on, if there is one.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["dose-held/1"] = "dose-held/1"
    reading: Open[Reference | None]
    recheck_at: Clinical[Moment | None]
    note: Sensitive[FreeText | None]
    prescriber_informed: Sensitive[bool]
    reasons: Sensitive[Several[HoldReason]]


class HoldReleased(Event):
    """
    A hold ended, and what was decided; a prescriber's decision has a reason.

    *No dose today* ends it too: nothing waits any more.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("approved", roles=_DECIDERS),)
    CRITICAL: ClassVar[Critical] = frozenset({"decision"})

    type: Literal["hold-released/1"] = "hold-released/1"
    held: Open[Reference | None]
    decision: Sensitive[Literal["give", "give-less", "no-dose-today"]]
    reason: Sensitive[FreeText | None]


class _Shortened(Event):
    """A dose of which less went in than was given; what is left over is wasted by an entry of its own."""

    mass_taken: Open[Amount]
    units_taken: Open[Units | None]
    volume_taken: Open[Volume | None]


class DoseInterrupted(_Shortened):
    """
    Somebody stopped a dose while it was being given: an infusion, a series of sprays, a lozenge taken out.

    `mass_taken` is all that went in, which may be nothing; `dose` is null when none was recorded as given.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=GIVERS),)
    CRITICAL: ClassVar[Critical] = frozenset({"mass_taken", "units_taken", "volume_taken"})

    type: Literal["dose-interrupted/1"] = "dose-interrupted/1"
    dose: Open[Reference | None]
    reason: Sensitive[Word | None]
    stopped_by: Sensitive[Literal["participant", "staff", "equipment"]]


class DoseInterrupted2(_Shortened):
    """
    As `dose-interrupted/1`, and it names what the dose came out of: it counts also where nobody recorded one as given.

    `container` lost `mass_taken` when `dose` is null, and the whole dose when it is not.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=GIVERS),)
    CRITICAL: ClassVar[Critical] = frozenset({"container", "mass_taken", "units_taken", "volume_taken"})

    type: Literal["dose-interrupted/2"] = "dose-interrupted/2"
    container: Open[StockId]
    dose: Open[Reference | None]
    label: Open[Code | None]
    route: Open[Route]
    reason: Sensitive[Word | None]
    stopped_by: Sensitive[Literal["participant", "staff", "equipment"]]


class DosePartiallyTaken(_Shortened):
    """
    A partner took only a part of a dose and left or spat out the rest.

    Below an order is no breach. How much it was is an estimate when `estimated` says so.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=GIVERS),)
    CRITICAL: ClassVar[Critical] = frozenset({"mass_taken", "units_taken", "volume_taken"})

    type: Literal["dose-partially-taken/1"] = "dose-partially-taken/1"
    dose: Open[Reference]
    estimated: Open[bool]
    reason: Sensitive[Word | None]


class DosesConfirmedDistinct(Event):
    """These records that look like one dose written down twice are so many doses: somebody who knows says so."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("performed", roles=GIVERS),
        Signer("verified", roles=MONITORS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"doses"})

    type: Literal["doses-confirmed-distinct/1"] = "doses-confirmed-distinct/1"
    doses: Open[Several[Reference]]

    def asks(self, signer: Signer) -> bool | None:  # noqa: ARG002  # there is one that may come later
        """A second person is welcome and not asked for."""
        return False


HoldEvent: TypeAlias = (
    DoseHeld | HoldReleased | DoseInterrupted | DoseInterrupted2 | DosePartiallyTaken | DosesConfirmedDistinct
)
"""A dose that waits, or was not whole."""
