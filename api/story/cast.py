"""
Who is who in a story: names, the records they are the names of, their roles, and what each of them signs.

    by: RN1                        the first signature of the event that RN1's roles fit
    by: [Ana, RN1 as custodian]    RN1 in this role
    by: [RN1, MD1 (observed)]      MD1 with this meaning
    by: Ana in Sun                 Ana with her key of the session Sun
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from api.story.reader import Raw
from api.story.script import KINDS
from api.story.values import not_in_cast
from ledger.errors import Invalid
from ledger.events.base import Event, Signer

_BY = re.compile(r"(?P<name>[^(]+?)(?: as (?P<role>[a-z-]+))?(?: \((?P<meaning>[a-z-]+)\))?")


CastOf: TypeAlias = Mapping[str, Mapping[str, Mapping[str, Raw]]]
"""Names by kind, with what is said of each."""


def fresh_ids(known: CastOf, new_uuid: Callable[[], str]) -> dict[str, str]:
    """A new record for every name."""
    return {name: f"{KINDS[kind]}/{new_uuid()}" for kind, members in known.items() for name in members}


class Cast:
    """The names of one story, or of one sheet; `ids` maps each to its record, such as `staff/…`."""

    def __init__(self, known: CastOf, ids: dict[str, str]) -> None:
        self.ids = ids
        self._roles = {name: _roles(members) for name, members in known.get("staff", {}).items()}
        self._services = tuple(known.get("services", {}))
        self._slots = {
            title: {slot: members.get(slot) for slot in ("a", "b")}
            for title, members in known.get("sessions", {}).items()
        }

    def stream(self, target: str) -> str:
        """The record of `target`; `Sat/Ana` is Ana's in the session Sat."""
        title, slash, person = target.partition("/")
        if title not in self.ids:
            raise not_in_cast(title, self.ids, "for")
        if not slash:
            return self.ids[title]
        for slot, known in self._slots.get(title, {}).items():
            if known == person:
                return f"{self.ids[title]}/{slot}"
        remedy = "The cast says who is a and b in each session."
        raise Invalid("story", f"{person} is not a partner in {title}.", field="for", remedy=remedy)

    @property
    def service(self) -> str | None:
        """The record of the software that signs what it notices itself; None in a story without one."""
        return self.ids[self._services[0]] if self._services else None

    def name_of(self, owner: str) -> str:
        """Whose key it is, as the story calls them: `Ana`, or `Ana in Sat` for a slot."""
        for title, slots in self._slots.items():
            for slot, person in slots.items():
                if owner == f"{self.ids[title]}/{slot}":
                    return f"{person} in {title}"
        return next((name for name, known in self.ids.items() if owner == known), owner)

    def first_role(self, name: str) -> str:
        """The role somebody enrols a key in."""
        if name in self._services:
            return "service"
        if name not in self._roles:
            return "participant"
        if not self._roles[name]:
            raise Invalid(
                "story",
                f"{name} has no role.",
                field="enrol",
                remedy="Give roles in the cast: {roles: [nurse]}.",
            )
        return self._roles[name][0]

    def signers(self, kind: type[Event], stream: str, by: Sequence[str]) -> list[tuple[str, str, str]]:
        """
        Owner, meaning and role of each signer; what is not said is taken from the event's own list.

        Raises:
            Invalid: `story`, when somebody is unknown or has nothing to sign there.
        """
        if not by:
            raise Invalid("story", "Nobody signs this.", field="by", remedy=f"Say by whom: {_wanted(kind.SIGNERS)}.")
        left = list(kind.SIGNERS)
        signers: list[tuple[str, str, str]] = []
        for text in by:
            match = _BY.fullmatch(text)
            if match is None:
                raise Invalid(
                    "story",
                    f"{text!r} names nobody.",
                    field="by",
                    remedy="Write RN1, RN1 as nurse, or RN1 (witnessed).",
                )
            name, role, meaning = match["name"], match["role"], match["meaning"]
            owner = self._owner(name, stream)
            if role is not None and role not in self._known_roles(name):
                roles = ", ".join(self._known_roles(name))
                raise Invalid("story", f"{name} is no {role}.", field="by", remedy=f"{name}'s roles are: {roles}.")
            rule = next((rule for rule in left if self._fits(rule, name, role, meaning)), None)
            if rule is None:
                asked = _wanted(left) or "nobody else"
                raise Invalid(
                    "story",
                    f"{text} has nothing to sign in {kind.type_tag()}.",
                    field="by",
                    remedy=f"It is signed by {asked}.",
                )
            left.remove(rule)
            fitting = [role] if role else [r for r in self._known_roles(name) if r in rule.roles or not rule.roles]
            signers.append((owner, rule.meaning, fitting[0]))
        return signers

    def _known_roles(self, name: str) -> list[str]:
        return self._roles.get(name, ["participant"])

    def _fits(self, rule: Signer, name: str, role: str | None, meaning: str | None) -> bool:
        if meaning is not None and rule.meaning != meaning:
            return False
        if (rule.by == "staff") != (name in self._roles):
            return False
        roles = [role] if role else self._known_roles(name)
        return bool(roles) and (not rule.roles or any(known in rule.roles for known in roles))

    def _owner(self, name: str, stream: str) -> str:
        """Whose key signs: on a session's records, and as `Ana in Sun`, a participant's key of that slot."""
        person, _, session = name.partition(" in ")
        if person not in self.ids:
            raise not_in_cast(person, self.ids, "by")
        if session:
            return self.stream(f"{session}/{person}")
        for title in self._slots:
            if stream.startswith(self.ids[title]) and person not in self._roles:
                return self.stream(f"{title}/{person}")
        return self.ids[person]


def _roles(known: Mapping[str, Raw]) -> list[str]:
    roles = known.get("roles", [])
    return [roles] if isinstance(roles, str) else [str(role) for role in roles]


def _wanted(rules: Sequence[Signer]) -> str:
    """Who signs, in words: `nurse or prescriber (performed)`."""
    return ", ".join(f"{_signatory(rule)} ({rule.meaning})" for rule in rules)


def _signatory(rule: Signer) -> str:
    return "the participant" if rule.by != "staff" else " or ".join(rule.roles) or "staff"
