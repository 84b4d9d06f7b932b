"""Rules about who may take part: evaluations, screens, consents."""

from __future__ import annotations

from typing import Final

from projections.compliance.rule import AnyRule
from projections.compliance.rules.eligibility.elig_01 import elig_01
from projections.compliance.rules.eligibility.elig_02 import elig_02
from projections.compliance.rules.eligibility.elig_03 import elig_03
from projections.compliance.rules.eligibility.elig_04 import elig_04
from projections.compliance.rules.eligibility.elig_05 import elig_05
from projections.compliance.rules.eligibility.elig_06 import elig_06
from projections.compliance.rules.eligibility.elig_07 import elig_07
from projections.compliance.rules.eligibility.elig_08 import elig_08
from projections.compliance.rules.eligibility.elig_09 import elig_09
from projections.compliance.rules.eligibility.elig_10 import elig_10

ELIGIBILITY: Final[tuple[AnyRule, ...]] = (
    elig_01,
    elig_02,
    elig_03,
    elig_04,
    elig_05,
    elig_06,
    elig_07,
    elig_08,
    elig_09,
    elig_10,
)
