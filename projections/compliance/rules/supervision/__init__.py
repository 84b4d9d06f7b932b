"""Rules about who watches, how often, and what follows a bad value."""

from __future__ import annotations

from typing import Final

from projections.compliance.rule import AnyRule
from projections.compliance.rules.supervision.sup_01 import sup_01
from projections.compliance.rules.supervision.sup_02 import sup_02
from projections.compliance.rules.supervision.sup_03 import sup_03
from projections.compliance.rules.supervision.sup_04 import sup_04
from projections.compliance.rules.supervision.sup_05 import sup_05
from projections.compliance.rules.supervision.sup_06 import sup_06
from projections.compliance.rules.supervision.sup_07 import sup_07
from projections.compliance.rules.supervision.sup_08 import sup_08
from projections.compliance.rules.supervision.sup_09 import sup_09
from projections.compliance.rules.supervision.sup_10 import sup_10
from projections.compliance.rules.supervision.sup_11 import sup_11
from projections.compliance.rules.supervision.sup_12 import sup_12
from projections.compliance.rules.supervision.sup_13 import sup_13
from projections.compliance.rules.supervision.sup_14 import sup_14

SUPERVISION: Final[tuple[AnyRule, ...]] = (
    sup_01,
    sup_02,
    sup_03,
    sup_04,
    sup_05,
    sup_06,
    sup_07,
    sup_08,
    sup_09,
    sup_10,
    sup_11,
    sup_12,
    sup_13,
    sup_14,
)
