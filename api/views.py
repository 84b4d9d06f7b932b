"""The read models of a ledger in a folder: opened, and taken up to the newest entry before anything is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.commands.output import progress
from api.folder import OpenLedger, open_ledger
from ledger.errors import Refused
from projections import VIEWS
from projections.runner import Runner
from projections.tables import ViewDatabase


@contextmanager
def fresh_views(root: Path) -> Iterator[ViewDatabase]:
    """
    The views of the ledger in a folder, up to date.

    Raises:
        Refused: `view-parked`, when a view stopped at an entry it cannot take in; what `open_ledger` raises.
    """
    ledger = open_ledger(root)
    try:
        database = up_to_date(ledger)
        try:
            yield database
        finally:
            database.close()
    finally:
        ledger.store.close()


def up_to_date(ledger: OpenLedger) -> ViewDatabase:
    """The views of an open ledger, after taking in all it has; raises as `fresh_views` does."""
    ledger.folder.views.touch(mode=0o600)  # what is opened for the views is for the ledger's owner only
    database = ViewDatabase(ledger.folder.views)
    runner = Runner(database, ledger.store, ledger.subject_keys, VIEWS)
    with progress("Reading the log", ledger.store.head().size) as bar:
        runner.catch_up(progress=lambda done, total: bar.update(bar.task_ids[0], completed=done, total=total))
    for at in runner.positions():
        if at.fault is not None:
            raise Refused(
                "view-parked",
                f"The view {at.view} stopped at position {at.fault.position}: {at.fault.message}",
                remedy="Run session-ledger verify; the log itself is not changed by this.",
            )
    return database
