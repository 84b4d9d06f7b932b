"""
A paper sheet as it is typed in: what day it is of, who and what it names, and its lines.

    paper-day: Saturday, both partners
    zone: America/New_York
    date: 2026-09-12
    pages: 2
    reason: tablets-down
    cast:
      staff: {RN3: {roles: [nurse]}}
      sessions: {S4: {on: 2026-09-12, a: Ava, b: Boris}}
    lines:
      - {line: 1, at: 10:05, event: dose-administered, for: S4/Ava, by: RN3, mass: 100 mg, …}

Texts mean what they mean in a story (`api.story.values`); JSON is read as well, being YAML.
`line` is the number on the paper: from it and the scan follows which event it is, so that nothing enters twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from api.story.reader import EMPTY, Raw, Reader, local_moment, read_text
from api.story.script import KINDS
from ledger.errors import Invalid

LINE_WORDS: Final = frozenset({"line", "at", "event", "for", "by", "as", "usual"})
"""Members of a line that are not fields of its event."""


@dataclass(frozen=True, slots=True)
class LineProblem:
    """Why a line is not recorded: where it stands in the file and on the paper, the field, and what to do."""

    at_line: int
    line: str
    code: str
    field: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line: when by the wall clock, what, whose, who did it; `at_line` is its place in the file."""

    at_line: int
    number: int
    at: datetime
    event: str
    target: str
    by: tuple[str, ...]
    label: str
    fields: dict[str, Raw]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole sheet; `problems` are those of lines that cannot be read at all."""

    title: str
    zone: ZoneInfo
    date: str
    pages: int
    reason: str
    cast: dict[str, dict[str, dict[str, Raw]]]
    earlier: dict[str, str]
    lines: tuple[Line, ...]
    problems: tuple[LineProblem, ...]
    texts: Path


def read_sheet(path: Path) -> Sheet:
    """
    The sheet in a file.

    Raises:
        Invalid: `paper-sheet`, when what is said of the sheet as a whole is wrong; with the line at fault.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise Invalid("paper-sheet", f"{path} cannot be opened.", remedy="Check the path of the sheet.") from None
    except UnicodeDecodeError:
        raise Invalid("paper-sheet", f"{path} is no text.", remedy="Save it as UTF-8 text.") from None
    return sheet_of(text, path.parent / "texts")


def sheet_of(text: str, texts: Path = Path("texts")) -> Sheet:
    """The sheet of a text, in YAML or JSON; raises as `read_sheet`."""
    try:
        return _sheet(read_text(text), texts)
    except Invalid as error:
        raise Invalid(
            "paper-sheet", of_sheet(error.message), field=error.field, remedy=of_sheet(error.remedy)
        ) from None


def of_sheet(words: str) -> str:
    """What is said about stories, as it is said about sheets."""
    words = words.replace("docs/stories.md", "docs/paper-days.md").replace("an earlier step", "an earlier line")
    return words.replace("earlier step", "line above").replace("the story", "the sheet").replace("a story", "a sheet")


def _sheet(sheet: Reader, texts: Path) -> Sheet:
    sheet.only("paper-day", "zone", "date", "pages", "reason", "cast", "earlier", "usual", "lines")
    try:
        zone = ZoneInfo(sheet.text("zone"))
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: America is a folder
        raise sheet.fault("This is no time zone.", "zone", "Use an IANA name such as America/New_York.") from None
    if local_moment(f"{sheet.text('date')} 12:00", zone) is None:
        raise sheet.fault("This is no date.", "date", "Write 2026-09-12.")
    pages = sheet.text("pages")
    if not pages.isascii() or not pages.isdigit() or not 1 <= int(pages) <= 200:
        raise sheet.fault(f"{pages!r} is no number of pages.", "pages", "Count the pages of the scan: 1 to 200.")
    usual = sheet.part("usual") if "usual" in sheet.names() else EMPTY
    earlier = sheet.part("earlier") if "earlier" in sheet.names() else EMPTY
    read = list(_lines(sheet, sheet.text("date"), usual, zone))
    lines = [each for each in read if isinstance(each, Line)]
    times = Counter(each.number for each in lines)
    twice = [
        LineProblem(
            each.at_line,
            str(each.number),
            "paper-line",
            "line",
            f"Line {each.number} is there {times[each.number]} times.",
            "Give each line the number it has on the paper, and each number once.",
        )
        for each in lines
        if times[each.number] > 1
    ]
    return Sheet(
        title=sheet.text("paper-day"),
        zone=zone,
        date=sheet.text("date"),
        pages=int(pages),
        reason=sheet.text("reason"),
        cast=_cast(sheet.part("cast")),
        earlier={name: earlier.text(name) for name in earlier.names()},
        lines=tuple(each for each in lines if times[each.number] == 1),
        problems=(*(each for each in read if isinstance(each, LineProblem)), *twice),
        texts=texts,
    )


def _cast(cast: Reader) -> dict[str, dict[str, dict[str, Raw]]]:
    cast.only(*(kind for kind in KINDS if kind != "people"))
    known: dict[str, dict[str, dict[str, Raw]]] = {}
    for kind in cast.names():
        members = cast.part(kind)
        for name in members.names():
            if any(name in others for others in known.values()):
                raise members.fault(f"{name} is in the cast twice.", name, "Give each a name of its own.")
        known[kind] = {name: members.part(name).members() for name in members.names()}
    return known


def _lines(sheet: Reader, date: str, usual: Reader, zone: ZoneInfo) -> Iterator[Line | LineProblem]:
    for own in sheet.items("lines"):
        number = ""
        try:
            number = own.text("line")
            yield _line(own, number, date, usual, zone)
        except Invalid as error:
            yield problem_of(error, own.line, number)


def _line(own: Reader, number: str, date: str, usual: Reader, zone: ZoneInfo) -> Line:
    if not number.isascii() or not number.isdigit() or not 1 <= int(number) <= 9999:
        raise own.fault(f"{number!r} is no number of a line.", "line", "Number the lines on the paper: 1 to 9999.")
    name = own.text("usual", "")
    if name and name not in usual.names():
        raise own.fault(f"Nothing is called the usual {name}.", "usual", f"Known: {', '.join(usual.names())}.")
    whole = own.over(usual.part(name)) if name else own
    return Line(
        at_line=own.line,
        number=int(number),
        at=_wall(whole, date, zone),
        event=whole.text("event"),
        target=whole.text("for"),
        by=whole.texts("by"),
        label=whole.text("as", ""),
        fields={name: value for name, value in whole.members().items() if name not in LINE_WORDS},
    )


def _wall(line: Reader, date: str, zone: ZoneInfo) -> datetime:
    """The time on the wall; in the hour that a change of clocks repeats, with the letters that tell the two apart."""
    text = line.text("at")
    clock, _, letters = text.rpartition(" ")
    if not clock or not letters.isalpha():
        clock, letters = text, ""
    moment = local_moment(clock if " " in clock else f"{date} {clock}", zone)
    if moment is None:
        remedy = f"Write 10:05, or {date} 10:05 for another day."
        raise line.fault(f"{text!r} is no time on the wall that day.", "at", remedy)
    both = [moment.replace(fold=fold) for fold in (0, 1)]
    names = [f"{each:%Z}" for each in both]
    if both[0].utcoffset() == both[1].utcoffset():
        if letters and letters not in names:
            raise line.fault(f"It was not {letters} then.", "at", f"Leave it out, or write {names[0]}.")
        return moment
    if letters not in names:
        remedy = f"Write {clock} {names[0]} or {clock} {names[1]}."
        raise line.fault("The clock on the wall showed this time twice that day.", "at", remedy)
    return both[names.index(letters)].astimezone(UTC).astimezone(zone)


def problem_of(error: Invalid, at_line: int, number: object) -> LineProblem:
    """What is wrong with a line, said of the sheet."""
    code = "paper-line" if error.code == "story" else error.code
    message = of_sheet(error.message).removeprefix(f"line {at_line}: ")
    return LineProblem(at_line, str(number), code, error.field, message, of_sheet(error.remedy))
