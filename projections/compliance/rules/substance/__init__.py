"""Rules about the controlled substance: counts, waste, custody, losses."""

from __future__ import annotations

from typing import Final

from projections.compliance.rule import AnyRule
from projections.compliance.rules.substance.cs_01 import cs_01
from projections.compliance.rules.substance.cs_02 import cs_02
from projections.compliance.rules.substance.cs_03 import cs_03
from projections.compliance.rules.substance.cs_04 import cs_04
from projections.compliance.rules.substance.cs_05 import cs_05
from projections.compliance.rules.substance.cs_06 import cs_06
from projections.compliance.rules.substance.cs_07 import cs_07
from projections.compliance.rules.substance.cs_08 import cs_08
from projections.compliance.rules.substance.cs_09 import cs_09
from projections.compliance.rules.substance.cs_10 import cs_10
from projections.compliance.rules.substance.cs_11 import cs_11
from projections.compliance.rules.substance.cs_12 import cs_12
from projections.compliance.rules.substance.cs_13 import cs_13
from projections.compliance.rules.substance.cs_14 import cs_14

SUBSTANCE: Final[tuple[AnyRule, ...]] = (
    cs_01,
    cs_02,
    cs_03,
    cs_04,
    cs_05,
    cs_06,
    cs_07,
    cs_08,
    cs_09,
    cs_10,
    cs_11,
    cs_12,
    cs_13,
    cs_14,
)
