"""SUP-05: after a dose each person is checked at the protocol's cadence, until release or departure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.events.fields import Gone
from ledger.events.parameters import SupervisionFigures
from ledger.events.release import DischargeAssessed
from ledger.events.supervision import MonitorBreakStarted, SupervisionChecked
from ledger.vocabulary import Slot
from projections.compliance.cover import breaks
from projections.compliance.doses import Dose
from projections.compliance.finding import Ruling, Verdict
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.looks import values_of
from projections.compliance.moments import as_instant, clock, minutes, span
from projections.compliance.rule import rule


@dataclass(frozen=True, slots=True)
class _Check:
    """A look at one person; `satisfies` is None when its values cannot be read."""

    fact: Fact
    satisfies: bool | None

    @property
    def at(self) -> datetime:
        return self.fact.at


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What sets the clock going at one second; `certain` unless it is only a check that cannot be read."""

    at: datetime
    facts: tuple[Fact, ...]
    certain: bool
    last_dose: Dose


@rule(
    id="SUP-05",
    version="1",
    title="After a dose each person is checked at the protocol's cadence.",
    severity="M",
    mode="F / W",
    source="vital signs monitored during treatment: ASKP, Basics of administration, 2018; the cadence is ours [D]",
    trigger="A person's first dose in the session. One finding per person and gap.",
    window=(
        "Each dose and each satisfying check sets the clock going anew, up to the end of checks: the first of release "
        "and departure. The next check is due after `check_every_min`, or after `check_later_every_min` from "
        "`check_first_min` less `check_tolerance_min` after that person's last dose on, so that a check in the last "
        "minutes of the first hour is the check of that hour. After an infusion the hour counts from its stop. "
        "The limit is `check_tolerance_min` after that, itself still in time."
    ),
    evidence=(
        "A `supervision-checked` or `discharge-assessed` of this person with at least one value obtained, after the "
        "anchor and by the limit. The obligation lapses, and counts as met, when the end of checks comes by the limit."
    ),
    parameters=(
        "supervision.check_every_min",
        "supervision.check_first_min",
        "supervision.check_later_every_min",
        "supervision.check_tolerance_min",
    ),
    verdicts={
        "met": "a satisfying check by the limit, or the end of checks by then",
        "breached": "the limit has passed without one; a later check stays in the finding, as made late",
        "pending": "no check yet, and the limit has not passed",
        "not-applicable": "the person was not dosed",
        "cannot-judge": "whether a check had any value cannot be read any more, and it depends on that",
    },
    notes=(
        (
            "The severity falls from M to m when the late check gives `partner-emergency` as its reason and a "
            "`monitor-break-started` for that reason left this person alone in the gap."
        ),
    ),
)
def sup_05(history: History) -> Iterator[Ruling]:
    """One ruling for each gap between an anchor and the next check."""
    if history.figures is None:
        return
    for slot in SLOTS:
        doses = history.doses(slot)
        if not doses:
            yield Ruling(slot, "not-applicable", f"{slot.upper()} was not dosed.")
            continue
        end = history.end_of_checks(slot)
        checks = [_Check(fact, _satisfies(fact)) for fact in history.of(slot, SupervisionChecked, DischargeAssessed)]
        checks = [check for check in checks if end is None or check.at <= end.at]
        for anchor in _anchors(doses, checks, end):
            yield _gap(history, slot, anchor, checks, end, history.figures.supervision)


def _satisfies(fact: Fact) -> bool | None:
    values = values_of(fact.event)
    if any(isinstance(value, Gone) for value in values):
        return None
    return any(value is not None for value in values)


def _anchors(doses: Sequence[Dose], checks: Sequence[_Check], end: Fact | None) -> Iterator[_Anchor]:
    """The seconds at which a clock starts; what happened in the same second starts one clock."""
    started: dict[datetime, list[Fact]] = {}
    certain: set[datetime] = set()
    for dose in doses:
        if end is None or dose.at <= end.at:
            started.setdefault(dose.at, []).append(dose.fact)
            certain.add(dose.at)
    for check in checks:
        if check.satisfies is not False and any(dose.at <= check.at for dose in doses):
            started.setdefault(check.at, []).append(check.fact)
            if check.satisfies:
                certain.add(check.at)
    for at in sorted(started):
        facts = sorted(started[at], key=lambda fact: fact.position)
        *_, last_dose = (dose for dose in doses if dose.at <= at)
        yield _Anchor(at, tuple(facts), at in certain, last_dose)


def _gap(
    history: History,
    slot: Slot,
    anchor: _Anchor,
    checks: Sequence[_Check],
    end: Fact | None,
    figures: SupervisionFigures,
) -> Ruling:
    tolerance = minutes(figures.check_tolerance_min)
    first = anchor.at < anchor.last_dose.counts_from + minutes(figures.check_first_min) - tolerance
    every = minutes(figures.check_every_min if first else figures.check_later_every_min)
    due, limit = anchor.at + every, anchor.at + every + tolerance
    following = [check for check in checks if check.at > anchor.at]
    sure = next((check for check in following if check.satisfies), None)
    unread = next((check for check in following if check.satisfies is None), None)
    told = _Told(history, slot, anchor, every, due, limit)
    if not anchor.certain:
        return told("cannot-judge", "whether that check had any value cannot be read", None)
    if sure is not None and sure.at <= limit:
        return told("met", "made", sure.fact)
    if end is not None and end.at <= limit:
        return told("met", "checks ended", end)
    if unread is not None and unread.at <= limit:
        words = f"whether the check of {clock(unread.at, history.zone)} had any value cannot be read"
        return told("cannot-judge", words, None, (unread.fact.position,))
    if history.as_of <= limit:
        return told("pending", "not made yet", None, outstanding=True)
    if sure is None:
        return told("breached", "not made", None, outstanding=end is None and unread is None)
    return told("breached", "made", sure.fact)


@dataclass(frozen=True, slots=True)
class _Told:
    """Puts the verdict on one gap into words and numbers."""

    history: History
    slot: Slot
    anchor: _Anchor
    every: timedelta
    due: datetime
    limit: datetime

    def __call__(
        self,
        verdict: Verdict,
        what: str,
        made: Fact | None,
        besides: tuple[int, ...] = (),
        *,
        outstanding: bool = False,
    ) -> Ruling:
        zone, breached = self.history.zone, verdict == "breached"
        since = "dose" if self.anchor.last_dose.fact in self.anchor.facts else "check"
        reason = made.event.late_reason if made is not None and isinstance(made.event, SupervisionChecked) else None
        words = what
        if made is not None:
            words = f"{what} at {clock(made.at, zone)}"
        if made is not None and breached:
            words += (
                f", {span(made.at - self.limit)} after the limit, {span(made.at - self.anchor.at)} after the {since}"
            )
            words += f", reason {reason}" if isinstance(reason, str) else ""
        sentence = (
            f"{self.slot.upper()}: a check was due at {clock(self.due, zone)} and at the latest at "
            f"{clock(self.limit, zone)}, {span(self.every)} after the {since} of {clock(self.anchor.at, zone)}; "
            f"{words}."
        )
        positions = (*(fact.position for fact in self.anchor.facts), self.anchor.last_dose.fact.position, *besides)
        return Ruling(
            self.slot,
            verdict,
            sentence,
            positions if made is None else (*positions, made.position),
            anchor=next(fact.dig for fact in self.anchor.facts),
            due=as_instant(self.due),
            limit=as_instant(self.limit),
            made_at=as_instant(None if made is None else made.at),
            outstanding=outstanding,
            causes=_cause(verdict, made),
            severity="m" if breached and reason == "partner-emergency" and self._left_alone(made) else None,
        )

    def _left_alone(self, made: Fact | None) -> bool:
        """Whether an emergency of the partner left this person alone between the anchor and the late check."""
        return made is not None and any(
            isinstance(fact.event, MonitorBreakStarted)
            and (fact.event.reason_a if self.slot == "a" else fact.event.reason_b) == "partner-emergency"
            and fact.at <= made.at
            and (covered is None or covered.at > self.anchor.at)
            for fact, covered in breaks(self.history, self.slot)
        )


def _cause(verdict: Verdict, made: Fact | None) -> tuple[str, ...]:
    if verdict == "cannot-judge":
        return ("unreadable",)
    if verdict == "breached":
        return ("missing",) if made is None else ("late",)
    return ()
