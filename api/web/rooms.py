"""
One treatment room, and the floor of all of them: what their pages show, computed at one log position.

People are slots here: A and B, never a name and never `person/…`.
When the next check is due, what speaks against a release, and what the rules found comes from the judge; where
no protocol was pinned, nothing is due.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from api.refused_list import refused_list
from api.web.judging import Judging, changes_at, said
from api.web.lateness import late_ones, with_lateness
from api.web.session_facts import FactsOfSessions, SessionFacts
from ledger.encoding import to_instant
from ledger.errors import Refused
from ledger.keys import Revoked
from ledger.store.port import Store
from ledger.store.subject_keys import SubjectKeys
from ledger.vocabulary import Slot
from projections.compliance.finding import Finding
from projections.names import Names
from projections.own_medication import containers
from projections.session_list import SessionSummary, one_session, sessions
from projections.session_rows import SESSIONS
from projections.snapshot import NOW, AsOf, snapshot
from projections.tables import ViewDatabase
from projections.viewer import Viewer

_SLOTS: tuple[Slot, Slot] = ("a", "b")


class Rooms:
    """What the room page and the floor board ask for; safe to use from several threads."""

    def __init__(
        self,
        store: Store,
        subject_keys: SubjectKeys,
        database: ViewDatabase,
        judging: Judging,
        revoked: Callable[[], Revoked],
    ) -> None:
        self._store = store
        self._facts = FactsOfSessions(store, subject_keys, revoked)
        self._database = database
        self._judging = judging

    def room(self, session: str, wall: datetime, when: AsOf = NOW) -> dict[str, Any]:
        """
        All that the page of one session shows, now or as of both times of a question.

        Raises:
            Refused: `not-found`, and what `snapshot` raises.
        """
        now = self._judging.moment(when, wall)
        facts = self._facts.at(session, when)
        findings = self._judging.findings(session, to_instant(now), when.known_at)
        with snapshot(self._database, SESSIONS, when) as seen:
            names = Names(seen)
            summary = one_session(seen, session, names, Viewer())
            location = (facts.opened.location if facts.opened else facts.state.location) or ""
            place = {"id": location, "code": names.code(location), "zone": names.zone(location)}
            monitors = _monitors(facts, names)
        bottles = self._containers(session, when)
        today = _local_day(now, place["zone"])
        return {
            "now": to_instant(now),
            "as_of": asdict(when),
            "session": _session(summary, facts, place),
            "protocol": None if facts.opened is None else facts.opened.protocol.model_dump(),
            "partners": {
                slot: self._partner(slot, facts, findings, now, when)
                | {
                    "monitors": monitors[slot],
                    "orders": [
                        order | {"holds_today": order["valid_from"] <= today <= order["valid_to"]}
                        for order in self._facts.orders(facts.person.get(slot), when)
                    ],
                    "containers": [bottle for bottle in bottles if bottle["slot"] == slot],
                }
                for slot in _SLOTS
            },
            "last": facts.last.get(session, {}),
            "pending": facts.pending.get(session, []),
            "findings": said(findings),
            "next_change": changes_at(findings),
        }

    def floor(self, clock: datetime, when: AsOf = NOW, *, wall: bool = False) -> dict[str, Any]:
        """
        Every room that is open, or was then, the one whose next check is due first in front, and what the rules found.

        For a `wall` everybody walks past: no readings, and of a finding only its rule, slot and times.
        """
        now = self._judging.moment(when, clock)
        listed = sessions(self._database, status="open", as_of=when)
        rooms: list[dict[str, Any]] = []
        all_findings: list[Finding] = []
        for summary in listed.sessions:
            facts = self._facts.at(summary.session, when)
            findings = self._judging.findings(summary.session, to_instant(now), when.known_at)
            all_findings += findings
            with snapshot(self._database, SESSIONS, when) as seen:
                names = Names(seen)
                zone = names.zone((facts.opened.location if facts.opened else facts.state.location) or "")
                monitors = _monitors(facts, names)
            found = said([each for each in findings if each.verdict in ("breached", "cannot-judge")])
            rooms.append(
                {
                    "session": summary.session,
                    "zone": zone,
                    "couple_code": summary.couple_code,
                    "location_code": summary.location_code,
                    "room": None if facts.opened is None else facts.opened.room,
                    "mode": summary.mode,
                    "opened_at": facts.state.opened_at,
                    "partners": {
                        slot: _brief(self._partner(slot, facts, findings, now, when), wall=wall)
                        | {"monitors": monitors[slot]}
                        for slot in _SLOTS
                    },
                    "pending": len(facts.pending.get(summary.session, [])),
                    "findings": [_in_short(each) for each in found] if wall else found,
                }
            )
        rooms.sort(key=urgency)
        return {
            "now": to_instant(now),
            "as_of": asdict(when),
            "position": listed.position,
            "refused": 0 if wall else len(refused_list(self._store, when)),
            "rooms": rooms,
            "next_change": changes_at(all_findings),
        }

    def _partner(
        self, slot: Slot, facts: SessionFacts, findings: list[Finding], now: datetime, when: AsOf
    ) -> dict[str, Any]:
        partner, vitals = facts.state.partner(slot), facts.vitals.get(slot)
        told = late_ones(self._database, [each["position"] for each in (*facts.doses[slot], *filter(None, [vitals]))])
        until = partner.released_until
        return {
            "record": f"{facts.state.id}/{slot}",
            "phase": partner.phase,
            "checked_in_at": partner.checked_in_at,
            "doses": [with_lateness(each, told) for each in facts.doses[slot]],
            "total_mg": f"{partner.total_mg:f}",
            "last_check_at": partner.last_check_at,
            "declined_at": partner.declined_at,
            "last_vitals": None if vitals is None else with_lateness(vitals, told),
            **self._judging.next_check(findings, slot),
            "released_at": partner.released_at,
            "released_until": None if until is None else until.model_dump(),
            "departed_at": partner.ended_at,
            "release": {"objections": self._judging.against_release(facts.state.id, slot, now, when.known_at)},
            "last": facts.last.get(f"{facts.state.id}/{slot}", {}),
            "pending": facts.pending.get(f"{facts.state.id}/{slot}", []),
        }

    def _containers(self, session: str, when: AsOf) -> list[dict[str, Any]]:
        try:
            found = containers(self._database, session=session, as_of=when).containers
        except Refused as refusal:
            if refusal.code != "not-found":
                raise
            return []
        return [
            {
                "id": each.container,
                "code": each.code,
                "slot": each.owner_slot,
                "product": each.product,
                "strength_mg": each.strength_mg,
                "balance_units": each.balance_units,
            }
            for each in found
        ]


def _session(summary: SessionSummary, facts: SessionFacts, place: dict[str, str]) -> dict[str, Any]:
    opened = facts.opened
    return {
        "id": summary.session,
        "status": summary.status,
        "mode": summary.mode,
        "ordinal": summary.ordinal,
        "date": summary.date,
        "couple": summary.couple,
        "couple_code": summary.couple_code,
        "location": place,
        "room": None if opened is None else opened.room,
        "opened_at": facts.state.opened_at,
        "closed_at": facts.state.closed_at,
        "prescriber": None if opened is None else opened.prescriber,
        "staff": [] if opened is None else [each.model_dump() for each in opened.staff],
    }


def _brief(partner: dict[str, Any], *, wall: bool) -> dict[str, Any]:
    shown = ("phase", "last_check_at", "due_at", "limit_at", "last_vitals", "released_at", "departed_at")
    counts = {"doses": len(partner["doses"]), "pending": len(partner["pending"])}
    brief = {name: partner[name] for name in shown} | counts
    return brief | {"last_vitals": None} if wall else brief


def _in_short(finding: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in finding.items() if name not in ("sentence", "numbers", "causes")}


def _monitors(facts: SessionFacts, names: Names) -> dict[Slot, list[dict[str, str]]]:
    """Who watches each partner in person, by id and code."""
    return {
        slot: [{"id": each, "code": names.code(each)} for each in sorted(facts.state.partner(slot).monitors)]
        for slot in _SLOTS
    }


def urgency(room: dict[str, Any]) -> tuple[str, str]:
    """By the limit that comes first, then by the due time; a room where nothing is due comes last."""
    partners = room["partners"].values()
    limits = [each["limit_at"] or each["due_at"] for each in partners if each["limit_at"] or each["due_at"]]
    return min(limits, default="~"), str(room["opened_at"])


def _local_day(now: datetime, zone: str) -> str:
    there: date = now.astimezone(ZoneInfo(zone)).date() if zone else now.date()
    return there.isoformat()
