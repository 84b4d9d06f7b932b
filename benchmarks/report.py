"""
Writes what was measured into README.md, between its two marks, and the charts beside it; run it as often as you like.

    python benchmarks/report.py
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.charts import charts
from benchmarks.run import KEPT

HERE = Path(__file__).parent
BEGIN, END = "<!-- figures: written by benchmarks/report.py -->", "<!-- end of the figures -->"

PARTS = {
    "append": ("One append, one after another", "append.svg"),
    "writers": ("Many writers at once", "writers.svg"),
    "slow": ("The same where a sync takes longer: every sync answered no sooner, not a figure of this disk", ""),
    "post": ("Through the service, and from the page", ""),
    "tap": ("", ""),
    "verify": ("Verification", "verify.svg"),
    "receipt": ("Asking", ""),
    "views": ("", ""),
    "judge": ("", ""),
    "rebuild": ("Views built from nothing, beside the library", ""),
    "dash": ("Dashboards", ""),
    "flat": ("As the ledger grows", "flat.svg"),
}
"""Heading and chart by the first word of a figure's key; those without a heading go on under the last one."""


def report(readme: Path = HERE / "README.md", kept: Path = KEPT, folder: Path = HERE / "charts") -> None:
    """Write table and charts; nothing else in the page changes."""
    known = json.loads(kept.read_text(encoding="utf-8"))
    folder.mkdir(exist_ok=True)
    drawn = charts(known)
    for name, svg in drawn.items():
        (folder / name).write_text(svg, encoding="utf-8")
    page = readme.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    readme.write_text(f"{before}{BEGIN}\n\n{table(known, drawn)}\n{END}{after}", encoding="utf-8")


def table(known: Mapping[str, Mapping[str, Any]], drawn: Mapping[str, str]) -> str:
    """All figures, part by part, each part with when it was measured and on what."""
    lines: list[str] = []
    machines = list(dict.fromkeys(each["machine"] for each in known.values()))
    lines += [f"{chr(65 + number)}: {each}." for number, each in enumerate(machines)] + [""]
    for first, (heading, chart) in PARTS.items():
        figures = [each for key, each in known.items() if key.partition(".")[0] == first]
        if not figures:
            continue
        if heading:
            lines += [f"### {heading}", "", *_measured(figures, machines)]
            lines += [f"![{heading}](charts/{chart})", ""] if chart in drawn else []
            lines += ["| | wall | processor | beside | aim |", "|---|---|---|---|---|"]
        elif lines[-1] == "":
            lines.pop()
        lines += [_row(each) for each in figures]
        lines.append("")
    return "\n".join(lines)


def _measured(figures: list[Mapping[str, Any]], machines: list[str]) -> list[str]:
    last = figures[-1]
    return [f"{last['date']}, on machine {chr(65 + machines.index(last['machine']))}, load {last['load']}.", ""]


def _row(each: Mapping[str, Any]) -> str:
    beside = f"{each['ratio']:.2f} x {each['beside']}" if each["ratio"] is not None else ""
    reached = {True: "reached", False: "**not reached**", None: ""}[each["reached"]]
    aim = ": ".join(part for part in (each["aim"], reached) if part)
    wall, cpu = (_amount(value, each["unit"]) for value in (each["value"], each["cpu"]))
    return f"| {each['title']} | {wall} | {cpu} | {beside} | {aim} |"


def _amount(value: float | None, unit: str) -> str:
    if not value:
        return ""
    number = f"{value:,.0f}".replace(",", " ") if value >= 100 else f"{value:.2f}"
    return f"{number} {unit}"


if __name__ == "__main__":
    report()
