"""Rules about who watches, how often, and what follows a bad value."""

from __future__ import annotations

from typing import Final

from projections.compliance.rule import AnyRule
from projections.compliance.rules.supervision.sup_02 import sup_02
from projections.compliance.rules.supervision.sup_05 import sup_05

SUPERVISION: Final[tuple[AnyRule, ...]] = (sup_02, sup_05)
