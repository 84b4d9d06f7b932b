"""
A story as read from its file: the cast, and the steps in their order.

    - at: 10:05
      event: dose-administered
      for: Sat/Ana
      by: RN1
      mass: 100 mg

`usual: check` gives a step what the story's head calls the usual check; the step's own members win.
`refused: [SUP-02 N1 bls]` says that rules keep the step from the record, `unasked` which others would if asked.
`routine: session day` stands for the steps that the head calls so, with each `<name>` in them filled in.
Every scalar is text here; what a text means (a time, a mass, somebody's name) is decided by the field.
A mistake names the file, the line and what to do.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from api.story.reader import EMPTY, Raw, Reader, read_document
from api.story.refusing import rule_of
from ledger.errors import Invalid
from ledger.received import STEP_BACK

KINDS: Final[dict[str, str]] = {
    "staff": "staff",
    "people": "person",
    "couples": "couple",
    "locations": "location",
    "sessions": "session",
    "stock": "stock",
    "protocols": "protocol",
    "governance": "governance",
    "services": "service",
}
"""The kinds of cast, and the streams they are the names of."""

STEP_WORDS = frozenset({"at", "event", "enrol", "for", "by", "as", "recorded", "usual", "refused", "unasked"})
"""Members of a step that are not fields of its event."""


@dataclass(frozen=True, slots=True)
class Step:
    """
    One thing that happens: an event, or the enrolment of somebody's key.

    `at` is when it happened, `recorded` when it was written down (usually the same moment).
    `label` names the event for later references; `line` is its place in the file.
    `refused` are the objections that keep it from the record, `unasked` those of rules that nobody asks there; none
    of both for what is recorded (`api.story.refusing`).
    """

    line: int
    at: datetime
    recorded: datetime
    event: str
    enrol: str
    target: str
    by: tuple[str, ...]
    label: str
    fields: dict[str, Raw]
    refused: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()

    @property
    def is_kept_out(self) -> bool:
        """Whether the story says that it is not recorded."""
        return bool(self.refused or self.unasked)


@dataclass(frozen=True, slots=True)
class Script:
    """A whole story; `cast` maps a kind (staff, people, couples, …) to names and what is known of them."""

    path: Path
    title: str
    zone: ZoneInfo
    host: str
    organisation: str
    opened: datetime
    officers: tuple[str, ...]
    cast: dict[str, dict[str, dict[str, Raw]]]
    steps: tuple[Step, ...]


def read_script(path: Path) -> Script:
    """
    The story in a file.

    Raises:
        Invalid: `story`, with the line at fault.
    """
    try:
        return _script(path, read_document(path))
    except Invalid as error:
        error.message = f"{path.name} {error.message}"
        raise


def _script(path: Path, story: Reader) -> Script:
    story.only("story", "zone", "ledger", "cast", "usual", "routines", "days")
    try:
        zone = ZoneInfo(story.text("zone"))
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: America is a folder
        raise story.fault("This is no time zone.", "zone", "Use an IANA name such as America/New_York.") from None
    opening, cast = story.part("ledger"), _cast(story.part("cast"))
    opening.only("opened", "host", "organisation", "officers")
    opened = opening.moment("opened", "", zone)
    usual, routines = (story.part(name) if name in story.names() else EMPTY for name in ("usual", "routines"))
    return Script(
        path=path,
        title=story.text("story"),
        zone=zone,
        host=opening.text("host"),
        organisation=opening.text("organisation"),
        opened=opened,
        officers=_officers(opening, cast.get("staff", {})),
        cast=cast,
        steps=tuple(_in_order(_steps(story.part("days"), usual, routines, zone), opened)),
    )


def _cast(cast: Reader) -> dict[str, dict[str, dict[str, Raw]]]:
    """Everybody and everything by kind and name; a name is somebody's only once."""
    cast.only(*KINDS)
    known: dict[str, dict[str, dict[str, Raw]]] = {}
    for kind in cast.names():
        members = cast.part(kind)
        for name in members.names():
            if any(name in others for others in known.values()):
                raise members.fault(f"{name} is in the cast twice.", name, "Give each a name of its own.")
        known[kind] = {name: members.part(name).members() for name in members.names()}
    return known


def _officers(opening: Reader, staff: Container[str]) -> tuple[str, ...]:
    officers = opening.texts("officers")
    if len(set(officers)) < 2:
        raise opening.fault("A ledger is opened by two officers.", "officers", "Name two of the staff.")
    for name in officers:
        if name not in staff:
            raise opening.fault(f"{name} is not on the staff.", "officers", "Add them to the cast's staff.")
    return officers


def _steps(days: Reader, usual: Reader, routines: Reader, zone: ZoneInfo) -> Iterator[Step]:
    for date in days.names():
        for step in _written_out(days, date, usual, routines):
            if ("event" in step.names()) == ("enrol" in step.names()):
                raise step.fault("A step is either an event or an enrol.", "event", "Give exactly one of the two.")
            at = step.moment("at", date, zone)
            recorded = step.moment("recorded", date, zone) if "recorded" in step.names() else at
            if recorded < at:
                raise step.fault("This was recorded before it happened.", "recorded", "Give a later time, or none.")
            _check_refused(step)
            yield Step(
                line=step.line,
                at=at,
                recorded=recorded,
                event=step.text("event", ""),
                enrol=step.text("enrol", ""),
                target=step.text("for", ""),
                by=step.texts("by"),
                label=step.text("as", ""),
                fields={name: value for name, value in step.members().items() if name not in STEP_WORDS},
                refused=step.texts("refused"),
                unasked=step.texts("unasked"),
            )


def _check_refused(step: Reader) -> None:
    for field in ("refused", "unasked"):
        for named in step.texts(field):
            if rule_of(named) is None:
                raise step.fault(f"{named!r} names no rule.", field, "Write SUP-02 N1 bls, or ELIG-01 A.")
        if field in step.names() and not step.texts(field):
            raise step.fault(f"{field} names nothing.", field, "Name what objects, or leave it out.")
        if step.texts(field) and ("as" in step.names() or "enrol" in step.names()):
            raise step.fault("What is refused has no label, and is an event.", field, "Leave out `as` and `enrol`.")


def _written_out(days: Reader, date: str, usual: Reader, routines: Reader) -> Iterator[Reader]:
    """The steps of a day, with what is usual in them and each routine as the steps it stands for."""
    for own in days.items(date):
        name = own.text("routine", "")
        if not name:
            yield _with_usual(own, usual)
            continue
        if name not in routines.names():
            raise own.fault(f"No routine is called {name}.", "routine", f"Known: {', '.join(routines.names())}.")
        steps = [_with_usual(step, usual) for step in routines.items(name)]
        given = {each: own.text(each) for each in own.names() if each != "routine"}
        asked = set[str]().union(*(step.blanks() for step in steps))
        for each in given:
            if each not in asked:
                known = ", ".join(sorted(asked)) or "none"
                raise own.fault(f"The routine {name} has no <{each}>.", each, f"Its blanks: {known}.")
        yield from (step.filled(_dates(date) | given) for step in steps)


def _dates(date: str) -> dict[str, str]:
    """The blanks every routine has: the day it stands under, and the next."""
    try:
        following = datetime.strptime(date, "%Y-%m-%d") + timedelta(days=1)
    except (ValueError, OverflowError):
        return {"date": date}  # what is no date is refused at its first step
    return {"date": date, "next date": f"{following:%Y-%m-%d}"}


def _with_usual(own: Reader, usual: Reader) -> Reader:
    name = own.text("usual", "")
    if name and name not in usual.names():
        raise own.fault(f"Nothing is called the usual {name}.", "usual", f"Known: {', '.join(usual.names())}.")
    return own.over(usual.part(name)) if name else own


def _in_order(steps: Iterator[Step], opened: datetime) -> Iterator[Step]:
    """The steps as they come, unless one was recorded before the one above it or takes its label."""
    before, labels = opened, dict[str, int]()
    for step in steps:
        if step.recorded < before - STEP_BACK and step.event != "clock-corrected":
            raise Invalid(
                "story",
                f"line {step.line}: Recorded at {step.recorded:%Y-%m-%d %H:%M}, "
                f"before the step above it ({before:%Y-%m-%d %H:%M}).",
                field="recorded" if step.recorded > step.at else "at",
                remedy="Put the steps in the order in which they were recorded; a late entry says `recorded:`.",
            )
        if step.label in labels:
            remedy = f"Choose another; line {labels[step.label]} has it already."
            raise Invalid("story", f"line {step.line}: The label {step.label} is taken.", field="as", remedy=remedy)
        if step.label:
            labels[step.label] = step.line
        before = step.recorded
        yield step
