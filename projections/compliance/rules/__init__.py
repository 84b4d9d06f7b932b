"""
The rules, in the order of their report; one file each.

To add one: write its file, add it here, give it a story for every verdict in `tests/projections/rules`, and
run `docs/generate_rules.py`.
"""

from __future__ import annotations

from typing import Final

from projections.compliance.rule import Rule
from projections.compliance.rules.rec_02 import rec_02
from projections.compliance.rules.rec_03 import rec_03
from projections.compliance.rules.rec_06 import rec_06
from projections.compliance.rules.rec_07 import rec_07
from projections.compliance.rules.rec_09 import rec_09
from projections.compliance.rules.rec_17 import rec_17
from projections.compliance.rules.rel_01 import rel_01
from projections.compliance.rules.rel_07 import rel_07
from projections.compliance.rules.sup_02 import sup_02
from projections.compliance.rules.sup_05 import sup_05

RULES: Final[tuple[Rule, ...]] = (sup_02, sup_05, rel_01, rel_07, rec_02, rec_03, rec_06, rec_07, rec_09, rec_17)
