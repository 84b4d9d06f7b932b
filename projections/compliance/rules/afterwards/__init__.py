"""Rules about adverse events and the days after."""

from __future__ import annotations

from typing import Final

from projections.compliance.rule import AnyRule

AFTERWARDS: Final[tuple[AnyRule, ...]] = ()
