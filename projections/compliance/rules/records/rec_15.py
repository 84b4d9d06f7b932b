"""REC-15: no free text is too long, and none holds what was said in a session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.events.fields import Gone
from ledger.events.words import LONGEST_TEXT
from projections.compliance.conversation import Sign, sign_of_conversation
from projections.compliance.finding import Ruling, Whose
from projections.compliance.free_texts import Text, texts_on
from projections.compliance.history import History
from projections.compliance.known import SLOTS
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.rule import rule

_BESIDE = ("person", "couple", "staff", "location", "stock", "protocol", "device", "governance")
_READS_LIKE: dict[Sign, str] = {
    "direct-speech": "it has words in quotation marks",
    "turns-of-speech": "it has turns of speech",
    "reported-speech": "it tells what somebody said",
}


def _elsewhere(ledger: LedgerAt) -> Iterator[Ruling]:
    """One ruling for each text that reads like a conversation, or one for a record that none of its texts does."""
    for kind in _BESIDE:
        for record in ledger.names(kind):
            yield from _of("", texts_on(ledger, record), about=record)


@rule(
    id="REC-15",
    version="1",
    title="No free text is too long, and none holds what was said in a session.",
    severity="m",
    mode="F / I",
    source="notes of a conversation are kept apart: 45 CFR 164.501; 280 characters and what is noticed are ours [D]",
    trigger="A free text on a record of the session, or on any other record. One finding per text.",
    window="At the entry.",
    evidence=(
        f"At most {LONGEST_TEXT} characters, which the type of the field ensures; and nothing in it reads like a "
        "conversation: three or more words in quotation marks, two or more turns of speech, or that somebody said or "
        "told something."
    ),
    parameters=(),
    verdicts={
        "met": "no text reads like a conversation",
        "breached": "one does; it is kept as it was signed",
        "not-applicable": "there is no free text",
        "cannot-judge": "none that can be read does, and one cannot be read any more",
    },
    notes=(
        "A guard and no proof: it notices a way of writing, not what was confided. The finding never repeats the text.",
        "A longer text is refused when it is written, and so is never a finding.",
        "A text whose entry was voided does not count.",
    ),
    elsewhere=_elsewhere,
)
def rec_15(history: History) -> Iterator[Ruling]:
    """One ruling for each text that reads like a conversation, or one for each person that none does."""
    texts = texts_on(history.ledger, history.session)
    for slot in SLOTS:
        own = [text for text in texts if text.whose == slot]
        yield from _of(slot, own) if own else [Ruling(slot, "not-applicable", f"{slot.upper()}: no free text.")]
    yield from _of("", [text for text in texts if text.whose is None])


def _of(whose: Whose, texts: Sequence[Text], about: str = "") -> Iterator[Ruling]:
    read = [(text, text.text) for text in texts if not isinstance(text.text, Gone)]
    told = [(text, words, sign) for text, words in read if (sign := sign_of_conversation(words)) is not None]
    who = f"{whose.upper()}: " if whose else ""
    for text, words, sign in told:
        where = f"the field {text.field} of entry {text.fact.position}"
        yield Ruling(
            whose,
            "breached",
            f"{who}{where} reads like a conversation: {_READS_LIKE[sign]}; "
            f"{len(words)} of at most {LONGEST_TEXT} characters.",
            (text.fact.position,),
            anchor=f"{text.fact.dig} {text.field}",
            causes=(sign,),
            about=about,
        )
    if told or not texts:
        return
    positions = tuple(text.fact.position for text in texts)
    gone = len(texts) - len(read)
    if gone:
        words = f"{who}a free text cannot be read any more, and no other one reads like a conversation."
        yield Ruling(whose, "cannot-judge", words, positions, causes=("unreadable",), about=about)
        return
    longest = max(len(words) for _, words in read)
    words = f"{who}no free text reads like a conversation; the longest has {longest} of {LONGEST_TEXT} characters."
    yield Ruling(whose, "met", words, positions, about=about)
