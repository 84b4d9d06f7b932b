"""
At the desk: what the service does not sign for somebody, though it would record it had it come signed.

Two tables are asked: whether they hold the role they sign in, by credentials that are valid on the day and at the
place of the act (`ledger.who_may`), and whether they may do this act at all, having done another (`ledger.held_apart`).
A fact is not lost by that: somebody else signs it here, or they sign it on a device of their own, and it is judged.
Where any member of staff may sign, nobody's licence is asked.
Source: the exact rules, section 0, items 3, 12 and 17.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from ledger.credentials import Holding
from ledger.errors import Refused
from ledger.events.base import Event, Reference, Signer
from ledger.events.corrections import CORRECTORS, CountersignatureGiven
from ledger.events.people import StaffRegistered
from ledger.held_apart import Ask, asked_of
from ledger.reading import PlacedEvent
from ledger.second_signatures import given_anew, why_uncounted
from ledger.vocabulary import CredentialType
from ledger.who_may import licensed_as, to_hold
from projections.compliance.known import record_of
from projections.compliance.ledger_at import LedgerAt

EntryOf = Callable[[str], PlacedEvent | None]
"""The entry with a digest, None where there is none."""

_CARE = "session/"
"""Records of care: what a finding rests on there, somebody did; elsewhere it says who may, and when."""


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody is about to sign: the event, its record, when it happened, and the signature in their role."""

    event: Event
    stream: str
    at: datetime
    by: str
    role: str
    signer: Signer


def check_at_the_desk(ledger: LedgerAt, entry_of: EntryOf, act: Act) -> None:
    """
    Pass when the service may sign this act for somebody.

    Raises:
        Refused: `role-not-held`, `own-act` or `not-their-act`, with the field.
    """
    _check_role(ledger, entry_of, act)
    for ask in asked_of(act.event.type, act.signer.meaning):
        _check_apart(ledger, entry_of, act, ask)


def may_sign(ledger: LedgerAt, entry_of: EntryOf, act: Act, by: str, role: str) -> bool:
    """Whether somebody else could sign this act here, in this role."""
    if act.signer.roles and role not in act.signer.roles:
        return False
    try:
        check_at_the_desk(ledger, entry_of, replace(act, by=by, role=role))
    except Refused:
        return False
    return True


# -- the role -----------------------------------------------------------------------------------------


def _check_role(ledger: LedgerAt, entry_of: EntryOf, act: Act) -> None:
    if not any(isinstance(fact.event, StaffRegistered) for fact in ledger.recorded(act.by)):
        raise Refused("role-not-held", "You are not registered as a member of staff.", field="role")
    if not _asks_for_the_role(entry_of, act):
        return
    for credential in to_hold(act.role):
        held, day = _held(ledger, act, credential)
        if held.state != "valid":
            raise Refused(
                "role-not-held",
                f"As {act.role} one needs {credential}, and on {day} yours {_why(held)}.",
                field="role",
            )


def _asks_for_the_role(entry_of: EntryOf, act: Act) -> bool:
    """Whether the role is what lets somebody sign; a countersignature is given in a role that its entry asks for."""
    if isinstance(act.event, CountersignatureGiven):
        target = entry_of(act.event.target.dig)
        wanted = [] if target is None else type(target.event).SIGNERS
        asked = [rule for rule in wanted if rule.meaning == act.event.gives]
        return act.event.verdict == "confirms" and not any(_anybody(rule) for rule in asked)
    return not _anybody(act.signer)


def _anybody(rule: Signer) -> bool:
    return not rule.roles or set(CORRECTORS) <= set(rule.roles)


def _held(ledger: LedgerAt, act: Act, credential: CredentialType) -> tuple[Holding, str]:
    professions = licensed_as(act.role) if credential == "licence" else ()
    location = _location(ledger, act)
    day = ledger.day(location, act.at)
    place = ledger.place(location, day)
    if place.state is None:
        return ledger.holding_anywhere(act.by, credential, day, professions), day
    return ledger.holding(act.by, credential, day, place, professions), day


def _location(ledger: LedgerAt, act: Act) -> str | None:
    """Where it is done: the place whose record it is or that it names, else that of its session; None if nowhere."""
    if act.stream.startswith("location/"):
        return act.stream
    named = getattr(act.event, "location", None)
    if isinstance(named, str):
        return named
    session = record_of(act.stream) if act.stream.startswith("session/") else getattr(act.event, "session", None)
    return ledger.session(session).location if isinstance(session, str) else None


def _why(held: Holding) -> str:
    match held.state:
        case "none":
            return "is not on record"
        case "not-yet":
            return f"begins on {held.day}"
        case "expired":
            return f"ended on {held.day}"
        case "other-place":
            return "is not for this place"
        case "other-profession":
            return "is for another profession"
        case _:
            return f"is {held.state}"


# -- who does not do both -------------------------------------------------------------------------------


def _check_apart(ledger: LedgerAt, entry_of: EntryOf, act: Act, ask: Ask) -> None:
    field = f"fields.{ask.field}" if ask.field else "stream"
    match ask.how:
        case "only-named":
            named = _named(entry_of, act.event, ask)
            if named is not None and named != act.by:
                raise Refused("not-their-act", "Only whom it names signs this.", field=field)
        case "not-named":
            if getattr(act.event, ask.field) == act.by:
                raise Refused("own-act", "Nobody does this on their own account.", field=field)
        case "not-whose-record":
            if act.stream == act.by:
                raise Refused("own-act", "Nobody signs this on their own record.", field=field)
        case "not-a-signer":
            for entry in _entries(entry_of, act.event, ask):
                if act.by in _did(ledger, act, entry):
                    raise Refused(
                        "own-act",
                        f"You signed entry {entry.position} already, and are not its second person.",
                        field=field,
                    )
        case "not-of-the-session":
            session = getattr(act.event, ask.field)
            if session is not None and any(act.by in fact.by for fact in ledger.recorded(session)):
                raise Refused("own-act", "You signed in this session, and do not review it.", field=field)
        case "counts":
            revoked = ledger.known.revoked_below(ledger.size)
            for entry in _entries(entry_of, act.event, ask):
                given = act.event
                if isinstance(given, CountersignatureGiven) and why_uncounted(entry, given, act.by, act.role, revoked):
                    raise Refused(
                        "not-their-act",
                        f"Entry {entry.position} does not ask for this signature, or not for yours as {act.role}.",
                        field=field,
                    )


def _named(entry_of: EntryOf, event: Event, ask: Ask) -> str | None:
    named = getattr(event, ask.field)
    if not ask.of_entry:
        return named if isinstance(named, str) else None
    entry = entry_of(named.dig) if isinstance(named, Reference) else None
    found = None if entry is None else getattr(entry.event, ask.of_entry, None)
    return found if isinstance(found, str) else None


def _entries(entry_of: EntryOf, event: Event, ask: Ask) -> Iterator[PlacedEvent]:
    named = getattr(event, ask.field)
    for reference in named if isinstance(named, tuple) else (named,):
        entry = entry_of(reference.dig)
        if entry is not None:
            yield entry


def _did(ledger: LedgerAt, act: Act, entry: PlacedEvent) -> set[str]:
    """Who is kept from this act by an entry: its signers; of a finding's evidence those of entries of care."""
    if isinstance(act.event, CountersignatureGiven):
        given, revoked = act.event, ledger.known.revoked_below(ledger.size)
        own = {each.by for each in entry.payload.attested if not given_anew(entry, given, each, revoked)}
        return own | {each.by for each in entry.performed if each.meaning != act.event.gives}
    return {signer.by for signer in entry.signed_by} if entry.stream.startswith(_CARE) else set()
