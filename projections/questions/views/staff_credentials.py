"""Staff and their credentials: what each member of staff holds, until when, and what it lets them do at a place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ledger.credentials import Holding, holding, holding_anywhere
from ledger.events.authority import CredentialGranted
from ledger.events.fields import Gone
from ledger.events.people import StaffRegistered
from ledger.events.staff import (
    CredentialReinstated,
    CredentialRenewed,
    CredentialRevoked,
    CredentialSuspended,
    ReleaseDelegated,
    ReleaseDelegationEnded,
    SignatureAgreementSigned,
    TrainingCompleted,
)
from ledger.reading import PlacedEvent
from ledger.who_may import WHO_MAY, licensed_as, needed
from projections.compliance.known import Fact
from projections.questions.answer import Cell, Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything, positions

_SOON_DAYS = 30


@question(
    "staff-credentials",
    "Which credentials does each member of staff hold, how do they stand, and what do they let them do?",
    section="views",
    columns=(
        Column("staff", "Staff"),
        Column("kind", "Kind"),
        Column("held", "What"),
        Column("profession", "For"),
        Column("states", "States"),
        Column("places", "Places"),
        Column("effective", "From"),
        Column("expires", "To"),
        Column("standing", "Stands"),
        Column("days_left", "Days left", "number"),
        Column("attends_as", "Attends patients as"),
    ),
    takes=("location", "staff"),
    empty="No member of staff is registered.",
    reading=(
        "As of the local day of the question at the place that is asked for; without a place it is enough that a "
        "credential holds at one of those it names, and by the day in UTC. Both ends are valid days; the last one has "
        "0 days left. A renewal counts from its effective day. Roles are told for a place alone: those whose "
        f"credentials all stand there. What runs out within {_SOON_DAYS} days [D] is counted."
    ),
)
def staff_credentials(asked: Asked) -> Found:
    """One row for each credential, training, delegation and agreement, by the code of the member of staff."""
    day = asked.ledger.day(asked.location, asked.ledger.as_of)
    everybody = asked.ledger.names("staff") if asked.staff is None else [asked.staff]
    staff = sorted(everybody, key=asked.codes.code)
    rows = [found for each in staff for found in credentials_of(asked, each, day)]
    held = [each for each in rows if each.values["kind"] == "credential"]
    ended = [each for each in held if each.values["standing"] != "valid"]
    soon = [each for each in rows if isinstance(left := each.values["days_left"], int) and left <= _SOON_DAYS]
    without = [each for each in rows if each.values["kind"] == "nothing"]
    return Found(
        tuple(rows),
        (
            figure("not_valid", "Credentials that do not count", len(ended), everything(e.evidence for e in ended)),
            figure("soon", "Run out soon", len(soon), everything(each.evidence for each in soon)),
            figure("without", "Staff without any", len(without), everything(each.evidence for each in without)),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """One thing somebody holds: what it is, how it stands on the day, and what it rests on."""

    kind: str
    held: str
    standing: Cell
    effective: Cell
    expires: str | None
    evidence: tuple[int, ...]
    profession: Cell = None
    states: Cell = None
    places: Cell = None


def credentials_of(asked: Asked, staff: str, day: str) -> Iterator[Row]:
    """What one member of staff holds, with how many days each still stands after this one."""
    facts = asked.ledger.on(staff)
    if not facts:
        return
    roles = _attends_as(asked, staff, day)
    found = [*_credentials(asked, staff, day), *_trainings(day, facts), *_delegations(asked, day, facts)]
    found += _agreements(facts)
    if not any(each.kind == "credential" for each in found):
        registered = [fact for fact in facts if isinstance(fact.event, StaffRegistered)] or facts
        found.append(_Held("nothing", "no credential", None, None, None, tuple(positions(*registered))))
    for each in found:
        yield row(
            each.evidence,
            staff=asked.codes.code(staff),
            kind=each.kind,
            held=each.held,
            profession=each.profession,
            states=each.states,
            places=each.places,
            effective=each.effective,
            expires=each.expires,
            standing=each.standing,
            days_left=_days_left(day, each),
            attends_as=roles,
        )


def _credentials(asked: Asked, staff: str, day: str) -> Iterator[_Held]:
    """One for each grant with its renewals: two licences of two states are two."""
    entries = asked.ledger.credentials_of(staff)
    roots: dict[str, str] = {}
    for placed in entries:
        if isinstance(placed.event, CredentialGranted):
            roots[placed.dig] = placed.dig
        elif isinstance(placed.event, CredentialRenewed):
            roots[placed.dig] = roots.get(placed.event.granted.dig, placed.dig)
    for root in dict.fromkeys(roots.values()):
        own = [placed for placed in entries if _is_about(placed, root, roots)]
        terms = [placed for placed in own if isinstance(placed.event, CredentialGranted | CredentialRenewed)]
        standing = _holding(asked, own, terms, day)
        term = next((placed for placed in reversed(terms) if placed.position in standing.evidence), terms[-1])
        event = term.event
        first = terms[0].event
        if isinstance(event, CredentialGranted | CredentialRenewed):
            yield _Held(
                "credential",
                event.credential,
                standing.state,
                event.effective,
                event.expires,
                (*standing.evidence, term.position),
                first.profession if isinstance(first, CredentialGranted) else None,
                ", ".join(event.states) or "all",
                ", ".join(map(asked.codes.code, event.locations)) or "all",
            )


def _is_about(placed: PlacedEvent, root: str, roots: dict[str, str]) -> bool:
    """Whether an entry says something of this grant: one that names no grant says it of every one of its kind."""
    match placed.event:
        case CredentialGranted() | CredentialRenewed():
            return roots[placed.dig] == root
        case CredentialSuspended(granted=granted) | CredentialRevoked(granted=granted):
            return granted is None or roots.get(granted.dig, root) == root
        case CredentialReinstated():
            return True
        case _:
            return False


def _holding(asked: Asked, own: list[PlacedEvent], terms: list[PlacedEvent], day: str) -> Holding:
    event = terms[0].event
    if not isinstance(event, CredentialGranted | CredentialRenewed):
        return Holding("none")
    if asked.location is None:
        return holding_anywhere(own, event.credential, day)
    return holding(own, event.credential, day, asked.ledger.place(asked.location, day))


def _attends_as(asked: Asked, staff: str, day: str) -> Cell:
    """The roles whose credentials all stand at the place; None where no place is asked for, or there is none."""
    if asked.location is None:
        return None
    place = asked.ledger.place(asked.location, day)
    roles = [
        role
        for role, means in WHO_MAY.items()
        if means.to_attend
        and all(
            asked.ledger.holding(
                staff, credential, day, place, licensed_as(role) if credential == "licence" else ()
            ).state
            == "valid"
            for credential in needed(role)
        )
    ]
    return ", ".join(roles) or None


def _trainings(day: str, facts: list[Fact]) -> Iterator[_Held]:
    for fact in facts:
        event = fact.event
        if isinstance(event, TrainingCompleted):
            passed = event.passed
            state: Cell = "valid" if event.repeat_by is None or event.repeat_by >= day else "expired"
            if isinstance(passed, Gone):
                state = passed.why
            elif not passed:
                state = "not-passed"
            what = f"{event.subject}: {event.title}"
            yield _Held("training", what, state, event.completed, event.repeat_by, (fact.position,))


def _delegations(asked: Asked, day: str, facts: list[Fact]) -> Iterator[_Held]:
    ended = {fact.event.delegated.dig: fact for fact in facts if isinstance(fact.event, ReleaseDelegationEnded)}
    for fact in facts:
        event = fact.event
        if isinstance(event, ReleaseDelegated):
            over = ended.get(fact.dig)
            last_day = event.expires
            state = "not-yet" if day < event.effective else "valid"
            if last_day is not None and day > last_day:
                state = "expired"
            if over is not None and isinstance(over.event, ReleaseDelegationEnded) and over.event.ended <= day:
                state, last_day = "ended", over.event.ended
            places = ", ".join(map(asked.codes.code, event.locations)) or "all"
            evidence = tuple(positions(fact, over))
            yield _Held("delegation", "may release", state, event.effective, last_day, evidence, places=places)


def _agreements(facts: list[Fact]) -> Iterator[_Held]:
    signed = [fact for fact in facts if isinstance(fact.event, SignatureAgreementSigned)]
    for fact in signed[-1:]:
        if isinstance(fact.event, SignatureAgreementSigned):
            words = f"signature agreement {fact.event.version}"
            yield _Held("agreement", words, "signed", f"{fact.at:%Y-%m-%d}", None, (fact.position,))


def _days_left(day: str, held: _Held) -> int | None:
    """How many days it still stands after this one; None where it does not stand, or has no end."""
    if held.standing != "valid" or held.expires is None:
        return None
    return (date.fromisoformat(held.expires) - date.fromisoformat(day)).days
