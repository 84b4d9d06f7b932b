"""`session-ledger countersign`: sign what a typed sheet says you did, or dispute it."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.commands.output import JsonFlag, out, plain, print_json, say
from api.commands.serve import ask_passphrase
from api.folder import SystemClock, open_ledger, open_recorder
from api.key_file import read_key
from api.paper.countersigning import countersignature
from api.paper.transcribing import Typist, signed_with
from api.views import up_to_date
from api.web.one_writer import only_writer
from ledger.errors import LedgerError, Refused
from ledger.payload import Seen
from ledger.record import Recorded, Recorder, Submission
from ledger.signing import SigningKey
from projections.pending import ToSign, to_countersign


def countersign(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    key: Annotated[Path, typer.Option("--as", help="Your private key file, as who did it.")],
    only: Annotated[list[int] | None, typer.Option(help="Only the entry at this position; may be repeated.")] = None,
    dispute: Annotated[
        list[int] | None, typer.Option(help="Dispute the entry at this position; give --reason too.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why, sealed in the record of whom it concerns.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before signing.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """
    Sign what typed paper sheets say you did: all of it at once, with a result for each entry.

    Compare with the scan first. What is wrong is disputed; it stays in the record, with that said of it.

    Example: session-ledger countersign ./ledger --as rn1.key
    """
    clock, opened = SystemClock(), open_ledger(folder)
    try:
        kept = read_key(key, ask_passphrase, opened.pin.origin)
        signer = SigningKey(kept.seed)
        with only_writer(folder):
            recorder = open_recorder(opened, clock, ask_passphrase)
            database = up_to_date(opened)
            try:
                waiting = to_countersign(database, kept.owner).entries
            finally:
                database.close()
            disputed = frozenset(dispute or ())
            chosen = _chosen(waiting, only, disputed)
            if disputed and not reason:
                raise Refused("reason-missing", "A dispute needs a reason.", field="reason", remedy="Give --reason.")
            if not as_json:
                show_waiting(chosen, disputed)
            if not chosen:
                if as_json:
                    print_json({"owner": kept.owner, "entries": []})
                return
            if not yes and not as_json:
                typer.confirm(f"Sign {len(chosen)} entries?", abort=True)
            checkpoint = recorder.checkpoint()
            drafts = [
                countersignature(
                    each,
                    "disputes" if each.position in disputed else "confirms",
                    reason if each.position in disputed else None,
                    by=Typist(kept.owner, signer.kid, each.role),
                    origin=opened.pin.origin,
                    now=clock.wall(),
                    seen=Seen(root=checkpoint.root.hex(), size=checkpoint.size),
                    entropy=secrets.token_bytes,
                )
                for each in chosen
            ]
            submissions = [Submission(raw, texts) for raw, texts in signed_with(signer, drafts)]
            _tell(kept.owner, chosen, disputed, _record(recorder, submissions), as_json=as_json)
    finally:
        opened.store.close()


def _record(recorder: Recorder, submissions: list[Submission]) -> list[Recorded | LedgerError]:
    return recorder.record_each(submissions)


def _chosen(waiting: tuple[ToSign, ...], only: list[int] | None, disputed: frozenset[int]) -> list[ToSign]:
    wanted = frozenset(only) | disputed if only else None
    named = disputed | (wanted or frozenset())
    for position in sorted(named - {each.position for each in waiting}):
        raise Refused(
            "not-found",
            f"No typed entry at position {position} waits for you.",
            field="only" if only and position in only else "dispute",
            remedy="Without options, all that wait for you are listed.",
        )
    return [each for each in waiting if wanted is None or each.position in wanted]


def show_waiting(entries: list[ToSign], disputed: frozenset[int] = frozenset()) -> None:
    """What waits, by day."""
    if not entries:
        say("Nothing that was typed from paper waits for you.")
    for day, of_day in groupby(entries, key=lambda each: each.local[:10]):
        lines = list(of_day)
        say(f"[bold]To countersign[/]: {len(lines)} lines of {plain(day)}")
        table = Table("Line", "Time", "Whose", "What", "You sign as", "Pos.", box=None, pad_edge=False)
        for each in lines:
            whose = {"a": "A", "b": "B", "both": "A and B"}.get(each.slot, each.record.partition("/")[0])
            signs = f"{each.meaning}, {each.role}" if each.position not in disputed else "disputed"
            table.add_row(
                str(each.line),
                plain(each.local[11:]),
                whose,
                plain(each.phrase),
                plain(signs),
                f"[dim]{each.position}[/]",
            )
        out.print(table)


def _tell(
    owner: str,
    chosen: list[ToSign],
    disputed: frozenset[int],
    results: list[Recorded | LedgerError],
    *,
    as_json: bool,
) -> None:
    failed = [each for each in results if isinstance(each, LedgerError)]
    if as_json:
        print_json(
            {
                "owner": owner,
                "entries": [
                    {
                        **asdict(entry),
                        "verdict": "disputes" if entry.position in disputed else "confirms",
                        "result": done.code if isinstance(done, LedgerError) else "recorded",
                        "signed_at": None if isinstance(done, LedgerError) else done.position,
                    }
                    for entry, done in zip(chosen, results, strict=True)
                ],
            }
        )
    else:
        say(f"[bold]Signed[/] {len(results) - len(failed)} of {len(results)} entries")
        for entry, done in zip(chosen, results, strict=True):
            if isinstance(done, LedgerError):
                say(f"  position {entry.position}: {plain(done.message)} [dim]\\[{plain(done.code)}][/]")
    if failed:
        raise Refused("not-all-signed", f"{len(failed)} entries were not signed.", remedy=failed[0].remedy)
