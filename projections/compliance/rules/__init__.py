"""
The rules, chapter by chapter in the order of their report; one file each.

To add one: write its file, add it to its chapter, give it a story for every verdict in `tests/projections/rules`,
and run `docs/generate_rules.py`.
"""

from __future__ import annotations

from typing import Final

from projections.compliance.rule import AnyRule
from projections.compliance.rules.afterwards import AFTERWARDS
from projections.compliance.rules.before_dose import BEFORE_DOSE
from projections.compliance.rules.eligibility import ELIGIBILITY
from projections.compliance.rules.orders import ORDERS
from projections.compliance.rules.records import RECORDS
from projections.compliance.rules.release import RELEASE
from projections.compliance.rules.substance import SUBSTANCE
from projections.compliance.rules.supervision import SUPERVISION

RULES: Final[tuple[AnyRule, ...]] = (
    *ELIGIBILITY,
    *ORDERS,
    *BEFORE_DOSE,
    *SUPERVISION,
    *RELEASE,
    *AFTERWARDS,
    *SUBSTANCE,
    *RECORDS,
)
