"""Rules about orders and doses."""

from __future__ import annotations

from typing import Final

from projections.compliance.rule import AnyRule

ORDERS: Final[tuple[AnyRule, ...]] = ()
