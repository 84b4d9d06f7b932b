"""Rules about what is measured and asked before a dose."""

from __future__ import annotations

from typing import Final

from projections.compliance.rule import AnyRule
from projections.compliance.rules.before_dose.pre_01 import pre_01
from projections.compliance.rules.before_dose.pre_02 import pre_02
from projections.compliance.rules.before_dose.pre_03 import pre_03
from projections.compliance.rules.before_dose.pre_04 import pre_04
from projections.compliance.rules.before_dose.pre_05 import pre_05
from projections.compliance.rules.before_dose.pre_06 import pre_06
from projections.compliance.rules.before_dose.pre_07 import pre_07
from projections.compliance.rules.before_dose.pre_08 import pre_08
from projections.compliance.rules.before_dose.pre_09 import pre_09

BEFORE_DOSE: Final[tuple[AnyRule, ...]] = (
    pre_01,
    pre_02,
    pre_03,
    pre_04,
    pre_05,
    pre_06,
    pre_07,
    pre_08,
    pre_09,
)
