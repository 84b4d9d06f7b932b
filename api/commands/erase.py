"""`session-ledger erase`: what there is of a person and what stands against erasing it; with two keys, the act."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.commands.output import JsonFlag, out, plain, print_json, say
from api.commands.serve import ask_passphrase
from api.erasing import TwoPeople, finish_erasures, record_erasure, signed_erasure, signed_verdicts, unfinished
from api.folder import OpenLedger, SystemClock, open_ledger, open_recorder
from api.officer_acts import holders_of
from api.retention import read_retention
from ledger.encoding import to_instant
from ledger.erasure import PersonRecord, erasure_objections, person_record
from ledger.errors import Objection, Refused
from ledger.events.erasure import SECONDS
from ledger.events.fields import Gone
from ledger.events.people import ParticipantRegistered
from ledger.follow import place
from projections.compliance.keeping import resting_on


@dataclass(frozen=True, slots=True)
class _Asked:
    """A person, what there is of them, and what speaks against erasing it today."""

    record: PersonRecord
    objections: list[Objection]


def erase(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    person: Annotated[
        str | None, typer.Argument(help="person/…, or its first digits; without it, everybody is listed.")
    ] = None,
    privacy_key: Annotated[Path | None, typer.Option(help="The privacy officer's private key file.")] = None,
    second_key: Annotated[Path | None, typer.Option(help="The second person's private key file.")] = None,
    second_role: Annotated[str, typer.Option(help=f"Their role: {', '.join(SECONDS)}.")] = "security-officer",
    as_json: JsonFlag = False,
) -> None:
    """
    Erase a person: destroy the key under which everything sealed of them is kept. It cannot be undone.

    Without keys nothing is changed: it shows what would go, and what stands against it.
    It may be done while the ledger is being served. If it breaks off, run the same command again: it finishes.

    Example: session-ledger erase ./ledger 6b7c8d9e --privacy-key po.key --second-key so.key
    """
    opened = open_ledger(folder)
    try:
        if person is None:
            _show_everybody(opened, as_json=as_json)
            return
        name = _chosen(opened, person)
        asked = _asked(opened, name)
        if asked.record.erased_at is not None:
            _finish(opened, name, asked.record.erased_at, as_json=as_json)
        elif privacy_key is None and second_key is None:
            _show(asked, as_json=as_json)
        else:
            _act(opened, asked, privacy_key, second_key, second_role, as_json=as_json)
    finally:
        opened.store.close()


def _act(
    opened: OpenLedger, asked: _Asked, first: Path | None, second: Path | None, role: str, *, as_json: bool
) -> None:
    if first is None or second is None:
        raise Refused(
            "two-people",
            "Two people sign an erasure.",
            field="second_key" if second is None else "privacy_key",
            remedy="Give --privacy-key and --second-key, the key files of two people.",
        )
    if role not in SECONDS:
        raise Refused(
            "two-people",
            "The second person signs in another role.",
            field="second_role",
            remedy=f"One of {', '.join(SECONDS)}.",
        )
    privacy, other = holders_of([first, second], ask_passphrase, opened.pin.origin)
    clock = SystemClock()
    recorder = open_recorder(opened, clock, ask_passphrase)
    by = TwoPeople(privacy, other, role)
    submission = signed_erasure(
        asked.record,
        by,
        recorder,
        opened.pin.origin,
        clock.wall(),
        secrets.token_bytes,
    )
    now, terms = to_instant(clock.wall()), read_retention(opened.folder.policy)
    verdicts = resting_on(opened.store, opened.subject_keys, asked.record.person, now, terms)
    kept = signed_verdicts(verdicts, by, recorder, opened.pin.origin, clock.wall(), secrets.token_bytes)
    recorded = record_erasure(recorder, submission, kept)
    _finish(opened, asked.record.person, recorded.position, as_json=as_json)


def _finish(opened: OpenLedger, person: str, position: int, *, as_json: bool) -> None:
    finish_erasures(opened)
    if as_json:
        print_json({"person": person, "erased_at": position, "epoch": opened.subject_keys.epoch})
        return
    say(f"[bold]Erased[/] {plain(person)}, as recorded at position {position}.")
    say(f"  Epoch {opened.subject_keys.epoch} of the keys has begun.")
    say("  [yellow]Every older backup of subjects/ is useless now, for everybody: make a new one today.[/]")
    say("  Destroy what was printed, exported or copied of this person; see docs/privacy.md.")


def _asked(opened: OpenLedger, person: str) -> _Asked:
    record = person_record(opened.store, person)
    today = SystemClock().wall().date()
    return _Asked(record, erasure_objections(record, today, read_retention(opened.folder.policy)))


def _chosen(opened: OpenLedger, text: str) -> str:
    wanted = text if text.startswith("person/") else f"person/{text}"
    found = [each for each in opened.store.subjects() if each.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refused(
            "not-found", f"There is no participant {text}.", field="person", remedy="Look at the list of all."
        )
    raise Refused("ambiguous-code", f"Several people are meant by {text}.", field="person", remedy="Give more digits.")


def _show(asked: _Asked, *, as_json: bool) -> None:
    record = asked.record
    if as_json:
        print_json(
            {
                "person": record.person,
                "blocks": len(record.digests),
                "events": record.types,
                "sessions": list(record.sessions),
                "objections": [
                    {"rule": each.rule, "message": each.message, "evidence": list(each.evidence)}
                    for each in asked.objections
                ],
            }
        )
        return
    table = Table("Events", "Type", box=None, pad_edge=False)
    for kind, count in record.types.items():
        table.add_row(str(count), kind)
    say(f"[bold]{plain(record.person)}[/]: {len(record.digests)} sealed blocks would become unreadable, of")
    out.print(table)
    say(f"in {len(record.sessions)} sessions. Entries, signatures, doses in mg, times and staff stay.")
    _say_objections(asked.objections)


def _say_objections(objections: Sequence[Objection]) -> None:
    for each in objections:
        where = f" (positions {', '.join(map(str, each.evidence))})" if each.evidence else ""
        say(f"  [red]against it[/] {each.rule}: {plain(each.message)}{where}")
    if not objections:
        say("Nothing stands against it. Two people sign: --privacy-key FILE --second-key FILE.")


def _show_everybody(opened: OpenLedger, *, as_json: bool) -> None:
    found = []
    waiting = set(unfinished(opened.store, opened.subject_keys))
    erased = set(opened.store.erased())
    for subject in opened.store.subjects():
        if subject.startswith("person/"):
            state = "unfinished" if subject in waiting else "erased" if subject in erased else "kept"
            found.append({"person": subject, "name": _name(opened, subject), "state": state})
    if as_json:
        print_json(found)
        return
    table = Table("Person", "Name", "State", box=None, pad_edge=False)
    for each in found:
        table.add_row(each["person"], plain(each["name"]), each["state"])
    out.print(table)


def _name(opened: OpenLedger, person: str) -> str:
    for row in opened.store.stream_rows(person):
        event = place(opened.store, row, opened.subject_keys).event
        if isinstance(event, ParticipantRegistered):
            return event.name.why if isinstance(event.name, Gone) else event.name
    return ""
