"""
One example of every type of event, most of them as story S1 tells it: Ana, Ben and a retreat weekend.

They stand in one file for each group of clinical acts; how they are made says `example_making`.
"""

from __future__ import annotations

from tests.ledger.events import (
    examples_before,
    examples_dosing,
    examples_eligibility,
    examples_emergencies,
    examples_governance,
    examples_losses,
    examples_paper,
    examples_privacy,
    examples_record,
    examples_release,
    examples_session,
    examples_staff,
    examples_stock,
    examples_supervision,
)
from tests.ledger.events.example_making import (
    ANA,
    EXAMPLES,
    OFFICER_1,
    ORIGIN,
    RN1,
    SAT_A,
    Example,
    digest_of,
    key_of,
    sealed,
)

GROUPS = (
    examples_before,
    examples_staff,
    examples_eligibility,
    examples_session,
    examples_dosing,
    examples_supervision,
    examples_emergencies,
    examples_release,
    examples_stock,
    examples_losses,
    examples_record,
    examples_paper,
    examples_privacy,
    examples_governance,
)
"""Importing them fills `EXAMPLES`."""

__all__ = [
    "ANA",
    "EXAMPLES",
    "GROUPS",
    "OFFICER_1",
    "ORIGIN",
    "RN1",
    "SAT_A",
    "Example",
    "digest_of",
    "key_of",
    "sealed",
]
