"""`session-ledger play`: what a story says happens, signed by its people and recorded in a new practice ledger."""

from __future__ import annotations

import secrets
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from api.commands.output import JsonFlag, plain, print_json, progress, say
from api.play_story import play_story
from api.story.script import read_script
from ledger.errors import Invalid


def play(
    story: Annotated[str, typer.Argument(help="A story file (YAML), or six-sessions or retreat-weekend.")],
    folder: Annotated[Path, typer.Argument(help="Where the story's ledger is to be made.")],
    as_json: JsonFlag = False,
) -> None:
    """
    Play a story: a readable file of what happens at which local time and who signs it.

    Makes a new practice ledger in FOLDER and records every step through the ordinary path, under the story's clock.

    Example: session-ledger play six-sessions ./practice-ledger
    """
    script = read_script(_found(story))
    with progress("Signing and recording", len(script.steps)) as bar:
        result = play_story(script, folder, secrets.token_bytes, lambda: bar.advance(bar.task_ids[0]))
    opened, played = result.ledger, result.played
    head = opened.store.head()
    opened.store.close()
    if as_json:
        print_json(
            {
                "story": script.title,
                "folder": str(folder),
                "origin": opened.pin.origin,
                "events": [
                    {
                        "position": p.recorded.position,
                        "type": p.type,
                        "occurred": p.step.at.isoformat(),
                        "id": p.recorded.event_id,
                    }
                    for p in played
                ],
                "refused": [
                    {
                        "type": each.type,
                        "occurred": each.step.at.isoformat(),
                        "by": list(each.step.refused),
                        "position": each.trace,
                    }
                    for each in result.declined
                ],
                "size": head.size,
                "root": head.root.hex(),
            }
        )
        return
    say(f"[bold]{plain(script.title)}[/]: {len(played)} events signed and recorded in {plain(folder)}")
    for each in result.declined:
        say(f"  refused at {each.step.at:%Y-%m-%d %H:%M}: {each.type} by {plain(', '.join(each.step.refused))}")
    say(f"  {head.size} entries, root {head.root.hex()}")
    say(f"Next: session-ledger timeline {plain(folder)}")


def _found(story: str) -> Path:
    """The file of this name, else the story that comes with this program under it."""
    if not (path := Path(story)).is_file():
        with as_file(files("api") / "stories") as folder:
            if (shipped := folder / f"{story}.yaml").is_file() and shipped.parent == folder:
                return shipped
            shipped_ones = sorted(each.stem for each in folder.glob("*.yaml"))
        raise Invalid(
            "story",
            f"There is no story {story}.",
            field="story",
            remedy=f"Give a file, or one that comes with this program: {', '.join(shipped_ones)}.",
        )
    return path
