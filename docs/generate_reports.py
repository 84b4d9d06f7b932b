"""
Writes `docs/reports.md` from the schema of the reports.

    python docs/generate_reports.py          write it
    python docs/generate_reports.py --check  only say whether it is what the schema says
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from projections.reports.schema import REPORTS, VERSION, ReportView

PAGE = Path(__file__).parent / "reports.md"

HEAD = """\
# Reports for business-intelligence tools

    session-ledger reports LEDGER-FOLDER --to /srv/reports/ledger.db

writes one SQLite file that such tools open, read only.
*This page is generated from the schema by `docs/generate_reports.py`; change the schema, then run it.*

Tools read the views whose names begin with `v1_`.
Their names and columns stay as they are: a column may be added at the end.
None is renamed, removed or given another meaning; what cannot be said so becomes `v2_…` beside them.
The tables behind the views may change at any release.

## What stands in it

Numbers of records, codes of places, rules, times and counts; positions in the log lead to the signed events.
No name, no person, no partner, no value that was measured or given.
Nothing of the rules that are read in confidence.
That a rule was broken in a session says something about it: give the file to people who may read findings.
`v1_trend` alone may be shown to everybody; it has no group of fewer than five [D].

## Who reads it

The file is readable for its group and writable for its owner only (mode 0640).
It has no write-ahead log, so a reader needs to write nothing, not even beside it.
The group is the role: put the users into it under which the tools run, and give it a folder of its own.

    groupadd ledger-reports
    install -d -o ledger -g ledger-reports -m 2750 /srv/reports

SQLite has no users, so there is no role inside the file: whom the system lets write it, writes it.
In the tool open `file:/srv/reports/ledger.db?mode=ro`: every change is then refused, also to the owner.
Where a tool takes a path alone, let it begin each connection with `PRAGMA query_only = 1`, which refuses changes too.
Whatever is changed in the file never reaches the ledger, and is gone with the next run, which puts a new file there.

## How fresh it is

It is computed when the command runs, and takes the place of the last one at a stroke.
A tool reads one or the other, never a mixture.
Let a timer run it as often as is wanted.
`v1_about` says at which position and as of which instant it was computed.
`--known-at` and `--up-to` write the past: what was known then, or had happened by then.
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_section(view) for view in REPORTS)


def _section(view: ReportView) -> str:
    return "\n".join(["", f"## v{VERSION}_{view.name}", "", f"Each row is {view.words}.", "", *_table(view), ""])


def _table(view: ReportView) -> Iterator[str]:
    yield "| column | type | what stands in it |"
    yield "|---|---|---|"
    for each in view.columns:
        yield f"| `{each.name}` | {each.type} | {each.words} |"


def main() -> None:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        PAGE.write_text(page(), encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != page():
        sys.exit("docs/reports.md is not what the schema says: run docs/generate_reports.py")


if __name__ == "__main__":
    main()
