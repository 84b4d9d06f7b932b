"""Rules about going home."""

from __future__ import annotations

from typing import Final

from projections.compliance.rule import AnyRule
from projections.compliance.rules.release.rel_01 import rel_01
from projections.compliance.rules.release.rel_02 import rel_02
from projections.compliance.rules.release.rel_03 import rel_03
from projections.compliance.rules.release.rel_04 import rel_04
from projections.compliance.rules.release.rel_05 import rel_05
from projections.compliance.rules.release.rel_06 import rel_06
from projections.compliance.rules.release.rel_07 import rel_07
from projections.compliance.rules.release.rel_08 import rel_08
from projections.compliance.rules.release.rel_09 import rel_09
from projections.compliance.rules.release.rel_10 import rel_10
from projections.compliance.rules.release.rel_11 import rel_11
from projections.compliance.rules.release.rel_12 import rel_12
from projections.compliance.rules.release.rel_13 import rel_13
from projections.compliance.rules.release.rel_14 import rel_14

RELEASE: Final[tuple[AnyRule, ...]] = (
    rel_01,
    rel_02,
    rel_03,
    rel_04,
    rel_05,
    rel_06,
    rel_07,
    rel_08,
    rel_09,
    rel_10,
    rel_11,
    rel_12,
    rel_13,
    rel_14,
)
