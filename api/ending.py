"""
The act of ending a retention, in an order in which a crash at any point leaves something that can be finished.

1. the end is recorded with its list, signed by two people, and covered by a checkpoint; in front of it and in the
   same transaction what the rules last said, and what doses took out of containers that are still kept
2. the envelopes, and the sealed blocks of their events, are emptied in the rows
3. a new epoch of keys begins, so that every process lets go of what it had opened or computed
4. the file of the log is written anew and its write-ahead log emptied, until nothing of the bytes is in any file
5. views make the rows of those entries again, with *expired* in place of all they said

`finish_endings` does 2 to 5 for whatever is recorded and not done, as often as it is called; a starting service,
one that runs, and the command all do so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeAlias

from api.erasing import WAIT_SECONDS, TwoPeople, let_views_go, signed_by_both
from api.folder import OpenLedger
from api.identifiers import uuid4_from
from ledger.errors import Conflict
from ledger.events.erasure import RetentionEnded
from ledger.kept_amounts import Amounts
from ledger.record import Recorder, Submission
from ledger.retention import RetentionPlan
from ledger.store.port import Store
from ledger.store.subject_keys import FolderSubjectKeys
from projections import VIEWS
from projections.runner import Runner
from projections.tables import ViewDatabase

Entropy: TypeAlias = Callable[[int], bytes]


def signed_ending(
    plan: RetentionPlan, by: TwoPeople, recorder: Recorder, origin: str, now: datetime, entropy: Entropy
) -> Submission:
    """The end of retention of exactly what can end by this plan, signed by two people, on a record of its own."""
    event = RetentionEnded(envelopes=plan.envelopes)
    stream = f"governance/{uuid4_from(entropy(16))}"
    return signed_by_both(event, stream, by, recorder, origin, now, entropy)


def signed_amounts(
    amounts: Sequence[Amounts], by: TwoPeople, recorder: Recorder, origin: str, now: datetime, entropy: Entropy
) -> list[Submission]:
    """What the doses of these sessions took out of containers that stay, each on the record of its container."""
    return [signed_by_both(event, container, by, recorder, origin, now, entropy) for container, event in amounts]


def unfinished_endings(store: Store) -> list[int]:
    """The ends of retention that are recorded, and of which something may still lie in a file."""
    return [ending.under for ending in store.endings() if not ending.forgotten]


def remove_ended(store: Store, subject_keys: FolderSubjectKeys) -> bool:
    """
    Steps 2 to 4, as far as a checkpoint covers step 1; whether there was anything to do.

    Where somebody reads older rows meanwhile, step 4 is left for the next time.
    """
    waiting = [ending for ending in store.endings() if not ending.forgotten and store.checkpoints(ending.under + 1)]
    for ending in waiting:
        if not ending.removed:
            store.remove_ended(ending.under)
    if waiting:
        subject_keys.new_epoch()
        store.forget_removed()
    return bool(waiting)


def finish_endings(opened: OpenLedger, sleep: Callable[[float], None] = time.sleep) -> list[int]:
    """
    Steps 2 to 5, for everything for which they are still to be done; the positions of those ends of retention.

    Raises:
        Conflict: `rows-held` or `views-held`, when somebody kept old rows open all the time; run it again.
    """
    found, waited = unfinished_endings(opened.store), 0.0
    while remove_ended(opened.store, opened.subject_keys) and unfinished_endings(opened.store):
        if waited >= WAIT_SECONDS:
            raise Conflict(
                "rows-held",
                "The envelopes are removed, but somebody still reads older rows: their bytes are still in a file.",
                remedy="Run the same command again; if it lasts, stop the service and run it then.",
            )
        sleep(1.0)
        waited += 1.0
    if opened.folder.views.exists():
        database = ViewDatabase(opened.folder.views)
        try:
            let_views_go(database, Runner(database, opened.store, opened.subject_keys, VIEWS), sleep)
        finally:
            database.close()
    return found
