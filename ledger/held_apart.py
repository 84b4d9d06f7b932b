"""
Who does not do two things both: one table beside that of the roles (`ledger.who_may`).

Each row says what is held apart, what the desk does about it, and what becomes of it when it arrives signed from
elsewhere: a fact is recorded, and where the exact rules have a word about it a rule finds it (`FOUND_BY`).
Source: the exact rules, section 0, item 12, SUP-10, CS-13 and REC-03.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from ledger.vocabulary import Meaning

How: TypeAlias = Literal["only-named", "not-named", "not-whose-record", "not-a-signer", "not-of-the-session", "counts"]
"""
What the desk asks of whoever signs an act.

    only-named          they are the one whom the field names
    not-named           they are not the one whom the field names
    not-whose-record    the record is not their own
    not-a-signer        they signed none of the entries that the field names
    not-of-the-session  they signed nothing in the session that the field names
    counts              the entry asks for this signature, of them
"""


@dataclass(frozen=True, slots=True)
class Ask:
    """
    What is asked of one kind of act: its tag without the version, and the field it is about.

    `meaning` narrows it to one signature of the act; of a field that names an entry `of_entry` is that entry's field.
    """

    act: str
    how: How
    field: str = ""
    meaning: Meaning | None = None
    of_entry: str = ""


@dataclass(frozen=True, slots=True)
class Apart:
    """
    Two acts that one person does not do both, and what becomes of it when somebody does.

    `asks` is what the desk asks before it signs for somebody; none where recording lets it in from nowhere.
    """

    act: str
    by: str
    not_by: str
    at_the_desk: str
    arrives_all_the_same: str
    asks: tuple[Ask, ...] = ()


_OF_THEIR_OWN: Final = (
    "credential-granted",
    "credential-renewed",
    "credential-reinstated",
    "training-completed",
    "release-delegated",
)
"""What is said of a member of staff, and by another one."""

APART: Final[tuple[Apart, ...]] = (
    Apart(
        "consent, decline, acknowledgement, release of one partner",
        "that partner, on their own key",
        "the other partner, or anybody for them",
        "refused: `signature-missing`, `key-stream`",
        "never recorded: it is no signature of theirs",
    ),
    Apart(
        "witness, observer, checker, second counter; reviewer of a correction",
        "somebody else than who did it or wrote it",
        "the performer, the author",
        "refused: `own-act`; in one event one person signs once",
        "as a countersignature it is recorded unless the gate of REC-03 stands before it, does not count, and is a "
        "finding (REC-03, CS-13); what it was to bring stays missing (CS-02, ORD-10)",
        (Ask("countersignature-given", "not-a-signer", "target"),),
    ),
    Apart(
        "a second signature",
        "whom the entry asks for it, in the role it asks for",
        "anybody else",
        "refused: `not-their-act`",
        "recorded and shown, and does not count",
        (Ask("countersignature-given", "counts", "target"),),
    ),
    Apart(
        "review of a session; what becomes of a finding",
        "somebody who was not part of it",
        "whoever signed in that session, or an entry of care that the finding rests on",
        "refused: `own-act`",
        "recorded unless the gate of REC-03 stands before it, and is a finding (REC-03)",
        (
            Ask("review-completed", "not-of-the-session", "session"),
            Ask("finding-dispositioned", "not-a-signer", "evidence"),
            Ask("finding-closed", "not-a-signer", "evidence"),
        ),
    ),
    Apart(
        "credential, training, delegation of a member of staff",
        "somebody answerable for it",
        "that member of staff",
        "refused: `own-act`",
        "recorded; no rule is about it",
        tuple(Ask(act, "not-whose-record") for act in _OF_THEIR_OWN),
    ),
    Apart(
        "override of what a rule has against a member of staff",
        "the medical director, or who the rule names",
        "that member of staff",
        "refused: `own-act`",
        "recorded; what is done under it stays a finding",
        (Ask("authorisation-overridden", "not-named", "staff"),),
    ),
    Apart(
        "taking over, handing over and leaving as monitor; a verbal order signed afterwards",
        "whoever watches, or gave the order",
        "somebody for them",
        "refused: `not-their-act`",
        "recorded; whose signature is missing is a finding (SUP-10, ORD-01)",
        (
            Ask("monitor-assigned", "only-named", "monitor"),
            Ask("monitor-break-started", "only-named", "monitor"),
            Ask("monitor-break-ended", "only-named", "monitor"),
            Ask("monitor-handover", "only-named", "outgoing", "relinquished"),
            Ask("monitor-handover", "only-named", "incoming", "received"),
            Ask("verbal-order-cosigned", "only-named", "order", of_entry="prescriber"),
        ),
    ),
    Apart(
        "typing in what was kept on paper",
        "any member of staff, as *transcribed*",
        "anybody in the place of those whom the sheet names",
        "recorded; each of the staff it names signs it themselves",
        "an entry without the line that names them is refused: `transcription-line`",
    ),
    Apart(
        "enrolment of a key",
        "an officer of another owner",
        "the owner of the new key",
        "refused: `officer-missing`",
        "never recorded",
    ),
)
"""Who does not do both."""

FOUND_BY: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("watching, taking over, giving a dose, authorising a release without the credentials", ("SUP-02",)),
    ("evaluating without licence or DEA registration for the state", ("ELIG-02",)),
    ("authorising a release in a role that does not release", ("REL-05",)),
    ("witnessing a waste in a role that does not count, or too late, or nobody", ("CS-02",)),
    ("witnessing, checking or counting what one did oneself, or as a participant", ("CS-13", "CS-02", "ORD-10")),
    ("countersigning, reviewing or disposing of what one did oneself", ("REC-03",)),
    ("a handover that one side did not sign", ("SUP-10",)),
    ("writing down what somebody else did, who does not sign it", ("SUP-11",)),
    ("a verbal order that its prescriber does not sign", ("ORD-01",)),
    ("checks, phases, calls, closings, talks, orders, plans and the acts of the office in a role not held", ()),
)
"""
What is not allowed and arrives signed from elsewhere, with the rules that find it.

No rule is about the last row: the exact rules say that checks, waste and the signatures of witnesses are no acts for
which a credential is asked, and name none for the others.
"""


def asked_of(type_tag: str, meaning: str) -> list[Ask]:
    """What the desk asks of whoever signs an act of this type with this meaning, in the order of the table."""
    act = type_tag.partition("/")[0]
    return [ask for row in APART for ask in row.asks if ask.act == act and ask.meaning in (None, meaning)]
