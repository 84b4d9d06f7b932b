"""Rules about the controlled substance: counts, waste, custody, losses."""

from __future__ import annotations

from typing import Final

from projections.compliance.rule import AnyRule
from projections.compliance.rules.substance.cs_01 import cs_01
from projections.compliance.rules.substance.cs_02 import cs_02
from projections.compliance.rules.substance.cs_10 import cs_10
from projections.compliance.rules.substance.cs_14 import cs_14

SUBSTANCE: Final[tuple[AnyRule, ...]] = (
    cs_01,
    cs_02,
    cs_10,
    cs_14,
)
