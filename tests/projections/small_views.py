"""A view of nothing but doses, with whatever fold a test wants to try."""

from __future__ import annotations

from ledger.events.dosing import DoseAdministered
from ledger.reading import PlacedEvent
from projections.runner import Runner
from projections.tables import ViewDatabase
from projections.view import Fold, Statement, Table, View, insert

DOSES = (Table("dose", "position INTEGER PRIMARY KEY, mg TEXT NOT NULL"),)


def a_view(fold: Fold, name: str = "doses", version: int = 1, reads: tuple[type, ...] = (DoseAdministered,)) -> View:
    return View(name, version, DOSES, reads, fold)


def dose_row(placed: PlacedEvent) -> list[Statement]:
    assert isinstance(placed.event, DoseAdministered)
    return [insert("dose", position=placed.position, mg=placed.event.mass.value)]


def rows_of(database: ViewDatabase, runner: Runner) -> list[tuple[int, str]]:
    at = next(at for at in runner.positions() if at.view == "doses")
    with database.reading() as connection:
        found = connection.execute(f'SELECT * FROM "doses__dose__{at.generation}" ORDER BY 1').fetchall()
    return [(row["position"], row["mg"]) for row in found]
