"""REL-02: the last values before a release were taken shortly before, and are good enough."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ledger.events.arrival import PreDoseAssessed
from ledger.events.fields import Gone
from ledger.events.measures import BloodPressure
from ledger.events.parameters import PressureLimit, ReleaseFigures
from ledger.events.release import DischargeAssessed, ReleaseAuthorised
from ledger.events.supervision import SupervisionChecked
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact, last
from projections.compliance.moments import as_instant, clock, minutes, span
from projections.compliance.pressures import Reading, near_to, readings
from projections.compliance.releases import of_releases
from projections.compliance.rule import GateOf, rule


@rule(
    id="REL-02",
    version="1",
    title="The last values before a release were taken shortly before, and are good enough.",
    severity="C",
    mode="B `release-authorised`; F / W",
    source="vital signs at the end of monitoring: Spravato REMS; the modified Aldrete score; every limit is ours [D]",
    trigger="A release of somebody dosed. One finding per person and session.",
    window="The last blood pressure and the last saturation are 0 to `final_vitals_min` before it, both included.",
    evidence=(
        "Blood pressure from `bp_low` to `bp_high`, or both numbers within `bp_percent_of_baseline` of the last one "
        "before the first dose; saturation at least `spo2_release`, or at most `spo2_below_baseline` under that before."
    ),
    parameters=(
        "release.bp_high",
        "release.bp_low",
        "release.bp_percent_of_baseline",
        "release.final_vitals_min",
        "release.spo2_below_baseline",
        "release.spo2_release",
    ),
    verdicts={
        "met": "both were taken in time and are good enough",
        "breached": "one was not taken in time, or is not good enough",
        "not-applicable": "not dosed, or not released",
        "cannot-judge": "the values cannot be read any more",
    },
    notes=("The lower ends are ours: a pressure that is far too low is no reason to let somebody go.",),
    gate=GateOf(ReleaseAuthorised, override="prescriber", opened_by=(DischargeAssessed, SupervisionChecked)),
)
def rel_02(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    figures = history.figures
    if figures is None:
        return
    for slot in SLOTS:
        yield of_releases(history, slot, _Judged(history, slot, figures.release))


class _Judged:
    """One partner's values before a release."""

    def __init__(self, history: History, slot: Slot, figures: ReleaseFigures) -> None:
        self.history, self.slot, self.figures = history, slot, figures

    def __call__(self, release: Fact, _: ReleaseAuthorised) -> Ruling:
        pressure = _last_of([each for each in readings(self.history, self.slot) if each.at <= release.at])
        oxygen = last([fact for fact in self._oxygen() if fact.at <= release.at])
        evidence = [release.position, *(fact.position for fact in self._baselines())]
        words, causes = [], []
        for name, at, good in (
            ("blood pressure", None if pressure is None else pressure.at, self._pressure(pressure)),
            ("SpO2", None if oxygen is None else oxygen.at, self._saturation(oxygen)),
        ):
            if at is None or release.at - at > minutes(self.figures.final_vitals_min):
                causes.append(f"no-{name.split().pop().lower()}")
                words.append(f"no {name} in the {self.figures.final_vitals_min} min before")
            elif good is None:
                return self._unreadable(evidence)
            else:
                shown, enough = good
                words.append(f"{shown}, {span(release.at - at)} before")
                causes += [] if enough else [name.split().pop().lower()]
        evidence += [
            each.position for each in (None if pressure is None else pressure.fact, oxygen) if each is not None
        ]
        return Ruling(
            self.slot,
            "breached" if causes else "met",
            f"{self.slot.upper()}: released at {clock(release.at, self.history.zone)}; {'; '.join(words)}.",
            tuple(evidence),
            made_at=as_instant(release.at),
            causes=tuple(causes),
            act=release.position,
        )

    def _unreadable(self, evidence: list[int]) -> Ruling:
        words = f"{self.slot.upper()}: the values before the release cannot be read any more."
        return Ruling(self.slot, "cannot-judge", words, tuple(evidence), causes=("unreadable",))

    @property
    def baseline(self) -> datetime:
        """When they were dosed first; who asks knows that they were."""
        return min(dose.at for dose in self.history.doses(self.slot))

    def _baselines(self) -> list[Fact]:
        before = last([fact for fact in self.history.of(self.slot, PreDoseAssessed) if fact.at <= self.baseline])
        return [] if before is None else [before]

    def _pressure(self, reading: Reading | None) -> tuple[str, bool] | None:
        """The pressure in words and whether it is good enough; None when that cannot be read any more."""
        if reading is None or isinstance(reading.pressure, Gone):
            return None
        value = reading.pressure
        if _within(value, self.figures.bp_low, self.figures.bp_high):
            return reading.words, True
        before = _last_of([each for each in readings(self.history, self.slot) if each.at <= self.baseline])
        if before is None:
            return reading.words, False
        if isinstance(before.pressure, Gone):
            return None
        percent = self.figures.bp_percent_of_baseline
        near = near_to(value.systolic, before.pressure.systolic, percent) and near_to(
            value.diastolic, before.pressure.diastolic, percent
        )
        return f"{reading.words} ({before.words} before the dose)", near

    def _oxygen(self) -> list[Fact]:
        kinds = (PreDoseAssessed, SupervisionChecked, DischargeAssessed)
        return [fact for fact in self.history.of(self.slot, *kinds) if _spo2(fact) is not None]

    def _saturation(self, fact: Fact | None) -> tuple[str, bool] | None:
        value = None if fact is None else _spo2(fact)
        if not isinstance(value, int):
            return None
        if value >= self.figures.spo2_release:
            return f"SpO2 {value} %", True
        told = last([each for each in self._oxygen() if each.at <= self.baseline])
        before = None if told is None else _spo2(told)
        if isinstance(before, Gone):
            return None
        near = before is not None and value >= before - self.figures.spo2_below_baseline
        return f"SpO2 {value} %", near


def _last_of(taken: list[Reading]) -> Reading | None:
    return taken.pop() if taken else None


def _spo2(fact: Fact) -> int | Gone | None:
    match fact.event:
        case PreDoseAssessed(spo2=value) | SupervisionChecked(spo2=value) | DischargeAssessed(spo2=value):
            return value
        case _:
            return None


def _within(value: BloodPressure, low: PressureLimit, high: PressureLimit) -> bool:
    return low.systolic <= value.systolic <= high.systolic and low.diastolic <= value.diastolic <= high.diastolic
