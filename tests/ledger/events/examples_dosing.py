"""Doses, and those that wait or are not whole."""

from __future__ import annotations

import tests.ledger.events.examples_session  # noqa: F401  # what these refer to
from ledger.events.dosing import DoseAdministered, DoseAuthorised, DoseDeclined, DoseOffered, DosePrepared
from ledger.events.holds import (
    DoseHeld,
    DoseInterrupted,
    DoseInterrupted2,
    DosePartiallyTaken,
    DosesConfirmedDistinct,
    HoldReleased,
)
from tests.ledger.events.example_making import (
    MD1,
    OWN_A,
    RN1,
    SAT_A,
    SAT_B,
    amount,
    example,
    instant,
    mg,
    reference,
)

# Dosing

example(
    "2026-05-16 10:03",
    SAT_A,
    DoseAuthorised(
        route="sublingual",
        mass=mg("100"),
        order=reference("order-signed/1"),
        valid_from=instant("2026-05-16 10:00"),
        valid_to=instant("2026-05-16 10:20"),
    ),
    (MD1, "prescriber", "authorised"),
)
example(
    "2026-05-16 10:05",
    SAT_A,
    DosePrepared(
        concentration=None,
        container=OWN_A,
        count_checked=True,
        drawn_from_vial=False,
        expires="2026-11-30",
        label="S:Sat/A/10:05",
        lot="K26-0412",
        mass=mg("100"),
        units="1",
        volume=None,
        confirmed=None,
    ),
    (RN1, "nurse", "performed"),
)
example(
    "2026-05-16 10:05",
    SAT_A,
    DoseAdministered(
        container=OWN_A,
        label="S:Sat/A/10:05",
        route="sublingual",
        mass=mg("100"),
        order=reference("order-signed/1"),
        ordinal=1,
        stopped_at=None,
        units="1",
        volume=None,
        confirmed=None,
        hold_min=12,
        identifiers=("name", "birth-date"),
        self_administered=False,
        site="mouth",
        swallowed=True,
        weight="75.0",
        weight_source="measured",
    ),
    (RN1, "nurse", "performed"),
    (MD1, "prescriber", "witnessed"),
)
example(
    "2026-05-16 10:51",
    SAT_B,
    DoseOffered(private=True, stage="redose"),
    (RN1, "nurse", "performed"),
)
example(
    "2026-05-16 10:52",
    SAT_B,
    DoseDeclined(
        note=None,
        pressure_concern=False,
        private=True,
        reason_class="enough",
        role_after="dosing",
        stage="redose",
    ),
    (SAT_B, "participant", "declined"),
    (RN1, "nurse", "observed"),
)

# Holds

example(
    "2026-05-16 09:52",
    SAT_B,
    DoseHeld(
        reading=reference("pre-dose-assessed/1"),
        recheck_at=instant("2026-05-16 10:10"),
        note="Climbed the stairs just before – rest and read again.",
        prescriber_informed=True,
        reasons=("blood-pressure",),
    ),
    (RN1, "nurse", "performed"),
)
example(
    "2026-05-16 10:14",
    SAT_B,
    HoldReleased(held=reference("dose-held/1"), decision="give-less", reason="Two readings in range, 8 min apart."),
    (MD1, "prescriber", "approved"),
)
example(
    "2026-05-16 10:58",
    SAT_A,
    DosePartiallyTaken(
        mass_taken=amount("25"),
        units_taken="0.25",
        volume_taken=None,
        dose=reference("dose-administered/1"),
        estimated=True,
        reason="spat-out",
    ),
    (RN1, "nurse", "performed"),
)
example(
    "2026-06-13 10:05",
    SAT_B,
    DoseInterrupted(
        mass_taken=amount("0"),
        units_taken=None,
        volume_taken="0",
        dose=None,
        reason="anxious",
        stopped_by="participant",
    ),
    (RN1, "nurse", "performed"),
)

# Second versions

example(
    "2026-05-16 10:18",
    SAT_A,
    DoseInterrupted2(
        container=OWN_A,
        dose=None,
        label=None,
        route="sublingual",
        mass_taken=amount("40"),
        units_taken=None,
        volume_taken=None,
        reason="nausea",
        stopped_by="participant",
    ),
    (RN1, "nurse", "performed"),
)
example(
    "2026-05-16 10:25",
    SAT_A,
    DosesConfirmedDistinct(doses=(reference("dose-administered/1"), reference("dose-administered/1"))),
    (RN1, "nurse", "performed"),
    (MD1, "prescriber", "verified"),
)
