"""REL-06: before a release somebody said again that they will not drive, and got it in writing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ledger.events.release import NoDrivingReleaseSigned, ReleaseAuthorised
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact, last
from projections.compliance.moments import as_instant, clock
from projections.compliance.releases import of_releases
from projections.compliance.rule import GateOf, rule


@rule(
    id="REL-06",
    version="1",
    title="Before a release somebody said again that they will not drive, and got it in writing.",
    severity="C",
    mode="B `release-authorised`; F / S",
    source="no driving until the next day: Spravato REMS; transport plan: OAR 333-333-5150; for every route ours [D]",
    trigger="A release of somebody dosed. One finding per person and session.",
    window="Signed after the last dose, at or before the release.",
    evidence="`no-driving-release-signed`, and a release that names a version of the written instructions.",
    parameters=(),
    verdicts={
        "met": "signed after the last dose, with instructions",
        "breached": "not signed in that time, or no written instructions",
        "not-applicable": "not dosed, or not released",
    },
    notes=("Until when, the release always says; whether that is late enough is REL-13.",),
    gate=GateOf(
        ReleaseAuthorised,
        override="prescriber",
        opened_by=(NoDrivingReleaseSigned,),
        otherwise="And a release that names the written instructions.",
    ),
)
def rel_06(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    for slot in SLOTS:
        yield of_releases(history, slot, _judged(history, slot))


def _judged(history: History, slot: Slot) -> Callable[[Fact, ReleaseAuthorised], Ruling]:
    def of(release: Fact, event: ReleaseAuthorised) -> Ruling:
        given = [dose.at for dose in history.doses(slot) if dose.at <= release.at]
        said = [fact for fact in history.of(slot, NoDrivingReleaseSigned) if fact.at <= release.at]
        signed = last([fact for fact in said if not given or fact.at > max(given)])
        causes = [] if signed is not None else ["not-signed"]
        causes += [] if event.instructions is not None else ["no-instructions"]
        word = "not signed since the last dose" if signed is None else f"signed at {clock(signed.at, history.zone)}"
        written = event.instructions or "none"
        when = f"{slot.upper()}: released at {clock(release.at, history.zone)}"
        return Ruling(
            slot,
            "breached" if causes else "met",
            f"{when}; not to drive: {word}; instructions: {written}.",
            (release.position, *(() if signed is None else (signed.position,))),
            made_at=as_instant(release.at),
            causes=tuple(causes),
            act=release.position,
        )

    return of
