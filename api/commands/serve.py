"""`session-ledger serve`: the ledger's service, for browsers and programs."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.output import JsonFlag, err, plain, print_json, say

if TYPE_CHECKING:
    from api.web.starting import Started


def serve(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on; 0 for any free one.", min=0, max=65535)] = 8000,
    tls: Annotated[
        bool, typer.Option("--tls", help="HTTPS with a certificate of its own, made in FOLDER/tls for 90 days.")
    ] = False,
    name: Annotated[
        list[str] | None, typer.Option(help="A host name or address by which tablets reach it, for the certificate.")
    ] = None,
    insecure_http: Annotated[
        bool,
        typer.Option(
            "--insecure-http",
            help="Listen on a network without TLS: passwords and records travel in clear, and tablets cannot sign.",
        ),
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """
    Serve a ledger to browsers and programs, until it is stopped (Ctrl-C).

    Until somebody has an account, each start prints a one-time code, with which the first officer makes one.

    Example: session-ledger serve ./ledger --host 192.168.1.10 --tls --name ledger.clinic.lan
    """
    from api.web.starting import Where, is_loopback, run_service  # noqa: PLC0415  # 0.8 s that other commands save

    where = Where(host, port, tls, tuple(name or ()), insecure_http)
    if not tls and not is_loopback(host) and insecure_http:
        err.print("[bold red]Without TLS[/]: everybody on this network can read passwords and records.")

    def tell(started: Started) -> None:
        if as_json:
            print_json(started.as_json())
        else:
            _show(started)
        sys.stdout.flush()

    with suppress(KeyboardInterrupt):
        run_service(folder, where, ask_passphrase, tell)


def ask_passphrase() -> str:
    """Ask for a passphrase without showing it."""
    return str(typer.prompt("Passphrase", hide_input=True, err=True))


def _show(started: Started) -> None:
    say(f"[bold]Serving[/] {plain(started.organisation)}: {plain(started.url)}  (interface: {plain(started.url)}/docs)")
    if started.set_up_code is not None:
        say(f"  set-up code   [bold]{started.set_up_code}[/]  (once; the first officer makes an account with it)")
    if started.certificate is not None:
        say(f"  certificate   {plain(started.certificate)}, until {started.certificate_ends}")
        say(f"  its SHA-256   {started.fingerprint}")
    if started.taken_up:
        say(f"  taken up      {started.taken_up} entries that nobody had signed before the last end; they verify")
    say("  Ctrl-C stops it; log lines follow on standard error.")
