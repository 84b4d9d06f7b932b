"""Playing a whole story into a new practice ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from api.folder import OpenLedger, fresh_origin, make_ledger
from api.key_file import write_key
from api.story.clock import StoryClock
from api.story.player import Played, Player
from api.story.refusing import Declined
from api.story.script import Script
from ledger.record import Recorder
from projections.compliance.gates import gates
from projections.compliance.reader import Compliance


@dataclass(frozen=True, slots=True)
class StoryLedger:
    """A story's ledger with everything that was played, still open; its people's keys lie in the folder."""

    ledger: OpenLedger
    recorder: Recorder
    player: Player
    played: tuple[Played, ...]

    @property
    def declined(self) -> tuple[Declined, ...]:
        """What was refused, as the story says."""
        return tuple(self.player.declined)


def play_story(
    script: Script,
    folder: Path,
    entropy: Callable[[int], bytes],
    on_step: Callable[[], object] = lambda: None,
    *,
    asks: bool = True,
) -> StoryLedger:
    """
    The ledger of a story, made in `folder`; `on_step` is called after each step.

    Where nobody `asks` the rules before an authorisation, what they would refuse is recorded and judged afterwards;
    what the story itself says is refused is left out.

    Raises:
        Refused: `ledger-exists`.
        LedgerError: what a step was refused for, also by a rule; the steps before it are recorded.
    """
    clock = StoryClock(script.opened)
    player = Player(script, clock, entropy, asks=asks)
    origin = fresh_origin(script.host, entropy, practice=True)
    opened, recorder = make_ledger(
        folder,
        origin,
        script.organisation,
        lambda log_key: player.opening(origin, log_key),
        clock=clock,
        entropy=entropy,
        practice=True,
        gates=lambda store, keys: gates(Compliance(store, keys)) if asks else (),
    )
    played: list[Played] = []
    for step in script.steps:
        played.extend(player.play(recorder, step))
        on_step()
    recorder.commit_heads()
    for owner, seed in player.seeds.items():
        write_key(opened.folder.person_key(owner), seed, owner, None, entropy, origin)
    return StoryLedger(opened, recorder, player, tuple(played))
