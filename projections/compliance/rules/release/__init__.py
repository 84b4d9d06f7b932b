"""Rules about going home."""

from __future__ import annotations

from typing import Final

from projections.compliance.rule import AnyRule
from projections.compliance.rules.release.rel_01 import rel_01
from projections.compliance.rules.release.rel_07 import rel_07

RELEASE: Final[tuple[AnyRule, ...]] = (rel_01, rel_07)
