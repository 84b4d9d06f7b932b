"""What a draft protocol would change, in a form for programs: the same for the command and the service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from projections.compliance.finding import Finding
from projections.questions.what_if import Changes, WhatIf


def what_if_list(found: WhatIf, may_read: Callable[[str], bool] = lambda _: True) -> dict[str, Any]:
    """All of the answer; without what the rules say that the reader `may_read` not, as if nothing changed there."""
    rules = {rule: {"appear": appear, "go": go} for rule, (appear, go) in found.counted().items() if may_read(rule)}
    changes = [_change(each, may_read) for each in found.changes]
    return {
        "position": found.position,
        "as_of": found.as_of,
        "filters": dict(found.filters),
        "figures": list(found.figures),
        "versions": dict(found.versions),
        "judged": found.judged,
        "unpublished": found.unpublished,
        "rules": rules,
        "changes": [each for each in changes if each["appear"] or each["go"]],
    }


def _change(each: Changes, may_read: Callable[[str], bool]) -> dict[str, Any]:
    return {
        "session": each.session or None,
        "at": each.at,
        "appear": [_finding(one) for one in each.appear if may_read(one.rule)],
        "go": [_finding(one) for one in each.go if may_read(one.rule)],
        "stay": sum(may_read(one.rule) for one in each.stay),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {"identity": finding.identity, **asdict(finding)}
