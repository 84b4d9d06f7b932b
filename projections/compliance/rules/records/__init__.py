"""Rules about the record itself: lateness, second people, devices, privacy."""

from __future__ import annotations

from typing import Final

from projections.compliance.rule import AnyRule
from projections.compliance.rules.records.rec_01 import rec_01
from projections.compliance.rules.records.rec_02 import rec_02
from projections.compliance.rules.records.rec_03 import rec_03
from projections.compliance.rules.records.rec_04 import rec_04
from projections.compliance.rules.records.rec_05 import rec_05
from projections.compliance.rules.records.rec_06 import rec_06
from projections.compliance.rules.records.rec_07 import rec_07
from projections.compliance.rules.records.rec_08 import rec_08
from projections.compliance.rules.records.rec_09 import rec_09
from projections.compliance.rules.records.rec_10 import rec_10
from projections.compliance.rules.records.rec_11 import rec_11
from projections.compliance.rules.records.rec_12 import rec_12
from projections.compliance.rules.records.rec_13 import rec_13
from projections.compliance.rules.records.rec_14 import rec_14
from projections.compliance.rules.records.rec_15 import rec_15
from projections.compliance.rules.records.rec_16 import rec_16
from projections.compliance.rules.records.rec_17 import rec_17

RECORDS: Final[tuple[AnyRule, ...]] = (
    rec_01,
    rec_02,
    rec_03,
    rec_04,
    rec_05,
    rec_06,
    rec_07,
    rec_08,
    rec_09,
    rec_10,
    rec_11,
    rec_12,
    rec_13,
    rec_14,
    rec_15,
    rec_16,
    rec_17,
)
