"""
The act of erasing a person, in an order in which a crash at any point leaves something that can be finished.

1. the erasure is recorded, signed by two people, and covered by a checkpoint; in front of it and in the same
   transaction what the rules last said, where that rests on what goes
2. the person's key is destroyed: a new epoch of keys begins without it
3. views make that person's rows again, readers let go of what they had opened
4. what was deleted is overwritten, and the write-ahead log of the views is emptied

From 1 on nothing more is sealed for that person. `finish_erasures` does 2 to 4 for whoever's record says that they
are erased, as often as it is called; a starting service and the command both begin with it.
The log's own files hold no value in clear, so nothing is done to them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.folder import OpenLedger
from api.identifiers import uuid4_from, uuid7_from
from api.officer_acts import KeyHolder
from ledger.absences import counted
from ledger.encoding import to_instant
from ledger.envelope import sign
from ledger.erasure import PersonRecord
from ledger.errors import Conflict
from ledger.events.base import Event
from ledger.events.erasure import SubjectErased
from ledger.events.kept_verdicts import RecordVerdictsKept, VerdictsKept
from ledger.events.sealing import take_apart
from ledger.payload import Attestation, Occurred, Payload, Seen
from ledger.record import Recorded, Recorder, Submission
from ledger.store.port import Store
from ledger.store.subject_keys import SubjectKeys
from ledger.vocabulary import Role
from projections import VIEWS
from projections.runner import Runner
from projections.tables import ViewDatabase

WAIT_SECONDS = 30.0
"""How long somebody who still reads old rows is waited for."""


@dataclass(frozen=True, slots=True)
class TwoPeople:
    """Who signs an erasure: the privacy officer, and a second person in one of the roles that may."""

    privacy: KeyHolder
    second: KeyHolder
    second_role: Role = "security-officer"


def signed_erasure(
    record: PersonRecord, by: TwoPeople, recorder: Recorder, origin: str, now: datetime, entropy: Callable[[int], bytes]
) -> Submission:
    """The erasure of exactly the blocks in this record, signed by two people."""
    event = SubjectErased(blocks=counted(record.digests))
    return signed_by_both(event, record.person, by, recorder, origin, now, entropy)


def signed_by_both(
    event: Event,
    stream: str,
    by: TwoPeople,
    recorder: Recorder,
    origin: str,
    now: datetime,
    entropy: Callable[[int], bytes],
) -> Submission:
    """An event without sealed fields on this record, as the two sign what destroys something."""
    checkpoint, at = recorder.checkpoint(), to_instant(now)
    payload = Payload(
        attested=(
            Attestation(by=by.privacy.owner, key=by.privacy.key.kid, meaning="authorised", role="privacy-officer"),
            Attestation(by=by.second.owner, key=by.second.key.kid, meaning="approved", role=by.second_role),
        ),
        blocks=(),
        body=take_apart(event, stream).body,
        device=None,
        id=uuid7_from(now, entropy(10)),
        ledger=origin,
        occurred=Occurred(at=at, offset=0, precision="s", zone="UTC"),
        recorded_at=at,
        seen=Seen(root=checkpoint.root.hex(), size=checkpoint.size),
        stream=stream,
        type=event.type,
    )
    return Submission(sign(payload, [by.privacy.key, by.second.key]).raw)


def record_erasure(recorder: Recorder, submission: Submission, kept: Sequence[Submission] = ()) -> Recorded:
    """Step 1, with the verdicts that are kept first; raises what `Recorder.record` raises, and changed nothing then."""
    return recorder.record([*kept, submission])[-1]


def signed_verdicts(
    verdicts: Sequence[VerdictsKept | RecordVerdictsKept],
    by: TwoPeople,
    recorder: Recorder,
    origin: str,
    now: datetime,
    entropy: Callable[[int], bytes],
) -> list[Submission]:
    """What was last judged, signed by the two who sign what follows, on a record of its own."""
    stream = f"governance/{uuid4_from(entropy(16))}"
    return [signed_by_both(each, stream, by, recorder, origin, now, entropy) for each in verdicts]


def unfinished(store: Store, subject_keys: SubjectKeys) -> list[str]:
    """Everybody whose record says that they are erased and whose key is still there."""
    return [person for person in store.erased() if subject_keys.key_of(person) is not None]


def destroy_keys(store: Store, subject_keys: SubjectKeys) -> list[str]:
    """Step 2, for everybody for whom it is still to be done, once a checkpoint covers step 1; who that was."""
    found = [person for person in unfinished(store, subject_keys) if _is_covered(store, person)]
    for person in found:
        subject_keys.destroy(person)
    return found


def _is_covered(store: Store, person: str) -> bool:
    rows = store.stream_rows(person)
    return any(row.type == SubjectErased.type_tag() and store.checkpoints(row.position + 1) for row in rows)


def finish_erasures(opened: OpenLedger, sleep: Callable[[float], None] = time.sleep) -> list[str]:
    """
    Steps 2 to 4, for everybody for whom they are still to be done; who lost their key by it.

    Raises:
        Conflict: `views-held`, when somebody kept old rows open all the time; run it again.
    """
    found = destroy_keys(opened.store, opened.subject_keys)
    if opened.folder.views.exists():
        database = ViewDatabase(opened.folder.views)
        try:
            let_views_go(database, Runner(database, opened.store, opened.subject_keys, VIEWS), sleep)
        finally:
            database.close()
    return found


def let_views_go(database: ViewDatabase, runner: Runner, sleep: Callable[[float], None] = time.sleep) -> None:
    """Steps 3 and 4; raises `views-held`."""
    runner.catch_up()
    waited = 0.0
    while not database.forget_deleted():
        if waited >= WAIT_SECONDS:
            raise Conflict(
                "views-held",
                "The key is destroyed, but somebody still reads old rows of the views: they are not overwritten yet.",
                remedy="Run the same command again; if it lasts, stop the service and run it then.",
            )
        sleep(0.1)
        waited += 0.1
