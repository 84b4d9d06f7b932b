"""
What the texts of a story mean: names become ids, and a few plain forms become values.

    own-A                    the id of somebody or something in the cast
    @order-A                 the event labelled `as: order-A`, by digest and id
    100 mg                   a mass
    128/80                   a blood pressure
    2026-05-16 07:10         an instant, in the story's zone
    until 2026-05-17 10:50   an instant with the local wording that was shown
    none                     nothing recorded
Everything else stays the text it is; numbers and yes/no are read by the field that takes them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from ledger.canonical import Json
from ledger.encoding import to_instant
from ledger.errors import Invalid

from api.story.script import Raw

_MASS = re.compile(r"(\d+(?:\.\d+)?) mg")
_PRESSURE = re.compile(r"(\d+)/(\d+)")
_MOMENT = re.compile(r"(until )?(\d{4}-\d\d-\d\d \d\d:\d\d)")


class Meaning:
    """What texts mean in one story: its names, its labels so far, its zone."""

    def __init__(self, ids: Mapping[str, str], zone: ZoneInfo) -> None:
        self._ids = ids
        self._zone = zone
        self.labels: dict[str, Json] = {}

    def of(self, raw: Raw) -> Json:
        """
        The value of a text, list or mapping.

        Raises:
            Invalid: `story`, for a label that no earlier step has.
        """
        if isinstance(raw, list):
            return [self.of(item) for item in raw]
        if isinstance(raw, dict):
            return {name: self.of(value) for name, value in raw.items()}
        return self._text(raw)

    def _text(self, text: str) -> Json:
        if text in ("none", ""):
            return None
        if text in self._ids:
            return self._ids[text]
        if text.startswith("@"):
            if text[1:] not in self.labels:
                raise Invalid("story", f"no earlier step is labelled {text[1:]}")
            return self.labels[text[1:]]
        if mass := _MASS.fullmatch(text):
            return {"unit": "mg", "value": mass[1]}
        if pressure := _PRESSURE.fullmatch(text):
            return {"diastolic": int(pressure[2]), "systolic": int(pressure[1])}
        if moment := _MOMENT.fullmatch(text):
            local = datetime.strptime(moment[2], "%Y-%m-%d %H:%M").replace(tzinfo=self._zone)
            return {"at": to_instant(local), "local": f"{moment[2]} {local:%Z}"} if moment[1] else to_instant(local)
        return text
