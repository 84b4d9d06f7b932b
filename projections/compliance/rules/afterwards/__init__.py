"""Rules about what comes after a session, and what is done about what went badly."""

from __future__ import annotations

from typing import Final

from projections.compliance.rule import AnyRule
from projections.compliance.rules.afterwards.ae_01 import ae_01
from projections.compliance.rules.afterwards.ae_02 import ae_02
from projections.compliance.rules.afterwards.ae_03 import ae_03
from projections.compliance.rules.afterwards.ae_04 import ae_04
from projections.compliance.rules.afterwards.ae_05 import ae_05
from projections.compliance.rules.afterwards.fu_01 import fu_01
from projections.compliance.rules.afterwards.fu_02 import fu_02
from projections.compliance.rules.afterwards.fu_03 import fu_03

AFTERWARDS: Final[tuple[AnyRule, ...]] = (ae_01, ae_02, ae_03, ae_04, ae_05, fu_01, fu_02, fu_03)
