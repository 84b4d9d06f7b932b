"""Rules about what is measured and asked before a dose."""

from __future__ import annotations

from typing import Final

from projections.compliance.rule import AnyRule

BEFORE_DOSE: Final[tuple[AnyRule, ...]] = ()
