"""Small stories for tests: a clinic that is set up, and the steps a test writes under it."""

from __future__ import annotations

from pathlib import Path

from api.play_story import StoryLedger, play_story
from api.story.script import read_script
from tests.ledger.clinic import Entropy

HEAD = """\
story: Small
zone: America/New_York
ledger: {opened: 2026-05-01 08:00, host: clinic.example, organisation: Example Clinic, officers: [MD1, PT1]}
cast:
  staff:
    MD1: {roles: [prescriber]}
    PT1: {roles: [therapist, registrar, scheduler, compliance-officer]}
    RN1: {roles: [nurse, custodian]}
    RN2: {roles: [nurse]}
  people: {Ana: , Ben: }
  couples: {C-1: }
  locations: {L-1: }
  stock: {own-A: }
  sessions: {First: {a: Ana, b: Ben}}
usual:
  guest:
    event: participant-registered
    by: PT1
    id_check: passport
    language: en
    time_zone: America/New_York
    birth_date: 1984-02-29
    sex: other
    address: 12 Chapel Street
    phone: +1 518 555 0101
    pregnancy_applicable: no
  check: {event: supervision-checked, by: RN1, spo2: 98}
days:
  2026-05-01:
    - {at: 09:00, event: staff-registered, for: RN1, by: PT1, code: RN1, name: Rosa Núñez}
    - {at: 09:00, event: staff-registered, for: RN2, by: PT1, code: RN2, name: Rita Roe}
    - {at: 09:00, enrol: RN1, by: MD1}
    - at: 09:00
      event: location-registered
      for: L-1
      by: PT1
      code: L-1
      kind: clinic
      state: NY
      time_zone: America/New_York
      nearest_ed_min: 10
      connectivity: wired
    - {at: 09:10, usual: guest, for: Ana, name: Ana Almeida, pseudonym: P-1}
    - {at: 09:10, usual: guest, for: Ben, name: Ben Brandt, pseudonym: P-2}
    - {at: 09:20, event: couple-registered, for: C-1, by: PT1, code: C-1, location: L-1, started: 2026-05-01,
       sharing_policy: v1, person_a: Ana, person_b: Ben}
    - {at: 09:30, event: session-scheduled, for: First, by: PT1, couple: C-1, location: L-1, mode: solo, ordinal: 1,
       planned_start: 2026-05-02 10:00, person_a: Ana, person_b: Ben}
    - {at: 09:30, enrol: First, by: MD1}
  2026-05-02:
"""
FIRST_LINE = HEAD.count("\n") + 1
"""The line of the first step a test writes."""


def written(folder: Path, steps: str) -> Path:
    """A story file with these steps on 2 May 2026, each on lines of their own."""
    path = folder / "small.yaml"
    path.write_text(HEAD + "".join(f"    {line}\n" for line in steps.strip("\n").splitlines()), encoding="utf-8")
    return path


def played(folder: Path, steps: str, seed: str = "small") -> StoryLedger:
    """The ledger of that story."""
    return play_story(read_script(written(folder, steps)), folder / "ledger", Entropy(seed))
