"""
The charts of README.md: bars and lines as SVG, drawn from the kept figures, with text as text.

Each has its own ground and reads in light and in dark; a bar says its number itself, so no colour has to be told apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, TypeAlias

Known: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Figures by key, as `figures.json` keeps them."""

WIDTH, LEFT, RIGHT, ROW, TOP = 760, 250, 96, 34, 64

STYLE = """
    .ground { fill: #ffffff; stroke: #d0d4d9 } text { fill: #1d2329; font: 13px system-ui, sans-serif }
    .title { font-weight: 600; font-size: 15px } .quiet { fill: #57606a }
    .bar { fill: #b6bec8 } .ours { fill: #2f6fde } .part { fill: #00000055 }
    .line { fill: none; stroke: #2f6fde; stroke-width: 2 } .dot { fill: #2f6fde }
    .grid { stroke: #d0d4d9 } .aim { stroke: #b3261e; stroke-dasharray: 5 4 } .aim-text { fill: #b3261e }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #15191e; stroke: #3a424c } text { fill: #e6e9ed } .quiet { fill: #a3acb7 }
      .bar { fill: #56606c } .ours { fill: #5b93f5 } .part { fill: #00000066 }
      .line { stroke: #7aa9ff } .dot { fill: #7aa9ff } .grid { stroke: #3a424c }
      .aim { stroke: #ff8a80 } .aim-text { fill: #ff8a80 }
    }
"""


@dataclass(frozen=True)
class Bar:
    """One bar; `part` is how much of it was processor time, `words` stand behind it."""

    name: str
    value: float
    words: str
    part: float = 0.0
    is_ours: bool = False


def charts(known: Known) -> dict[str, str]:
    """Every chart for which there are figures, by file name."""
    found: dict[str, str] = {}
    if bars := _bars(known, _APPEND, part=True):
        aim = 1.5 * (known["append.disk"]["value"] + known["append.library"]["value"])
        found["append.svg"] = bar_chart(
            "One durable append, median, ms", "dark: processor time; line: what ours aims at", bars, aim
        )
    if "writers.64.ours" in known:
        bars = [
            Bar(
                f"{name}, {count} writer{'s' * (count > 1)}",
                known[f"writers.{count}.{key}"]["value"],
                f"{known[f'writers.{count}.{key}']['value']:,.0f}".replace(",", " "),
                is_ours=key == "ours",
            )
            for count in (1, 8, 64)
            for key, name in (("library", "plain library"), ("ours", "ours"))
        ]
        aim = 4 * known["writers.64.library"]["value"]
        found["writers.svg"] = bar_chart(
            "Events per second, each durable", "line: what ours aims at with 64 writers", bars, aim
        )
    if bars := _bars(known, _VERIFY, part=False):
        aim = 0.5 * max(known["verify.openssl.all"]["value"], known["verify.sodium.all"]["value"])
        found["verify.svg"] = bar_chart("Signatures checked per second", "line: what ours aims at", bars, aim)
    if flat := _flat(known):
        found["flat.svg"] = line_chart(
            "Processor time of one operation as the ledger grows",
            "beside that at the smallest; the line is 20 % more",
            flat,
        )
    return found


def bar_chart(title: str, note: str, bars: Sequence[Bar], aim: float) -> str:
    """Horizontal bars from zero, one under another, and a line at what is aimed at."""
    widest, height = max([aim, *(bar.value for bar in bars)]), TOP + ROW * len(bars) + 24

    def across(value: float) -> float:
        return value / widest * (WIDTH - LEFT - RIGHT)

    drawn = []
    for number, bar in enumerate(bars):
        y = TOP + ROW * number
        kind = "ours" if bar.is_ours else "bar"
        drawn += [
            f'<text x="{LEFT - 10}" y="{y + 18}" text-anchor="end">{escape(bar.name)}</text>',
            f'<rect class="{kind}" x="{LEFT}" y="{y + 4}" width="{across(bar.value):.1f}" height="20"/>',
            f'<rect class="part" x="{LEFT}" y="{y + 4}" width="{across(bar.part):.1f}" height="20"/>'
            if bar.part
            else "",
            f'<text x="{LEFT + across(bar.value) + 6:.1f}" y="{y + 18}">{escape(bar.words)}</text>',
        ]
    x = LEFT + across(aim)
    drawn.append(f'<line class="aim" x1="{x:.1f}" y1="{TOP - 4}" x2="{x:.1f}" y2="{height - 20}"/>')
    return _svg(title, note, height, drawn)


def line_chart(title: str, note: str, lines: Mapping[str, Sequence[tuple[int, float]]]) -> str:
    """One small field for each line: ratios over sizes, with the limit of what is flat."""
    field, height = 210, 270
    highest = max(1.3, *(ratio for points in lines.values() for _, ratio in points))
    drawn = []
    for number, (name, points) in enumerate(lines.items()):
        left, base, tall = 48 + number * (field + 26), height - 44, height - 44 - TOP - 26
        step = (field - 60) / max(1, len(points) - 1)
        places = [(left + 24 + index * step, base - ratio / highest * tall) for index, (_, ratio) in enumerate(points)]
        limit = base - 1.2 / highest * tall
        drawn += [
            f'<text x="{left}" y="{TOP + 8}">{escape(name)}</text>',
            f'<line class="grid" x1="{left}" y1="{base}" x2="{left + field - 20}" y2="{base}"/>',
            f'<line class="aim" x1="{left}" y1="{limit:.1f}" x2="{left + field - 20}" y2="{limit:.1f}"/>',
            f'<polyline class="line" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in places)}"/>',
        ]
        for (x, y), (size, ratio) in zip(places, points, strict=True):
            drawn += [
                f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>',
                f'<text x="{x:.1f}" y="{y + 20:.1f}" text-anchor="middle">{ratio:.2f}</text>',
                f'<text class="quiet" x="{x:.1f}" y="{base + 18}" text-anchor="middle">{_short(size)}</text>',
            ]
    return _svg(title, note, height, drawn)


def _svg(title: str, note: str, height: int, drawn: Sequence[str]) -> str:
    inside = "\n  ".join(line for line in drawn if line)
    head = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}"'
    return f"""<svg {head}>
  <style>{STYLE}  </style>
  <rect class="ground" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="6"/>
  <text class="title" x="20" y="26">{escape(title)}</text>
  <text class="quiet" x="20" y="45">{escape(note)}</text>
  {inside}
</svg>
"""


_APPEND = {
    "append.disk": "two fdatasyncs of 4 KiB",
    "append.sqlite": "SQLite, one row",
    "append.library": "plain eventsourcing library",
    "append.pymerkle": "pymerkle (unsigned)",
    "append.hypercore": "hypercore (not waiting for disk)",
    "append.ours": "ours",
}
_VERIFY = {
    "verify.openssl": "bare, cryptography, one core",
    "verify.sodium": "bare, PyNaCl, one core",
    "verify.openssl.all": "bare, cryptography, all cores",
    "verify.sodium.all": "bare, PyNaCl, all cores",
    "verify.ours": "ours: everything",
}


def _bars(known: Known, names: Mapping[str, str], *, part: bool) -> list[Bar]:
    if not all(key in known for key in names):
        return []
    return [
        Bar(
            name,
            known[key]["value"],
            (f"{known[key]['value']:.2f} ms" if part else f"{known[key]['value']:,.0f}".replace(",", " "))
            if known[key]["value"]
            else "not measured",
            (known[key]["cpu"] or 0) if part else 0,
            is_ours=key.endswith("ours"),
        )
        for key, name in names.items()
    ]


def _flat(known: Known) -> dict[str, list[tuple[int, float]]]:
    lines: dict[str, list[tuple[int, float]]] = {}
    for name, words in (("append", "one append"), ("receipt", "a receipt"), ("session", "a session read")):
        sizes = sorted(int(key.rpartition(".")[2]) for key in known if key.startswith(f"flat.{name}."))
        if len(sizes) > 1:
            lines[words] = [(size, known[f"flat.{name}.{size}"]["ratio"] or 1.0) for size in sizes]
    return lines


def _short(size: int) -> str:
    return {1_000_000: "1 million"}.get(size, f"{size:,}".replace(",", " "))
