"""
Course: what a prescriber decides about a whole series of sessions, for one person apart from the partner.

A course is reviewed before it goes on: whether it helps, whether it harms, and how many sessions are planned.
Scores of questionnaires are kept as classes, never as answers.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from ledger.events.base import NOTHING, Critical, Event, Signer
from ledger.events.eligibility import Severity
from ledger.events.fields import Clinical, Sensitive
from ledger.events.measures import Count
from ledger.payload import Word
from ledger.vocabulary import StreamKind


class CourseReviewed(Event):
    """
    A prescriber looked at one person's course so far and says how it goes on.

    `sessions_given` are this person's dosed sessions up to now, `sessions_planned` those of the whole course;
    `extended_to` is set only when the course goes on beyond the protocol's cap.
    `urinary_screened` is whether urinary symptoms were asked, `couple_satisfaction` which side of the
    questionnaire's own cut-off its score lies on.
    """

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("reviewed", roles=("prescriber",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["course-reviewed/1"] = "course-reviewed/1"
    decision: Clinical[Literal["continue", "continue-with-changes", "pause", "stop"]]
    extended_to: Clinical[Count | None]
    liver_tests_reviewed: Clinical[bool]
    sessions_given: Clinical[Count]
    sessions_planned: Clinical[Count | None]
    urinary_screened: Clinical[bool]
    couple_satisfaction: Sensitive[Literal["distressed", "satisfied"] | None]
    endpoint: Sensitive[Word | None]
    gad7: Sensitive[Severity | None]
    phq9: Sensitive[Severity | None]
    urinary_symptoms: Sensitive[bool | None]
