"""
What the clinic's stock comes to: by lot, and by place.

Own medication is in no total: it belongs to two people whose milligrams are never added up.
Different products are never added up either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from projections.said import exact
from projections.stock_sheet import Sheet


@dataclass(frozen=True, slots=True)
class LotTotal:
    """All containers of one lot of one product: how many, and what they hold together."""

    product: str
    lot: str
    containers: tuple[str, ...]
    mg: str


@dataclass(frozen=True, slots=True)
class PlaceTotal:
    """What a location, or a session stock was given out to, holds of one product; `place` may be `under way`."""

    place: str
    code: str
    product: str
    containers: tuple[str, ...]
    mg: str


def lot_totals(sheets: Iterable[Sheet]) -> tuple[LotTotal, ...]:
    """The totals by product and lot."""
    held: dict[tuple[str, str], list[tuple[str, Fraction]]] = {}
    for sheet in _clinics(sheets):
        held.setdefault((sheet.product, sheet.lot), []).append((sheet.code, Fraction(sheet.balance_mg)))
    return tuple(
        LotTotal(product, lot, tuple(code for code, _ in parts), exact(sum((mg for _, mg in parts), Fraction(0))))
        for (product, lot), parts in sorted(held.items())
    )


def place_totals(sheets: Iterable[Sheet], code: Callable[[str], str]) -> tuple[PlaceTotal, ...]:
    """The totals by place and product."""
    held: dict[tuple[str, str], list[tuple[str, Fraction]]] = {}
    for sheet in _clinics(sheets):
        for place, mg in sheet.places:
            held.setdefault((place, sheet.product), []).append((sheet.code, Fraction(mg)))
    return tuple(
        PlaceTotal(
            place,
            code(place) if "/" in place else place,
            product,
            tuple(each for each, _ in parts),
            exact(sum((mg for _, mg in parts), Fraction(0))),
        )
        for (place, product), parts in sorted(held.items())
    )


def _clinics(sheets: Iterable[Sheet]) -> Iterable[Sheet]:
    return (sheet for sheet in sheets if sheet.world == "clinic")
