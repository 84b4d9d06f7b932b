"""What is typed in from a paper sheet."""

from __future__ import annotations

import tests.ledger.events.examples_dosing  # noqa: F401  # what these refer to
from ledger.events.paper import PaperLineTranscribed, PaperSheetDeclared, Performer
from tests.ledger.events.example_making import CORRECTIONS, MD1, RN1, SAT_A, SCHEDULER, TEXT, example, reference

example(
    "2026-05-18 09:10",
    CORRECTIONS,
    PaperSheetDeclared(day="2026-05-16", document=TEXT, pages=2, reason="tablets-down", source="paper-sheet"),
    (SCHEDULER, "scheduler", "transcribed"),
)
example(
    "2026-05-18 09:11",
    SAT_A,
    PaperLineTranscribed(
        document=TEXT,
        line=12,
        performed=(
            Performer(by=RN1, meaning="performed", role="nurse"),
            Performer(by=MD1, meaning="observed", role="prescriber"),
        ),
        sheet=reference("paper-sheet-declared/1"),
        target=reference("dose-administered/1"),
    ),
    (SCHEDULER, "scheduler", "transcribed"),
)
