"""Rules about the controlled substance: counts, waste, custody, losses."""

from __future__ import annotations

from typing import Final

from projections.compliance.rule import AnyRule

SUBSTANCE: Final[tuple[AnyRule, ...]] = ()
