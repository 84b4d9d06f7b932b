"""
Writes `docs/rules.md` from the rules of `projections.compliance`.

    python docs/generate_rules.py          write it
    python docs/generate_rules.py --check  only say whether it is what the rules say
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ledger.events.choices import Parameters2
from ledger.events.measures import Part
from projections.compliance.rule import GateOf, Rule
from projections.compliance.rules import RULES

PAGE = Path(__file__).parent / "rules.md"

HEAD = """\
# Rules

What the software judges, rule by rule: the sentence, what sets it going, and what every verdict means.
*This page is generated from the rules by `docs/generate_rules.py`; change the rule, then run it.*

A rule judges what is on record; it never changes what may be recorded as a fact.
It is asked on two axes: *as known at* a position in the log, and *as of* an instant.
An absence is judged at the earlier of both, so a question about the past sees no deadline that lay in its future.
Times are compared in UTC to the whole second; a time given to the minute stands at second 00.
"Within" and "at the latest" include the limit itself: an obligation is pending up to it and breached a second later.
A time claimed ahead of the ledger's receipt counts from the receipt.
The figures are those of the protocol that was pinned when the session was opened, never of this page;
the defaults named here are ours [D], not a law's.
Without a published protocol, and where values were withheld, erased or have expired, the verdict is *cannot judge*:
nothing is met because nobody can see it.

A *gate* asks the same rule before an authorisation is recorded.
What it objects to is refused with the rule, its version and the positions of its evidence; a fact is never refused.
Somebody who may override says so beforehand, with a reason: about staff and place in an `authorisation-overridden`,
about one partner in a `rule-overridden-for-partner`, sealed on that partner's record.
It serves every gate of the same rule that its signer's role may override, for the same member of staff and credential,
or the same partner where it permits that very act, in that session.
What is done under it is a finding all the same, and a *declared* one.
Who may do what, and what each role needs for it: [authority](authority.md).
Rules that are not listed here are not judged yet.
REC-12, REC-13 and CS-09 are asked by the ledger itself before something is destroyed, in every process that records:
what is gone cannot be judged afterwards.
"""

SEVERITIES = {"C": "critical (C)", "M": "major (M)", "m": "minor (m)", "i": "information (i)"}


def page() -> str:
    """The whole page."""
    lines = [HEAD, "| rule | sentence | severity | mode |", "|---|---|---|---|"]
    lines += [f"| [{r.id}](#{r.id.lower()}) | {r.title} | {SEVERITIES[r.severity]} | {r.mode} |" for r in RULES]
    lines += ["", "Mode: B blocks an authorisation, F flags a fact; I at an instant, W in a window, S across records."]
    for rule in RULES:
        lines += ["", *_section(rule)]
    return "\n".join(lines) + "\n"


def _section(rule: Rule) -> Iterator[str]:
    yield from (f"## {rule.id}", "", rule.title, "")
    yield f"- Version {rule.version}, {SEVERITIES[rule.severity]}, mode {rule.mode}."
    yield f"- Trigger: {rule.trigger}"
    yield f"- Window: {rule.window}"
    yield f"- Evidence: {rule.evidence}"
    yield f"- Source: {rule.source}."
    yield f"- Gate: {_gate(rule.gate)}"
    if rule.gate is not None:
        yield f"- Opened by: {_opens(rule.gate)}"
    yield from (f"- {note}" for note in rule.notes)
    yield from ("", "| parameter of the protocol | default [D] |", "|---|---|")
    yield from (f"| `{path}` | {_default(path)} [D] |" for path in rule.parameters)
    yield from ("", "| verdict | when |", "|---|---|")
    yield from (f"| {verdict} | {when} |" for verdict, when in rule.verdicts.items())


def _gate(gate: GateOf | None) -> str:
    if gate is None:
        return "none."
    never = f"; nobody, when a cause is {', '.join(f'`{cause}`' for cause in sorted(gate.never))}" if gate.never else ""
    asked = [(kind, gate.may_override(kind)) for kind in gate.authorisations]
    who = {role: [f"`{kind.type_tag()}`" for kind, each in asked if each == role] for _, role in asked}
    words = [f"before {' and '.join(kinds)}; {_may(role)}" for role, kinds in who.items()]
    return f"{'; '.join(words)}{never}."


def _opens(gate: GateOf) -> str:
    kinds = ", ".join(f"`{kind.type_tag()}`" for kind in gate.opened_by)
    return " ".join(filter(None, (f"{kinds}." if kinds else "", gate.otherwise)))


def _may(role: str | None) -> str:
    return "nobody may override" if role is None else f"a {role} may override, with a reason"


def _default(path: str) -> str:
    value: Any = Parameters2()
    for name in path.split("."):
        value = getattr(value, name)
    if isinstance(value, tuple):
        return ", ".join(_part(item) if isinstance(item, Part) else str(item) for item in value) or "empty"
    return str(value)


def _part(part: Part) -> str:
    return " ".join(f"{name} {value}" for name, value in part.model_dump().items())


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or with `--check` say whether it is current; 1 when it is not."""
    parser = argparse.ArgumentParser(description="Write docs/rules.md from the rules.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is stale")
    text = page()
    if not parser.parse_args(arguments).check:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print("docs/rules.md is not what the rules say: run python docs/generate_rules.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
