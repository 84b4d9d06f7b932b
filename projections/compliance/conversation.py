"""
What reads like a conversation: words in quotation marks, turns of speech, or that somebody said something.

It is a guard and no proof. What was said in confidence can be written in a way that nothing here notices, and a note
that is noticed may be harmless; whoever looks at it decides.
Source: 45 CFR 164.501, on notes that document a conversation; what is noticed is ours [D].
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

Sign: TypeAlias = Literal["direct-speech", "turns-of-speech", "reported-speech"]
"""Why a text reads like a conversation."""

WORDS_QUOTED = 3
"""So many words in quotation marks are speech; fewer may be a name or a label."""

TURNS = 2
"""So many speakers' names with a colon are turns."""

_QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»|»([^«]+)«')
_TURN = re.compile(r"(?:^|[.!?;/|–—]\s*|\s-\s)(?:[A-Z][a-z]{1,20}|[ABT]|[A-Z]{1,3}\d)\s?:\s")
_REPORTED = re.compile(
    r"\b(?:(?:said|says|saying|confessed|confided|argued)\s+(?:that|to\s+(?:him|her|them|me|us))"
    r"|t(?:old|ells)\s+(?:me|us|him|her|them|the\s+therapist|(?:his|her|their)\s+\w+)\s+that"
    r"|verbatim|transcript(?!ion))\b",
    re.IGNORECASE,
)


def sign_of_conversation(text: str) -> Sign | None:
    """Why a text reads like a conversation, None when it does not."""
    quoted = ("".join(groups) for groups in _QUOTED.findall(text))
    if any(len(words.split()) >= WORDS_QUOTED for words in quoted):
        return "direct-speech"
    if len(_TURN.findall(text)) >= TURNS:
        return "turns-of-speech"
    return "reported-speech" if _REPORTED.search(text) else None
