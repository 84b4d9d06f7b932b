"""`session-ledger refused`: what was kept for the alarm, such as other content under an id that was used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.as_of import KnownAt, UpTo, as_of_folder, in_words
from api.commands.output import JsonFlag, plain, print_json, say
from api.folder import open_ledger
from api.refused_list import refused_list


def refused(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    known_at: KnownAt = None,
    up_to: UpTo = None,
    as_json: JsonFlag = False,
) -> None:
    """
    List the envelopes that were refused and kept: somebody used an event's id for other content.

    It never happens by accident: an id has 74 random bits. A tablet was copied, or somebody tries something.

    Example: session-ledger refused ./ledger
    """
    when = as_of_folder(folder, known_at, up_to)
    opened = open_ledger(folder)
    try:
        found = refused_list(opened.store, when)
    finally:
        opened.store.close()
    if as_json:
        print_json({"refused": [each.as_json() for each in found]})
        return
    if words := in_words(when):
        say(words)
    if not found:
        say("Nothing was refused and kept.")
    for each in found:
        where = "its event is not here" if each.first_position is None else f"first at position {each.first_position}"
        say(f"{plain(each.received_at)}  {each.code}  {plain(each.type)}  id {plain(each.event_id)}  ({where})")
        say(f"    handed in content {each.dig[:16]}…, signed by {plain(', '.join(each.signed_by))}")
