"""
What a protocol chooses beside its figures, since its second version: modes, lists of states, further waits.

Each default is ours [D] where it rests on no law; a protocol of the first version is read as if it had chosen them.
`_min`, `_h`, `_days` and `_months` are minutes, hours, days and months; null switches a limit off.
Source: the exact rules, PRE-09, SUP-03, SUP-04, SUP-08, AE-02, CS-02, CS-14, ORD-07, REC-04, REC-05 and REC-12.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.authority import ProtocolPublished
from ledger.events.base import NOTHING, Critical, Event, Signer
from ledger.events.fields import Open
from ledger.events.measures import Count, Hours, Minutes, Part
from ledger.events.parameters import Days, Parameters, Quantity
from ledger.events.words import Code, LocalDate, Several, State
from ledger.vocabulary import Presence, Profession, StreamKind


class GroupRatio(Part):
    """In a group in which nobody has had more than `up_to_mg` in this session, one monitor watches at most so many."""

    persons: Count
    up_to_mg: Quantity


class Choices(Part):
    """
    Choices of a protocol [D].

    `group_ratios` is the table for couples who share a room as a group; empty, the ratios for everybody hold there too.
    `pdmp_states` are the states in which the prescription database is asked; null is all of them.
    `serious_regime` is to whom a serious adverse event is reported: nobody outside for use off label.
    `waste_witness` are the licences one of which a witness of waste holds.
    """

    access_request_days: Days = 30
    amendment_request_days: Days = 60
    erasure_request_months: Count = 1
    esketamine_prescriber: Presence = "on-site"
    group_ratios: Several[GroupRatio] = ()
    identifiers_min: Count = 2
    integrity_every_h: Hours = 24
    pdmp_states: Several[State] | None = None
    sedation_information_states: Several[State] = ("UT",)
    sedation_notify_min: Minutes = 5
    serious_fatal_days: Days = 7
    serious_ind_days: Days = 15
    serious_regime: Literal["off-label", "rems", "ind"] = "off-label"
    serious_rems_days: Days = 7
    signing_idle_min: Minutes = 15
    waste_witness: Several[Profession] = ("rn", "np", "md", "do", "pharmd")


class Parameters2(Parameters):
    """All figures of a protocol, by act, and its choices; `Parameters2()` holds the defaults [D]."""

    choices: Choices = Choices()


class ProtocolPublished2(Event):
    """A version of a protocol: its figures and choices, and the version of the rules that read them."""

    STREAM: ClassVar[StreamKind] = "protocol"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("approved", roles=("medical-director",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["protocol-published/2"] = "protocol-published/2"
    effective: Open[LocalDate]
    name: Open[Code]
    parameters: Open[Parameters2]
    rule_set: Open[Code]
    version: Open[Code]


PUBLISHED = (ProtocolPublished, ProtocolPublished2)
"""Every version of the type by which a protocol is published."""

PUBLISHED_TAGS = tuple(kind.type_tag() for kind in PUBLISHED)
"""Their tags."""

Published: TypeAlias = ProtocolPublished | ProtocolPublished2
"""A protocol, however early it was published."""


def parameters_of(published: Published) -> Parameters2:
    """The figures and choices of a protocol; one of the first version has the choices by default."""
    if isinstance(published, ProtocolPublished2):
        return published.parameters
    figures = published.parameters
    return Parameters2(**{name: getattr(figures, name) for name in type(figures).model_fields})
