"""
All that a ledger says about its sessions, as bytes: the same for the same history, in whatever process it is asked.

    python -m tests.whole.state < steps.json      records the steps anew and prints the state they come to
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import is_dataclass
from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from ledger.effective import effective
from ledger.encoding import from_instant
from ledger.record import Submission
from ledger.session import Session, replay
from ledger.stock import replay as replay_stock
from ledger.stock_facts import by_container
from projections import VIEWS
from projections.compliance.reader import Compliance
from projections.couple_history import couple_history
from projections.runner import Runner
from projections.session_timeline import timeline
from projections.stock_balances import balances
from projections.tables import ViewDatabase
from tests.ledger.events.example_making import COUPLE
from tests.ledger.events.founded import House
from tests.projections.house import digests
from tests.whole.days import SESSIONS, Days, Step


def views_of(house: House, batch: int = 500) -> ViewDatabase:
    """Views that have read everything."""
    database = ViewDatabase(None)
    Runner(database, house.store, house.subject_keys, VIEWS, batch=batch).catch_up()
    return database


def copies(database: ViewDatabase, viewer: str | None) -> list[Any]:
    """What one viewer is shown: both sessions, the couple, the containers."""
    return [
        *(timeline(database, session, for_partner=viewer) for session in SESSIONS),
        couple_history(database, COUPLE, for_partner=viewer),
        *(balances(database, session=session, for_partner=viewer) for session in SESSIONS),
    ]


def state_of(house: House) -> bytes:
    """Root, sessions, containers, the rows of every view, what the rules find, and what each viewer is shown."""
    from ledger.follow import events_from  # beside its one use

    entries = list(events_from(house.store, house.subject_keys, 0, 100_000))
    couples = dict.fromkeys(SESSIONS, COUPLE)
    containers = by_container(effective(entries))
    database = views_of(house)
    said = {
        "root": house.store.head().root.hex(),
        "sessions": {each: as_plain(fold(entries, each)) for each in SESSIONS},
        "containers": {
            name: [as_plain(moved.after.places) for moved in replay_stock(name, facts, couples)[1]]
            for name, facts in containers.items()
        },
        "views": digests(database),
        "found": as_plain(Compliance(house.store, house.subject_keys).findings(as_of=entries[-1].received_at)),
        "shown": {str(viewer): as_plain(copies(database, viewer)) for viewer in (None, "a", "b")},
    }
    return json.dumps(said, indent=0, sort_keys=True).encode()


def fold(entries: Sequence[Any], session: str) -> Session:
    """A session folded from all of its entries at once."""
    records = (session, f"{session}/a", f"{session}/b")
    return replay(session, [each for each in entries if each.stream in records])


def as_plain(value: object) -> Any:
    """As JSON holds it; sets in order, so that two spellings of one state are one."""
    match value:
        case BaseModel():
            return as_plain(value.model_dump())
        case _ if is_dataclass(value) and not isinstance(value, type):
            return as_plain({name: getattr(value, name) for name in asdict_names(value)})
        case dict():
            return {str(name): as_plain(each) for name, each in value.items()}
        case AbstractSet():
            return sorted(map(str, value))
        case tuple() | list():
            return [as_plain(each) for each in value]
        case Fraction():
            return str(value)
        case None | bool() | int() | str():
            return value
        case _:
            return str(value)


def asdict_names(value: Any) -> list[str]:
    """The members of a value that make it what it is; a session's own history of entries is not one."""
    return [each.name for each in value.__dataclass_fields__.values() if each.compare]


def as_text(days: Days) -> str:
    """The steps of some days, for another process."""
    return json.dumps([[step.at, step.submission.envelope.hex(), list(step.submission.blocks)] for step in days.steps])


def again(text: str) -> House:
    """The same steps at the same times, in a ledger of its own."""
    house = House().founded()
    for at, envelope, blocks in json.loads(text):
        step = Step(at, Submission(bytes.fromhex(envelope), tuple(blocks)))
        house.clock.now = from_instant(step.at)
        house.recorder.record([step.submission])
    return house


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.buffer.write(state_of(again(line)) + b"\n\n")
