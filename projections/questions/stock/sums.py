"""
Where every mg went between two moments, and what a count found: the lines of a reconciliation.

    opening 500 + came 0 + resolved 0 = given 70 + wasted 5 + out 0 + left over 0 + on hand 425          (mg, exact)

The sums agree whatever was recorded; what does not agree with the world is the difference of a count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ledger.container import ZERO, Container
from projections.compliance.containers import Held, Step

_PARTS: dict[str, str] = {
    "handed-in": "came",
    "received": "came",
    "opening-balance": "came",
    "dose": "given",
    "used-in-need": "given",
    "taken-in-part": "given",
    "wasted": "wasted",
    "handed-back": "returned",
    "sent-back": "returned",
    "destroyed": "destroyed",
    "difference-resolved": "resolved",
    "given-out": "moved",
    "returned": "moved",
    "moved": "moved",
}


@dataclass
class Line:
    """One line, in mg: of a container, or of several together; `counted` is None where nobody counted."""

    opening: Fraction = ZERO
    came: Fraction = ZERO
    moved: Fraction = ZERO
    resolved: Fraction = ZERO
    given: Fraction = ZERO
    wasted: Fraction = ZERO
    returned: Fraction = ZERO
    destroyed: Fraction = ZERO
    left_over: Fraction = ZERO
    on_hand: Fraction = ZERO
    counted: Fraction | None = None
    difference: Fraction | None = None
    uncounted: int = 0
    evidence: list[int] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether nothing is lost in the sums; it always does."""
        out = self.given + self.wasted + self.returned + self.destroyed + self.left_over
        return self.opening + self.came + self.moved + self.resolved == out + self.on_hand

    def plus(self, other: Line) -> None:
        """Another container as well; what was counted adds up over those that were counted."""
        for name in ("opening", "came", "moved", "resolved", "given", "wasted", "returned", "destroyed", "left_over"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.on_hand += other.on_hand
        if other.counted is not None:
            self.counted = (self.counted or ZERO) + other.counted
        if other.difference is not None:
            self.difference = (self.difference or ZERO) + other.difference
        self.uncounted += other.uncounted
        self.evidence += other.evidence


def of_container(held: Held, within: Sequence[Step], state: Container) -> Line:
    """The line of a container over these of its facts; `state` is how it stood when there are none."""
    line = Line(evidence=_evidence(held, within))
    before, after = _ends(within, state)
    line.opening, line.on_hand = before.balance, after.balance
    line.came, line.resolved = after.came - before.came, after.differences - before.differences
    line.given, line.wasted = after.given - before.given, after.wasted - before.wasted
    line.returned, line.destroyed = _returned(after) - _returned(before), after.destroyed - before.destroyed
    line.left_over = after.left_over - before.left_over
    _count(line, held, within)
    return line


def of_place(held: Held, within: Sequence[Step], state: Container, there: Callable[[Container], Fraction]) -> Line:
    """
    The line of what a place has of a container; what came from another place, or went there, has moved.

    Of a dose taken in part the place lost all, as long as the container is not all of it there.
    """
    before, after = _ends(within, state)
    if all(there(each) == each.balance for each in (before, after, *(step.moved.after for step in within))):
        return of_container(held, within, state)
    line = Line(evidence=_evidence(held, within), uncounted=1)
    line.opening, line.on_hand = there(before), there(after)
    for step in within:
        change = there(step.moved.after) - there(step.moved.before)
        part = _PARTS.get(step.moved.kind)
        if part in ("came", "moved", "resolved"):
            setattr(line, part, getattr(line, part) + change)
        elif part is not None:
            setattr(line, part, getattr(line, part) - change)
    return line


def together(lines: Iterable[Line]) -> Line:
    """Several lines as one."""
    total = Line()
    for line in lines:
        total.plus(line)
    return total


def _ends(within: Sequence[Step], state: Container) -> tuple[Container, Container]:
    """The state before the first of these facts and after the last."""
    return (within[0].moved.before, within[-1].moved.after) if within else (state, state)


def _evidence(held: Held, within: Sequence[Step]) -> list[int]:
    return [step.fact.position for step in within] or [held.steps[0].fact.position]


def _returned(state: Container) -> Fraction:
    return state.handed_back + state.sent_back


def _count(line: Line, held: Held, within: Sequence[Step]) -> None:
    """What the last count of these found."""
    counts = [step for step in held.counts() if step in within]
    if counts:
        line.counted, line.difference = counts[-1].moved.mg, counts[-1].moved.difference
    else:
        line.uncounted = 1
