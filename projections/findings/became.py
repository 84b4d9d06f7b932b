"""
What became of one finding: a pure function of its verdict, the acts on it, and the turns of what was known.

    open          a rule finds it, and nobody said anything yet
    acknowledged  somebody answerable has seen it
    explained     somebody concerned has said why
    dispositioned it was looked into, and something became of it
    closed        somebody answerable closed it; or what is known now says that it is not so, and it closed by itself
    reopened      somebody opened it again; or it is so again by what is known now

An act leads forward, never back: who acknowledges what was explained already leaves it explained. What was closed is
opened only by a reopening, or by itself.
A verdict that nobody can give any more, because values are gone, changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from projections.compliance.finding import Verdict
from projections.findings.act import Act

State: TypeAlias = Literal["open", "acknowledged", "explained", "dispositioned", "closed", "reopened"]
STATES: tuple[State, ...] = get_args(State)
_FORWARD: tuple[State, ...] = ("open", "reopened", "acknowledged", "explained", "dispositioned", "closed")


@dataclass(frozen=True, slots=True)
class Turn:
    """
    What became known turned a finding: `gone` when from then on it was not so, `back` when it was so again.

    `position` is the entry that made it so, or in front of which that was first seen.
    """

    kind: Literal["gone", "back"]
    at: str
    position: int


@dataclass(frozen=True, slots=True)
class Became:
    """
    The state of a finding, since when, and by what.

    `by_itself` says that nobody closed or reopened it: what is known did. `disposition` is the act that counts of
    those that decided what became of it. `since` is None when nothing tells when it came to this.
    """

    state: State
    since: str | None
    by_itself: bool
    disposition: Act | None
    acts: tuple[Act, ...]
    turns: tuple[Turn, ...]
    openings: int = 1

    @property
    def is_closed(self) -> bool:
        """Whether nothing is left to do."""
        return self.state == "closed"

    @property
    def evidence(self) -> tuple[int, ...]:
        """Where the acts and the turns stand that led to this state."""
        return tuple(sorted({*(act.position for act in self.acts), *(turn.position for turn in self.turns)}))


def became(
    verdict: Verdict,
    acts: Sequence[Act],
    turns: Sequence[Turn] = (),
    *,
    opened_at: str | None = None,
    again_at: str | None = None,
) -> Became | None:
    """
    The state of a finding with this verdict; None for a verdict that never was a finding.

    Acts and turns are those known by then; a turn at an entry comes before the act recorded there. `opened_at` is
    since when it was so first, `again_at` since when it is so by what is known now.
    """
    if verdict != "breached" and not acts and not turns:
        return None
    state: State = "open"
    since, by_itself, disposition, openings = opened_at, False, None, 1
    steps: list[Act | Turn] = [*turns, *acts]
    for step in sorted(steps, key=lambda each: (each.position, isinstance(each, Act))):
        following = _after(state, step)
        if isinstance(step, Act) and step.kind == "dispositioned" and following == "dispositioned":
            disposition = step
        if following != state:
            state, since, by_itself = following, step.at, isinstance(step, Turn)
            if state == "reopened":
                disposition, openings = None, openings + 1
    if verdict == "breached" and state == "closed" and by_itself:
        is_later = again_at is not None and since is not None and again_at > since
        state, since, openings = "reopened", again_at if is_later else None, openings + 1
    elif verdict not in ("breached", "cannot-judge") and state != "closed":
        state, since, by_itself = "closed", None, True
    return Became(state, since, by_itself, disposition, tuple(acts), tuple(turns), openings)


def _after(state: State, step: Act | Turn) -> State:
    if isinstance(step, Turn):
        if step.kind == "gone":
            return "closed"
        return "reopened" if state == "closed" else state
    if step.kind == "reopened":
        return "reopened" if state == "closed" else state
    return max(state, step.kind, key=_FORWARD.index)
