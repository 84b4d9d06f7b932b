"""
What a story says is refused, and by whom: `refused: [SUP-02 N1 bls, ELIG-01 A]`.

Each names a rule and on whose account it objects: a partner, a member of staff, a credential.
Those have to object, all of them and no others. A rule that this version does not ask before such an authorisation
stands apart, `unasked: [CS-07]`, so that a slip in a number is no silence: what is named in the wrong place, or is no
rule at all, is a mistake before anything is recorded. A step that names only what is not asked is left out, for
nothing would refuse it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.errors import Invalid, Objection
from ledger.events.base import Event
from projections.compliance.rules import RULES

if TYPE_CHECKING:
    from api.story.script import Step

_NAMED = re.compile(r"(?P<rule>[A-Z]{2,4}-\d{2})(?: .+)?")


@dataclass(frozen=True, slots=True)
class Declined:
    """One step that was refused as told: by which objections, and where the log says so (None for nowhere)."""

    step: Step
    type: str
    objections: tuple[Objection, ...]
    trace: int | None


def rule_of(named: str) -> str | None:
    """The rule that is named; None for a text that begins with none."""
    found = _NAMED.fullmatch(named)
    return None if found is None else found["rule"]


def check_asked(refused: Sequence[str], unasked: Sequence[str], kind: type[Event]) -> None:
    """
    Pass when every rule that is said to refuse is asked before this kind of event, and no other is said to be unasked.

    Raises:
        Invalid: `story`, for the first that is not so.
    """
    asked = {rule.id for rule in RULES if rule.gate is not None and issubclass(kind, rule.gate.authorisation)}
    for field, named in (("refused", refused), ("unasked", unasked)):
        for each in named:
            rule = rule_of(each)
            if rule not in {known.id for known in RULES}:
                raise Invalid("story", f"There is no rule {rule}.", field=field, remedy="docs/rules.md lists them.")
            if (rule in asked) != (field == "refused"):
                remedy = f"Name {each} under `{'refused' if rule in asked else 'unasked'}`, or put its number right."
                word = "is" if rule in asked else "is not"
                raise Invalid("story", f"{rule} {word} asked before {kind.type_tag()}.", field=field, remedy=remedy)


def in_words(objection: Objection, name_of: Callable[[str], str]) -> str:
    """An objection as a story names it: `SUP-02 N1 bls`, `ELIG-01 A`."""
    slot = objection.slot.upper() if objection.slot else ""
    staff = name_of(objection.staff) if objection.staff else ""
    return " ".join(filter(None, (objection.rule, slot, staff, objection.credential)))


def check_told(named: Sequence[str], told: Sequence[str]) -> None:
    """
    Pass when exactly what the story names objected.

    Raises:
        Invalid: `story`, with what objected and what did not.
    """
    if sorted(named) != sorted(told):
        raise Invalid(
            "story",
            f"This was refused by {', '.join(sorted(told)) or 'nothing'}, and the story says {', '.join(named)}.",
            field="refused",
            remedy="Name every objection, or put right what it names before this step.",
        )
