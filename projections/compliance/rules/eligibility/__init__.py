"""Rules about who may take part: evaluations, screens, consents."""

from __future__ import annotations

from typing import Final

from projections.compliance.rule import AnyRule

ELIGIBILITY: Final[tuple[AnyRule, ...]] = ()
