"""Question 4: who acted without the credentials for it, as known then and as known now."""

from __future__ import annotations

from tests.ledger.clinic import BEN, MD1, RN1, blank, make
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.standing import credential, evaluated
from tests.projections.rules.watching_words import Watch

ALL = ("licence", "bls", "kap", "monitor", "ledger")


def held(*kinds: str, **changes: str) -> Watch:
    """RN1, who watches from 09:30, holds these; MD1 holds all that an evaluation needs."""
    day = Watch()
    for kind in ("licence", "dea", "acls"):
        credential(day, MD1, kind)
    for kind in kinds:
        credential(day, RN1, kind, **({"profession": "rn"} if kind == "licence" else {}) | changes)
    evaluated(day.opens(), "a")
    return day.assigns("09:30")


def revoked(day: Day, kind: str, since: str, at: str) -> Day:
    """A credential of RN1 is revoked, back to a day."""
    fields = blank("credential-revoked/1") | {
        "credential": kind,
        "effective": "2026-05-17",
        "imposed_by": "issuer",
        "retroactive_from": since,
    }
    return day.put(make("credential-revoked/1", **fields), RN1, at)


def test_who_holds_everything_is_not_told() -> None:
    assert asked(held(*ALL), "4").rows == ()


def test_a_credential_that_was_missing_then_and_is_now_is_told() -> None:
    found = asked(held("licence", "kap", "monitor", "ledger"), "4")

    assert told(found, "rule", "staff", "credential", "acted", "then", "now", "declared") == [
        ("SUP-02", RN1, "bls", "09:30", "no", "no", False)
    ]
    assert counted(found, "count") == 1


def test_a_revocation_that_reaches_back_says_yes_then_and_no_now() -> None:
    day = held(*ALL)
    revoked(day, "bls", "2026-05-01", "17 08:00")

    assert told(asked(day, "4", as_of="18 10:00"), "credential", "then", "now") == [("bls", "yes", "no")]


def test_a_credential_that_was_recorded_later_says_no_then_and_yes_now() -> None:
    day = held("licence", "kap", "monitor", "ledger")
    known = len(day.placed)
    credential(day, RN1, "bls", at="15:00")

    assert told(asked(day, "4"), "credential", "then", "now") == [("bls", "no", "yes")]
    assert told(asked(day, "4", known_at=known), "then", "now") == [("no", "no")]


def test_the_last_day_of_a_credential_is_a_day_of_it() -> None:
    assert asked(held(*ALL, expires="2026-05-16"), "4").rows == ()
    assert len(asked(held(*ALL, expires="2026-05-15"), "4").rows) >= 1


def test_who_evaluated_is_asked_about_for_the_partner_it_was() -> None:
    day = Watch().opens()
    evaluated(day, "a").gives("a", "10:00")

    rules = [rule for rule, partner in told(asked(day, "4"), "rule", "partner") if partner == "A"]
    assert rules == ["ELIG-02", "ELIG-02"]
    assert {rule for rule, _ in told(asked(day, "4", person=BEN), "rule", "partner")} <= {"SUP-02"}


def test_life_support_is_nobodys_and_is_told_without_a_name() -> None:
    day = Watch().opens().gives("a", "10:00")

    assert ("SUP-02", None, "acls", "no", "no") in told(asked(day, "4"), "rule", "staff", "credential", "then", "now")
