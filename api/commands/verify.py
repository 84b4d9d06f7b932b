"""`session-ledger verify`: the whole ledger checked from its bytes, with plain answers."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from api.commands.output import EXIT_DISPUTED, EXIT_INVALID, JsonFlag, err, plain, print_json, progress, say
from api.commands.own_word import own_word
from api.commands.report import report_as_json, show_report
from api.ending import unfinished_endings
from api.erasing import unfinished
from api.folder import Folder, read_pin, signed_head
from api.integrity import record_of, result_of
from api.web.one_writer import only_writer
from ledger.audit import LogRow, Pin, audit
from ledger.audit_report import AuditReport
from ledger.confirmations import with_confirmations
from ledger.crew import Crew
from ledger.erasure import kept_lists
from ledger.errors import Invalid, LedgerError, Refused
from ledger.evidence import Log
from ledger.follow import key_history, log_rows
from ledger.log_keys import LogKey, open_covering
from ledger.practice import check_note
from ledger.represented import with_representation
from ledger.store.sqlite import SQLiteStore, open_for_audit
from ledger.store.sqlite_connections import any_open
from ledger.store.subject_keys import FolderSubjectKeys
from ledger.stored_log import StoredLog, covered_moment
from ledger.tlog.checkpoint import Checkpoint


def verify(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    checkpoint: Annotated[
        Path | None, typer.Option(help="A checkpoint you kept from before; the ledger must still contain it.")
    ] = None,
    pin: Annotated[
        Path | None, typer.Option(help="The ledger.json you were given, instead of the one in the folder.")
    ] = None,
    without_keys: Annotated[
        bool, typer.Option("--without-keys", help="Open no sealed block; all that was signed is checked all the same.")
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=256, help="Processes that examine rows at once; as many as there are cores."),
    ] = None,
    record: Annotated[
        bool, typer.Option("--record", help="Record the result in the ledger, signed with the service's own key.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """
    Verify a ledger from its bytes: signatures, order, completeness, keys, content. Nothing is changed.

    With --record the result becomes an entry of the ledger, whatever it is; a ledger that is served records its own.

    Ends with 0 if all holds, 20 if events of suspected or revoked keys are in it, 40 if something does not hold;
    then the first position that cannot be believed is named.

    Example: session-ledger verify ./demo-ledger --checkpoint kept-in-march.checkpoint
    """
    recorded: int | None = None
    with only_writer(folder) if record else nullcontext():
        report = verify_folder(folder, checkpoint=checkpoint, pin_file=pin, without_keys=without_keys, workers=workers)
        if record:
            recorded = record_result(folder, report)
    waiting, ending = ([] if without_keys else _unfinished(folder)), _unfinished_ends(folder)
    if as_json:
        unfinished_acts = {"unfinished_erasures": waiting, "unfinished_endings": ending}
        print_json(report_as_json(report) | {"recorded": recorded, **unfinished_acts})
    else:
        show_report(report)
    if recorded is not None and not as_json:
        say(f"  recorded at position {recorded}, signed by the service")
    if waiting and not as_json:
        say(f"  [yellow]recorded and not finished[/]: the erasure of {', '.join(map(plain, waiting))}")
        say("  What to do: session-ledger erase FOLDER PERSON, once more.")
    if ending and not as_json:
        at = ", ".join(map(str, ending))
        say(f"  [yellow]recorded and not finished[/]: the end of retention at {at}; its bytes may still lie in a file")
        say("  What to do: session-ledger retention FOLDER, once more.")
    if not report.holds:
        raise typer.Exit(EXIT_INVALID)
    if report.disputed or report.quarantined:
        raise typer.Exit(EXIT_DISPUTED)


def verify_folder(
    root: Path,
    *,
    checkpoint: Path | None = None,
    pin_file: Path | None = None,
    without_keys: bool = False,
    workers: int | None = None,
    silent: bool = False,
) -> AuditReport:
    """
    The audit of the ledger in a folder, held against the head beside its log key and a checkpoint kept elsewhere.

    It may be served meanwhile: what is recorded after the audit has begun is left to the next one.

    `workers` processes examine its rows; unless given, one for each core, and only this one for a short ledger.
    It shows how far it is on a terminal, unless `silent`.

    Raises:
        Refused, Invalid: when there is no ledger, or the kept checkpoint is not one of this ledger.
    """
    folder = Folder(root)
    known = read_pin(pin_file or folder.pin_file)
    count = workers or _workers(folder, known.pin.origin)
    with Crew(count, forked=not any_open()) as crew:
        crew.start()
        bar = nullcontext() if silent else progress("Verifying", 0)
        with bar as shown:
            return _audited(folder, known.pin, crew, count, checkpoint, without_keys=without_keys, shown=shown)


def record_result(folder: Path, report: AuditReport) -> int | None:
    """
    Record what a verification found; where it stands, or None when a ledger that does not verify takes no entry.

    Raises:
        LedgerError: for a ledger that does verify, whatever hinders, such as `service-key-missing`.
    """
    try:
        with own_word(folder) as (word, _, _):
            return word.say(result_of(report), record_of(word.key().owner), "verified")
    except LedgerError as hindrance:
        if report.holds:
            raise
        err.print(f"[bold red]Not recorded[/] in the ledger itself ({plain(hindrance.code)}).")
        return None


def _audited(
    folder: Folder,
    pin: Pin,
    crew: Crew,
    workers: int,
    checkpoint: Path | None,
    *,
    without_keys: bool,
    shown: Progress | None,
) -> AuditReport:
    held = [head] if (head := signed_head(folder)) else []
    subject_keys = (
        None
        if without_keys or not folder.subjects.exists()
        else FolderSubjectKeys(folder.subjects, folder.epoch, as_they_are=True)
    )
    store = open_for_audit(folder.database, pin.origin)
    try:
        if checkpoint is not None:
            held.append(_kept(checkpoint, pin, _named_log_keys(store)))
        moment = covered_moment(store, lambda: time.sleep(_A_WHILE))
        size = store.head().size if moment.end is None else moment.end
        log: Log | Iterator[LogRow] = log_rows(store, subject_keys, moment.end)
        if workers > 1:
            subjects = folder.subjects if subject_keys else None
            log = StoredLog(folder.database, store.origin, subjects, folder.epoch, moment.end)
        if shown is not None:
            shown.update(shown.task_ids[0], total=size)

        def looked_at(position: int) -> None:
            if shown is not None and position >= shown.tasks[0].completed + 100:
                shown.update(shown.task_ids[0], completed=position + 1)

        listed = kept_lists(store)
        report = audit(log, moment.checkpoints, pin, held=held, listed=listed, progress=looked_at, crew=crew)
        if report.holds and report.doubts:
            report = replace(report, doubts=with_confirmations(store, key_history(store), report.doubts))
        return with_representation(store, report) if report.holds else report
    finally:
        store.close()


_A_WHILE = 0.005
"""Seconds until it is looked again whether a checkpoint covers every entry."""

_SHORT = 10_000
"""Entries below which starting processes may take longer than it saves."""


def _workers(folder: Folder, origin: str) -> int:
    store = open_for_audit(folder.database, origin)
    try:
        if store.head().size < _SHORT:
            return 1
    finally:
        store.close()
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _unfinished(root: Path) -> list[str]:
    """Whose erasure is recorded while their key is still there."""
    folder = Folder(root)
    if not folder.subjects.exists():
        return []
    store = open_for_audit(folder.database)
    try:
        return unfinished(store, FolderSubjectKeys(folder.subjects, folder.epoch, as_they_are=True))
    finally:
        store.close()


def _unfinished_ends(root: Path) -> list[int]:
    """Where an end of retention is recorded of which something may still lie in a file."""
    store = open_for_audit(Folder(root).database)
    try:
        return unfinished_endings(store)
    finally:
        store.close()


def _named_log_keys(store: SQLiteStore) -> tuple[LogKey, ...]:
    """The log keys this log names, whatever is wrong with the rest of it."""
    try:
        return key_history(store).log_keys()
    except LedgerError:
        return ()


def _kept(path: Path, pin: Pin, named: Sequence[LogKey]) -> Checkpoint:
    """
    A checkpoint that was kept, signed by the pinned log key or by one that the log names.

    That the log may name it is what the audit checks; here a false name could only make the audit stricter.
    """
    known = [key for key in named if key.vkey != pin.vkey]
    try:
        note = path.read_bytes()
        check_note(pin.origin, note, "checkpoint", "checkpoint")
        return open_covering(note, [LogKey(pin.vkey, -1), *known], pin.origin)
    except OSError as error:
        raise Refused("checkpoint-file", f"{path} cannot be read: {error.strerror}.") from None
    except Invalid as error:
        raise Refused(
            error.code, f"{path} is not a checkpoint of this ledger: {error.message}", field="checkpoint"
        ) from None
