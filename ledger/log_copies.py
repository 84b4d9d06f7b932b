"""
A copy of the log from its first entry, checked as the ledger itself is: by the audit, from its bytes.

No sealed block is in it. Of an entry that its reader might not see it holds the place alone, and the signed tree shows
that nothing else stood there; such an entry is never one about keys, which everybody may see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ledger.audit import audit
from ledger.audit_report import Problem
from ledger.copies import text_of
from ledger.copy_report import CopyReport
from ledger.entry import FIRST_LINE, parse_event_entry, stream_tag
from ledger.envelope import parse_envelope
from ledger.errors import Invalid, LedgerError, Refused
from ledger.events.fields import WITHHELD
from ledger.evidence import LogRow, Pin
from ledger.log_keys import LogKey, open_covering


def check_log_copy(first: dict[str, Any], lines: Sequence[Any], pin: Pin, log_keys: Sequence[LogKey]) -> CopyReport:
    """
    What a copy of the log holds, and what of it does not.

    Raises:
        Refused: `copy-begins-later`, for a copy that does not begin with the first entry: it cannot be proven alone.
        Invalid: what `open_covering` raises for its checkpoint.
    """
    note = text_of(first, "checkpoint").encode()
    checkpoint = open_covering(note, log_keys, pin.origin)
    if first.get("start") != 0:
        raise Refused(
            "copy-begins-later",
            f"This copy of the log begins with entry {first.get('start')}, and what stood before is not in it.",
            field="start",
            remedy="Ask for a copy from the first entry on: it proves itself.",
        )
    places: list[int] = []
    absent: Counter[str] = Counter()
    report = audit(_rows(lines, places, absent), [(checkpoint.size, note)], pin, held=[checkpoint])
    problems = [each for each in report.problems if not (each.code == "envelope-missing" and each.position in places)]
    keys = stream_tag(pin.origin, "keys")
    problems += [
        Problem(position, "keys", "copy-incomplete", "An entry about keys is not in it.")
        for position in places
        if parse_event_entry(lines[position]["entry"].encode()).stream == keys
    ]
    return CopyReport(
        what="log",
        origin=pin.origin,
        session=None,
        partner=None,
        made_for=str(first.get("made_for")),
        purpose=str(first.get("purpose")),
        size=checkpoint.size,
        entries=report.size,
        signed=sum(answer.checked for answer in report.answers if answer.question == "signatures"),
        absent=dict(absent),
        places=tuple(places),
        doubted=tuple(sorted({*report.disputed, *report.quarantined})),
        problems=tuple(sorted(problems, key=lambda each: each.position)),
    )


def _rows(lines: Sequence[Any], places: list[int], absent: Counter[str]) -> Iterator[LogRow]:
    for number, said in enumerate(lines):
        try:
            entry = said["entry"].encode()
            envelope = said["envelope"].encode() if said.get("envelope") is not None else None
            position = int(said["position"])
            digests = parse_envelope(envelope).payload.blocks if envelope is not None else ()
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Invalid("copy-format", f"Line {number + 2} of the copy is not an entry.") from None
        except LedgerError:
            digests = ()  # what is wrong with it the audit says, by its position
        if envelope is None and entry.startswith(FIRST_LINE):
            places.append(position)
        absent["withheld"] += len(digests)
        yield LogRow(position, entry, envelope, dict.fromkeys(digests, WITHHELD), None)
