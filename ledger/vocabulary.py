"""
The closed words of the ledger: roles, meanings of a signature, routes, places in a session.

Each list is closed on purpose: a word nobody knows is refused at the door, and the type checker shows
every place that must learn a new one.
Coded terms and their sources are in `docs/glossary.md`.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

Slot: TypeAlias = Literal["a", "b"]
"""Which of the two partners, in one session or couple; a person keeps their slot for the whole course."""

StreamKind: TypeAlias = Literal[
    "keys",
    "person",
    "couple",
    "staff",
    "location",
    "protocol",
    "stock",
    "device",
    "governance",
    "access",
    "session",
    "partner",
    "any",
]
"""
Whose record a type belongs to; `session` holds joint facts, `partner` those of one partner in it.

What is said about another entry stands on that entry's record, which may be `any`.
"""

Role: TypeAlias = Literal[
    "nurse",
    "prescriber",
    "therapist",
    "medical-director",
    "security-officer",
    "registrar",
    "scheduler",
    "custodian",
    "pharmacist",
    "credentialing-officer",
    "compliance-officer",
    "privacy-officer",
    "records-officer",
    "driver",
    "participant",
    "representative",
    "service",
]
"""In which role somebody signs (21 CFR 11.50 asks for the printed name, the time and the meaning)."""

Meaning: TypeAlias = Literal[
    "opened",
    "possession",
    "enrolled",
    "revoked",
    "performed",
    "observed",
    "witnessed",
    "verified",
    "approved",
    "authorised",
    "authorised-release",
    "acknowledged",
    "consented",
    "declined",
    "received",
    "relinquished",
    "reviewed",
    "corrected",
    "countersigned",
    "transcribed",
]
"""What a signature means; `transcribed`: typed from a paper sheet, on which others stand for what they did."""

Route: TypeAlias = Literal["sublingual", "buccal", "oral", "intramuscular", "intravenous", "intranasal"]
"""How a dose enters the body; SNOMED CT codes in `docs/glossary.md`."""

Phase: TypeAlias = Literal[
    "arrival",
    "preparation",
    "dosing",
    "onset",
    "peak",
    "dialogue",
    "come-down",
    "integration",
    "recovery",
    "discharge",
]
"""Where a session stands, as its therapist or monitor calls it."""

DosingMode: TypeAlias = Literal["solo", "staggered", "simultaneous", "asymmetric"]
"""How a couple is dosed in one session."""

Disposition: TypeAlias = Literal[
    "home-with-escort",
    "onsite-lodging",
    "accompanied-ride",
    "sober-partner",
    "hospital",
    "not-dosed",
    "other",
]
"""In whose care somebody leaves."""

TravelMode: TypeAlias = Literal[
    "onsite-lodging",
    "shuttle",
    "escort-car",
    "accompanied-ride",
    "solo-rideshare",
    "public-transport",
    "on-foot",
    "own-vehicle",
    "other",
]
"""How somebody travels from a session; `onsite-lodging` is staying, `own-vehicle` is driving oneself."""

ArrivalMode: TypeAlias = Literal[
    "own-vehicle", "driven", "shuttle", "onsite-lodging", "public-transport", "on-foot", "other"
]
"""How somebody came; `driven` is being brought by somebody else."""

DestinationClass: TypeAlias = Literal["home", "onsite-lodging", "hotel", "hospital", "other"]
"""What kind of place somebody leaves for; an address is identity."""

CredentialType: TypeAlias = Literal["licence", "dea", "state-cs", "acls", "bls", "kap", "monitor", "ledger"]
"""Kinds of credential; `kap` is training in ketamine-assisted psychotherapy, `ledger` in this software."""

Profession: TypeAlias = Literal["rn", "np", "pa", "md", "do", "pharmd", "emt-p", "psychotherapist", "other"]
"""What a licence is for."""

LocationKind: TypeAlias = Literal["clinic", "retreat", "home"]
"""Where sessions take place."""

Presence: TypeAlias = Literal["on-site", "reachable"]
"""Where the prescriber is while a session runs."""

ParticipantRole: TypeAlias = Literal["dosing", "sober-support"]
"""What a partner came for: to be dosed, or to be there."""

Identifier: TypeAlias = Literal["name", "birth-date", "photo", "wristband", "address", "phone"]
"""What was compared to make sure that this is the right person."""

Drug: TypeAlias = Literal["ketamine", "esketamine"]
"""The ingredient; RxNorm 6130 for ketamine."""

DoseForm: TypeAlias = Literal[
    "lozenge", "tablet", "capsule", "solution", "vial", "nasal-spray", "nasal-device", "syringe"
]
"""In which form a product is kept."""
