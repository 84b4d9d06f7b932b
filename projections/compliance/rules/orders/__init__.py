"""Rules about orders and doses."""

from __future__ import annotations

from typing import Final

from projections.compliance.rule import AnyRule
from projections.compliance.rules.orders.ord_01 import ord_01
from projections.compliance.rules.orders.ord_02 import ord_02
from projections.compliance.rules.orders.ord_03 import ord_03
from projections.compliance.rules.orders.ord_04 import ord_04
from projections.compliance.rules.orders.ord_05 import ord_05
from projections.compliance.rules.orders.ord_06 import ord_06
from projections.compliance.rules.orders.ord_07 import ord_07
from projections.compliance.rules.orders.ord_08 import ord_08
from projections.compliance.rules.orders.ord_09 import ord_09
from projections.compliance.rules.orders.ord_10 import ord_10

ORDERS: Final[tuple[AnyRule, ...]] = (
    ord_01,
    ord_02,
    ord_03,
    ord_04,
    ord_05,
    ord_06,
    ord_07,
    ord_08,
    ord_09,
    ord_10,
)
