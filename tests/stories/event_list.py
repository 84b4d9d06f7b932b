"""
The complete event list of a scenario, as the clinic's analysts wrote it, and the same words for recorded events.

    P 09:35 #74 DoseAdministered A <S:1>: mg=100; route=SL; container=own-A1; by=N2; label=S:1/A/09:35

`P` is printed in the scenario, `S` a standing fact; a value marked ° is supplied by the standing facts.
The file is read and never typed again: `tests/vectors/stories/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LISTS = Path(__file__).parents[1] / "vectors" / "stories"

_DAY = re.compile(r"## \w{3} (\d{4}-\d\d-\d\d)")
_EVENT = re.compile(
    r"(?P<mark>[PS]) (?P<time>\d\d:\d\d) #(?P<number>\d+) (?P<kind>\w+)(?: ✚)?(?: \([^)]*\))?"
    r"(?: (?P<person>[AB]))?(?: <S:(?P<session>\w+)>)?(?:: (?P<values>.*))?"
)

_CARRIED = re.compile(r"[PS] \d\d:\d\d #\d+ \(.*, carried by \w+\) .*")
"""A line that is no event of its own: another one says it."""

_TYPES = {
    "DischargeAssessment": "discharge-assessed",
    "FollowUpContact": "follow-up-contact-made",
    "NoDrivingReaffirmed": "no-driving-release-signed",
    "PatientOwnMedicationCheckedIn": "own-medication-checked-in",
    "PatientOwnMedicationCheckedOut": "own-medication-checked-out",
    "PreDoseAssessment": "pre-dose-assessed",
    "ReleaseAuthorized": "release-authorised",
    "SupervisionCheck": "supervision-checked",
    "TransportPlanDeviation": "transport-plan-deviation-recorded",
}
"""The list's names of types where ours are other words; the rest is the same with hyphens."""

_ABOUT_A_PERSON = frozenset(
    {
        "evaluation-completed",
        "private-safety-screen-completed",
        "consent-signed",
        "order-signed",
        "preparation-session-held",
        "course-reviewed",
    }
)
"""Types that stand on the person's own record."""


@dataclass(frozen=True, slots=True)
class Listed:
    """
    One event of the list: local time, our type, and whose record, as `S1/A`, `A`, `S1`, `own-A1`, `N2` or `L-1`.

    `values` has what the list says of it.
    """

    number: int
    printed: bool
    local: str
    type: str
    record: str
    values: dict[str, str]


def event_list(name: str) -> list[Listed]:
    """All events of one list, in its order; every line must be read."""
    return list(_read((LISTS / name).read_text(encoding="utf-8").splitlines()))


def _read(lines: list[str]) -> Iterator[Listed]:
    date, session = "", ""
    for line in lines:
        if not line or line.startswith("# "):
            continue
        if day := _DAY.fullmatch(line):
            date = day[1]
            continue
        if _CARRIED.fullmatch(line):
            continue
        found = _EVENT.fullmatch(line)
        assert found, f"not understood: {line}"
        if title := found["session"]:
            session = f"S{title}" if title.isdigit() else title
        values = dict(part.split("=", 1) for part in (found["values"] or "").replace("°", "").split("; ") if part)
        kind = _TYPES.get(found["kind"]) or re.sub(r"(?<=[a-z])(?=[A-Z])", "-", found["kind"]).lower()
        yield Listed(
            number=int(found["number"]),
            printed=found["mark"] == "P",
            local=f"{date} {found['time']}",
            type=kind,
            record=_record(kind, found["person"] or "", session, values),
            values=values,
        )


def _record(kind: str, person: str, session: str, values: dict[str, str]) -> str:
    if kind == "inventory-counted":
        return "L-1"
    if kind == "boundary-incident-recorded":
        return "incident"
    if "container" in values and not kind.startswith("dose-"):
        return values["container"]
    if "counted" in values:
        return values["counted"].strip("{}").split(":")[0]
    if kind == "consent-form-published":
        return "consent-kap"
    if kind == "escort-verified":
        return f"{session}/{values['persons'].strip('[]')}"
    if person:
        return person if kind in _ABOUT_A_PERSON else f"{session}/{person}"
    return values.get("location") or (values["staff"] if kind == "credential-granted" else session)
