"""
Participants' own medication: the sheets of their containers, to the fraction of a lozenge.

    handed in    10                      balance 10     1000 mg
    dose         100 mg    1             balance 9       900 mg
    dose          50 mg    0.5           balance 8.5     850 mg
    handed back   8.5      expected 8.5  difference 0    balance 0

After a count the balance is what nobody can account for: expected less counted.
A container that nobody handed in or received is among them, so that a dose from it is seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from projections.names import not_found
from projections.snapshot import NOW, AsOf
from projections.stock_balances import balances
from projections.stock_balances import container as any_container
from projections.stock_sheet import Sheet
from projections.tables import ViewDatabase

Container = Sheet


@dataclass(frozen=True, slots=True)
class ContainerList:
    """Containers by code, computed at a log position."""

    position: int
    session: str | None
    containers: tuple[Container, ...]


def container(database: ViewDatabase, name: str, *, for_partner: str | None = None, as_of: AsOf = NOW) -> Container:
    """
    The sheet of one container that is not the clinic's, by code or identifier.

    Raises:
        Refused: `not-found`, `ambiguous-code`, `unknown-viewer`, and what `snapshot` raises.
    """
    found = any_container(database, name, for_partner=for_partner, as_of=as_of)
    if found.world == "clinic":
        raise not_found("container of own medication", name)
    return _without_preparing(found)


def containers(
    database: ViewDatabase, *, session: str | None = None, for_partner: str | None = None, as_of: AsOf = NOW
) -> ContainerList:
    """
    The sheets of all such containers, or of those that moved in a session; for a partner, of their own there.

    Raises:
        Refused: `not-found`, when there is no such session; `couple-needed`, `unknown-viewer`, and what `snapshot`
            raises.
    """
    found = balances(database, session=session, for_partner=for_partner, as_of=as_of)
    own = tuple(_without_preparing(each) for each in found.containers if each.world != "clinic")
    return ContainerList(found.position, session, own)


def _without_preparing(sheet: Container) -> Container:
    """What was taken out for a dose moves nothing, and the dose says the same again."""
    return replace(sheet, movements=tuple(each for each in sheet.movements if each.kind != "prepared"))
