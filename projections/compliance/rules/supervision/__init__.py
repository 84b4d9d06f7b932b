"""Rules about who watches, how often, and what follows a bad value."""

from __future__ import annotations

from typing import Final

from projections.compliance.rule import AnyRule
from projections.compliance.rules.supervision.sup_01 import sup_01
from projections.compliance.rules.supervision.sup_02 import sup_02
from projections.compliance.rules.supervision.sup_05 import sup_05
from projections.compliance.rules.supervision.sup_06 import sup_06
from projections.compliance.rules.supervision.sup_09 import sup_09
from projections.compliance.rules.supervision.sup_12 import sup_12

SUPERVISION: Final[tuple[AnyRule, ...]] = (sup_01, sup_02, sup_05, sup_06, sup_09, sup_12)
