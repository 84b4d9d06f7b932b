"""
Whether somebody may sign for a participant: an appointment on that participant's record says so, for that day.

    on person/…    the key that the appointment names signs as `representative`, and as nothing else
    in a session   the key of the person's slot may sign as `representative` while an appointment holds

An appointment that was signed with a key which counts no more, or is suspect there, gives nobody a right: somebody
whose key counts records it again. An ending is heeded from any hand; a right is given back by an appointment.
Who signs as the person themselves is not asked here: whose key it is was decided when it was enrolled.
It is a matter of integrity, like any signature: what nobody may sign is nobody's word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TypeAlias

from ledger.effective import effective
from ledger.encoding import from_instant
from ledger.errors import Refused
from ledger.events.representatives import RepresentationEnded, RepresentativeAppointed
from ledger.keys import NONE_REVOKED, Revoked
from ledger.payload import Attestation, Payload
from ledger.reading import PlacedEvent
from ledger.second_signatures import doubt_of
from ledger.signers import is_for_a_person

PersonOf: TypeAlias = Callable[[str], str | None]
"""The person whose key an owner is: of `session/…/a` who is in that slot, None when nobody said."""

RecordOf: TypeAlias = Callable[[str], Sequence[PlacedEvent]]
"""What was recorded of a person; empty for one of whom no appointment was."""


def check_representation(
    payload: Payload, person_of: PersonOf, record_of: RecordOf, revoked: Revoked = NONE_REVOKED
) -> None:
    """
    Pass when each signature on a participant's key is given in the role in which it may be.

    `revoked` are the keys known to be revoked by then.

    Raises:
        Refused: `not-representative`.
    """
    for index, signer in enumerate(payload.attested):
        if payload.stream == "keys" or not is_for_a_person(signer):
            continue
        person = person_of(signer.by)
        appointed = () if person is None else _appointed(record_of(person), _day(payload), revoked)
        if signer.role != "representative" and _is_of_another(signer, appointed):
            raise _refused(index, "This key belongs to somebody who signs for this person, and not as them.")
        if signer.role == "representative" and not any(_holds(each, signer) for each in appointed if each[1]):
            raise _refused(index, "Nobody is appointed to sign for this person with this key on this day.")


_Appointed: TypeAlias = Sequence[tuple[RepresentativeAppointed, bool]]
"""Every appointment, and whether it holds on the day."""


def _appointed(record: Sequence[PlacedEvent], day: str, revoked: Revoked) -> _Appointed:
    counted = effective(record, revoked)
    ended = {
        each.event.appointed.dig
        for each in counted
        if isinstance(each.event, RepresentationEnded) and each.event.ended <= day
    }
    return [
        (event, each.dig not in ended and event.effective <= day <= (event.expires or "9999-12-31"))
        for each in counted
        if isinstance(event := each.event, RepresentativeAppointed) and not _is_doubted(each, revoked)
    ]


def _is_doubted(appointment: PlacedEvent, revoked: Revoked) -> bool:
    return any(doubt_of(appointment, signer, revoked) for signer in appointment.payload.attested)


def _is_of_another(signer: Attestation, appointed: _Appointed) -> bool:
    return any(event.key == signer.key for event, _ in appointed)


def _holds(appointment: tuple[RepresentativeAppointed, bool], signer: Attestation) -> bool:
    return signer.by.startswith("session/") or appointment[0].key == signer.key


def _day(payload: Payload) -> str:
    occurred = payload.occurred
    try:
        return (from_instant(occurred.at) + timedelta(minutes=occurred.offset)).date().isoformat()
    except OverflowError:
        return date.max.isoformat()


def _refused(index: int, message: str) -> Refused:
    return Refused(
        "not-representative",
        message,
        field=f"attested[{index}]",
        remedy=(
            "Record the appointment first, with the id of the key, signed with a key that counts; "
            "a representative signs in that role alone."
        ),
    )
