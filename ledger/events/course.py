"""
Course: what a prescriber decides about a whole series of sessions, for one person apart from the partner.

A course is reviewed before it goes on: whether it helps, whether it harms, and how many sessions are planned.
Scores of questionnaires are kept as classes, never as answers.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.base import NOTHING, Critical, Event, Signer
from ledger.events.eligibility import Severity
from ledger.events.fields import Clinical, Identity, Sensitive
from ledger.events.measures import Count
from ledger.events.words import Code
from ledger.payload import Word
from ledger.vocabulary import StreamKind


class CourseStarted(Event):
    """
    A prescriber begins a course for one person: how many sessions are planned, and what it is for.

    The scores are where the person stands at its start.
    `course` is the couple's code for it, which ties the person to the couple and so is identity.
    """

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("authorised", roles=("prescriber",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["course-started/1"] = "course-started/1"
    liver_tests_reviewed: Clinical[bool]
    sessions_planned: Clinical[Count]
    urinary_screened: Clinical[bool]
    couple_satisfaction: Sensitive[Literal["distressed", "satisfied"] | None]
    endpoint: Sensitive[Word | None]
    gad7: Sensitive[Severity | None]
    phq9: Sensitive[Severity | None]
    urinary_symptoms: Sensitive[bool | None]
    course: Identity[Code | None]


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


class CourseCompleted(Event):
    """A course came to its planned end for one person; whether it reached what it was for is sensitive."""

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("reviewed", roles=("prescriber",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["course-completed/1"] = "course-completed/1"
    liver_tests_reviewed: Clinical[bool]
    sessions_given: Clinical[Count]
    urinary_screened: Clinical[bool]
    couple_satisfaction: Sensitive[Literal["distressed", "satisfied"] | None]
    endpoint_reached: Sensitive[bool | None]
    gad7: Sensitive[Severity | None]
    phq9: Sensitive[Severity | None]
    urinary_symptoms: Sensitive[bool | None]


class CourseStopped(Event):
    """A course ended before its plan, for one person apart from the partner; who wished it is theirs alone."""

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("reviewed", roles=("prescriber",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["course-stopped/1"] = "course-stopped/1"
    sessions_given: Clinical[Count]
    reason: Sensitive[
        Literal[
            "no-benefit", "adverse-event", "misuse-concern", "pregnancy", "medical", "own-wish", "couple-ended", "other"
        ]
    ]
    wished_by: Sensitive[Literal["person", "prescriber", "both"]]


CourseEvent: TypeAlias = CourseStarted | CourseReviewed | CourseCompleted | CourseStopped
"""A series of sessions from its start to its end, for one person."""
