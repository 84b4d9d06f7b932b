"""
How long this clinic keeps what: figures in the ledger's folder, which the clinic sets.

    policy.json    {"retention": {"chart_years": 10, "controlled_years": 2, "records_years": 6}}

Without the file the figures of `ledger.erasure.Retention` hold.
Whether they are what the law asks of this clinic is not for software to say.
"""

from __future__ import annotations

import json
from pathlib import Path

from ledger.erasure import KEPT_BY_DEFAULT, Retention
from ledger.errors import Invalid

MOST_YEARS = 200


def read_retention(path: Path) -> Retention:
    """
    The periods that a policy file states.

    Raises:
        Invalid: `policy-file`.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return KEPT_BY_DEFAULT
    try:
        match json.loads(raw):
            case {"retention": {"chart_years": int(chart), "controlled_years": int(controlled), **more}}:
                records = more.get("records_years", KEPT_BY_DEFAULT.records_years)
                if isinstance(records, int) and all(0 <= each <= MOST_YEARS for each in (chart, controlled, records)):
                    return Retention(chart_years=chart, controlled_years=controlled, records_years=records)
    except ValueError:
        pass
    raise Invalid(
        "policy-file",
        f"{path} does not state the periods of retention.",
        remedy='Write {"retention": {"chart_years": 10, "controlled_years": 2}} with your own whole years.',
    )
