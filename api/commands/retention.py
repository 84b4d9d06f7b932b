"""`session-ledger retention`: what need not be kept any longer, and what stands against it; with two keys, the end."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.commands.output import JsonFlag, out, plain, print_json, say
from api.commands.serve import ask_passphrase
from api.ending import finish_endings, signed_amounts, signed_ending, unfinished_endings
from api.erasing import TwoPeople, signed_verdicts
from api.folder import OpenLedger, SystemClock, open_ledger, open_recorder
from api.officer_acts import holders_of
from api.retention import read_retention
from api.retention_list import as_json as listed
from ledger.encoding import to_instant
from ledger.errors import Refused
from ledger.events.erasure import SECONDS
from ledger.kept_amounts import amounts_to_keep
from ledger.received import Clock
from ledger.retention import RetentionPlan, retention_plan
from projections.compliance.keeping import resting_on_ending


def retention(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    privacy_key: Annotated[Path | None, typer.Option(help="The privacy officer's private key file.")] = None,
    second_key: Annotated[Path | None, typer.Option(help="The second person's private key file.")] = None,
    second_role: Annotated[str, typer.Option(help=f"Their role: {', '.join(SECONDS)}.")] = "security-officer",
    as_json: JsonFlag = False,
) -> None:
    """
    List what can end by its retention, and end it: the envelopes are removed for ever. It cannot be undone.

    Without keys nothing is changed. With them, all that can end today ends; entries, signatures of others, proofs
    and receipts stay. If it breaks off, run the same command again: it finishes. Do it when nobody is being treated.

    Example: session-ledger retention ./ledger --privacy-key po.key --second-key so.key
    """
    opened = open_ledger(folder)
    try:
        end_retention(opened, SystemClock(), privacy_key, second_key, second_role, as_json=as_json)
    finally:
        opened.store.close()


def end_retention(
    opened: OpenLedger, clock: Clock, first: Path | None, second: Path | None, role: str, *, as_json: bool
) -> None:
    """The command on an open ledger, by this clock."""
    waiting = unfinished_endings(opened.store)
    if waiting:
        finish_endings(opened)
    plan = retention_plan(opened.store, clock.wall().date(), read_retention(opened.folder.policy))
    if first is None and second is None:
        _show(plan, waiting, as_json=as_json)
        return
    if first is None or second is None:
        raise Refused(
            "two-people",
            "Two people sign the end of a retention.",
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
    recorder = open_recorder(opened, clock, ask_passphrase)
    by = TwoPeople(privacy, other, role)
    submission = signed_ending(plan, by, recorder, opened.pin.origin, clock.wall(), secrets.token_bytes)
    now, terms = to_instant(clock.wall()), read_retention(opened.folder.policy)
    verdicts = resting_on_ending(opened.store, opened.subject_keys, plan, now, terms)
    kept = signed_verdicts(verdicts, by, recorder, opened.pin.origin, clock.wall(), secrets.token_bytes)
    amounts = amounts_to_keep(opened.store, plan, recorder.keys.revoked)
    kept += signed_amounts(amounts, by, recorder, opened.pin.origin, clock.wall(), secrets.token_bytes)
    recorded = recorder.record([*kept, submission])[-1]
    finish_endings(opened)
    if as_json:
        print_json({"ended_at": recorded.position, "envelopes": plan.envelopes.count, "records": _records(plan)})
        return
    say(f"[bold]Ended[/]: {plan.envelopes.count} envelopes are no longer kept, as recorded at {recorded.position}.")
    say("  [yellow]A new epoch of keys has begun: older backups of subjects/ open nothing; make a new one today.[/]")
    say("  Backups of ledger.db still hold what was removed here: replace them. See docs/privacy.md.")


def _records(plan: RetentionPlan) -> list[str]:
    return [each.record for each in plan.due if not each.objections]


def _show(plan: RetentionPlan, finished: list[int], *, as_json: bool) -> None:
    if as_json:
        print_json(listed(plan) | {"finished": finished})
        return
    table = Table("Record", "Envelopes", "Can end", "What stands against it", box=None, pad_edge=False)
    for each in plan.due:
        why = " ".join(dict.fromkeys(f"{one.rule}: {one.message}" for one in each.objections))
        table.add_row(plain(each.record), str(len(each.positions)), "no" if each.objections else "yes", plain(why))
    out.print(table)
    say(f"{plan.envelopes.count} envelopes can end on {plan.on}.")
    if plan.envelopes.count:
        say("Two people sign: --privacy-key FILE --second-key FILE.")
