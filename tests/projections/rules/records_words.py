"""Words of the rules' stories about requests, disclosures and looks; each returns the day."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Self

from ledger.entry import stream_tag
from tests.ledger.chart import reference
from tests.ledger.clinic import ANA, BEN, RN1, SESSION, blank, make, uuid
from tests.projections.rules.day import Day, instant

OFFICER = f"staff/{uuid(7)}"
"""The privacy officer."""
ACCESS = f"access/{uuid(71)}"
REVIEWS = f"governance/{uuid(72)}"
CHECKS = f"governance/{uuid(73)}"
SERVICE = f"service/{uuid(74)}"


class Desk(Day):
    """A day on which the records office works."""

    def breaks_glass(self, at: str, by: str = RN1) -> Self:
        """A member of staff opens a record that is not theirs to open."""
        fields = blank("sys-break-glass-used/1") | {
            "reason": "allergies-needed",
            "record": "5" * 64,
            "role": "nurse",
            "staff": by,
        }
        return self.put(make("sys-break-glass-used/1", **fields), ACCESS, at, who=[(SERVICE, "observed", "service")])

    def reviews(self, at: str, *of: int, by: str = OFFICER, **when: Any) -> Self:
        """The privacy officer looks over these uses of emergency access, by their place in the day."""
        fields = blank("access-review-completed/1") | {
            "anomalies": 0,
            "began": instant("1 00:00"),
            "ended": instant(at),
            "glass_broken": [self.named(each) for each in of],
        }
        event = make("access-review-completed/1", **fields)
        return self.put(event, REVIEWS, at, who=[(by, "reviewed", "privacy-officer")], **when)

    def asks_for(self, what: str, at: str, *, whose: str = ANA, received_on: str = "", **changes: Any) -> Self:
        """Somebody's request is received: `access-request-received`, `amendment-requested`, `erasure-requested`."""
        fields = blank(f"{what}/1") | {"received_on": received_on or instant(at)[:10], "asked_by": "person"}
        fields |= {} if what == "erasure-requested" else {"due": "2026-06-30"}
        fields |= {"note": "It was another day."} if what == "amendment-requested" else {}
        return self.put(
            make(f"{what}/1", **(fields | changes)), whose, at, who=[(OFFICER, "received", "privacy-officer")]
        )

    def answers(self, what: str, at: str, of: int = -1, *, whose: str = ANA, **changes: Any) -> Self:
        """A request is answered by an event of this type; which request, by its place in the day."""
        fields = blank(f"{what}/1") | {"request": self.named(of)} | changes
        if what == "access-request-fulfilled":
            fields["channel"] = "mail"
        return self.put(make(f"{what}/1", **fields), whose, at, who=[(OFFICER, "performed", "privacy-officer")])

    def gets_a_key(self, at: str, owner: str = SERVICE, ledger: str = "") -> Self:
        """The software, or somebody, gets a key of their own; `ledger` is the name of a ledger other than usual."""
        fields = {"alg": "ed25519", "custody": "service", "officer": False, "owner": owner, "pub": "7" * 64}
        self.put(make("key-enrolled/1", **fields), "keys", at, who=[(OFFICER, "enrolled", "security-officer")])
        if ledger:
            placed = self.placed[-1]
            self.placed[-1] = replace(placed, payload=placed.payload.model_copy(update={"ledger": ledger}))
        return self

    def verifies_itself(self, at: str, first: int = 0, size: int = 10, **when: Any) -> Self:
        """The software verified the log from `first` to below `size`."""
        event = make("sys-integrity-verified/1", first=first, root="8" * 64, size=size)
        return self.put(event, CHECKS, at, who=[(SERVICE, "verified", "service")], **when)

    def does_not_verify(self, at: str) -> Self:
        """It verified the log, and something cannot be believed."""
        event = make("sys-integrity-failed/1", codes=["signature", "leaf"], first=0, position=7, size=10)
        return self.put(event, CHECKS, at, who=[(SERVICE, "verified", "service")])

    def discloses(self, at: str, *, whose: str = ANA, who: str = OFFICER, **changes: Any) -> Self:
        """A part of somebody's record is shown to St M."""
        fields = blank("disclosure-made/1") | {
            "accountable": True,
            "basis": "own-authorisation",
            "content": ["sessions"],
            "partner_left_out": True,
            "purpose": "treatment",
            "recipient": "St M, ward 4",
        }
        event = make("disclosure-made/1", **(fields | changes))
        return self.put(event, whose, at, who=[(who, "performed", "privacy-officer")])

    def allows(self, at: str, *, whose: str = BEN, until: str = "2026-05-31", **changes: Any) -> Self:
        """Somebody lets the clinic show their sessions to St M."""
        fields = blank("release-of-information-signed/1") | {
            "content": ["sessions"],
            "purpose": "treatment",
            "recipient": "St  M, Ward 4",
            "text": "6" * 64,
            "valid_until": until,
        }
        event = make("release-of-information-signed/1", **(fields | changes))
        return self.put(event, whose, at, who=[(whose, "consented", "participant")])

    def takes_back(self, at: str, of: int = -1, *, whose: str = BEN) -> Self:
        """They take it back."""
        event = make("release-of-information-revoked/1", signed=self.named(of))
        return self.put(event, whose, at, who=[(whose, "declined", "participant")])

    def copies(self, at: str, *records: str, size: int = 0, one: bool = True) -> Self:
        """A copy of these records leaves, made for one partner."""
        fields = blank("sys-record-exported/1") | {
            "content": "9" * 64,
            "partner_left_out": one,
            "privacy": ["clinical"],
            "purpose": "own-record" if one else "operations",
            "reader": "staff",
            "records": [stream_tag("clinic.example.test/00c0ffee00c0ffee", record) for record in records],
            "size": size or len(self.placed),
        }
        return self.put(make("sys-record-exported/1", **fields), ACCESS, at, who=[(SERVICE, "observed", "service")])

    def mistakes(self, at: str) -> Self:
        """A dose of B's is written down for A."""
        return self.gives("a", at, "50")

    def puts_right(self, at: str, of: int) -> Self:
        """It is voided there, written down for B, and linked; a second person has yet to sign."""
        wrong = self.placed[of]
        self.voids(at, of=of)
        voided = self.placed[-1]
        self.put(wrong.event, f"{SESSION}/b", at)
        event = make("entry-reattributed/1", voided=reference(voided), created=self.named(-1))
        beside = SESSION.replace("session/", "governance/")
        return self.put(event, beside, at, who=[(RN1, "corrected", "nurse")])

    def confirms(self, at: str) -> Self:
        """A second person signs the void, and so both halves."""
        place = next(i for i, each in enumerate(self.placed) if each.event.type == "entry-voided/1")
        return self.signs(at, of=place)

    def named(self, of: int) -> dict[str, str]:
        """A reference to an entry, by its place in the day."""
        placed = self.placed[of]
        return {"dig": placed.dig, "id": placed.payload.id}


def desk(**figures: Any) -> Desk:
    """A day on which a protocol is in effect."""
    return Desk().opens(**figures)
