"""Question 52: a random sample of sessions from every site and route, the same again for the same seed."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from projections.compliance.history import History
from projections.compliance.known import SLOTS
from projections.compliance.moments import as_instant
from projections.questions.answer import Column, Found, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything, positions, told

SEED: Final = "1"
COUNT: Final = 10
"""What is drawn where nothing is said [D]."""


@question(
    "52",
    "Which sessions does a random sample draw, stratified by site and route?",
    section="records",
    columns=(
        Column("session", "Session", "record"),
        Column("opened", "Opened", "instant"),
        Column("place", "Site"),
        Column("route", "Route"),
        Column("drawn", "Drawn of this site and route", "number"),
        Column("of", "Of so many", "number"),
        Column("digest", "Its place in the order"),
    ),
    takes=("from", "to", "location", "seed", "count"),
    empty="There is no session to draw from.",
    reading=(
        "Drawn from the opened sessions that the filters leave. The order in each group of one site and one route is "
        "that of the SHA-256 of the seed, a vertical bar and the number of the session (`1|session/…`, UTF-8), written "
        "in hexadecimal. Each group first gives one, the largest group first; each further one comes from the group "
        "that then has most sessions for each one drawn; of equal groups the first by site and route. A session with "
        "doses of several routes is of a group of its own, one without a dose too. Without a seed it is 1, without a "
        "count 10 [D]. The same filters as of the same two times draw the same again, and anybody can do it by hand."
    ),
)
def q52(asked: Asked) -> Found:
    """One row for each session drawn, by site, route and order."""
    seed, count = asked.filters["seed"] or SEED, int(asked.filters["count"] or COUNT)
    groups: defaultdict[tuple[str, str], list[tuple[str, History]]] = defaultdict(list)
    for history in asked.sessions:
        if history.opening is not None and history.opening.at <= history.as_of:
            groups[_group(asked, history)].append((_digest(seed, history.session), history))
    taken = shares({group: len(own) for group, own in groups.items()}, count)
    rows = [
        row(
            positions(history.opening, *(dose.fact for slot in SLOTS for dose in history.doses(slot))),
            session=history.session,
            opened=None if history.opening is None else as_instant(history.opening.at),
            place=group[0] or None,
            route=group[1] or None,
            drawn=taken[group],
            of=len(groups[group]),
            digest=digest[:16],
        )
        for group in sorted(groups)
        for digest, history in sorted(groups[group], key=lambda each: each[0])[: taken[group]]
    ]
    openings = [position for own in groups.values() for _, each in own for position in positions(each.opening)]
    figures = (
        figure("drawn", "Drawn", len(rows), everything(each.evidence for each in rows)),
        figure("of", "Of so many sessions", len(openings), openings),
    )
    return Found(tuple(rows), figures, (f"Seed {seed}, {count} asked for.",))


def shares(sizes: Mapping[tuple[str, str], int], count: int) -> dict[tuple[str, str], int]:
    """How many each group gives: one each while there are any to give, then by size."""
    taken = dict.fromkeys(sizes, 0)
    for _ in range(min(count, sum(sizes.values()))):
        open_still = sorted(group for group, size in sizes.items() if taken[group] < size)
        chosen = _next(open_still, sizes, taken)
        taken[chosen] += 1
    return taken


def _next(
    groups: Sequence[tuple[str, str]], sizes: Mapping[tuple[str, str], int], taken: Mapping[tuple[str, str], int]
) -> tuple[str, str]:
    empty = [group for group in groups if not taken[group]]
    return max(empty or groups, key=lambda group: sizes[group] / (taken[group] or 1))


def _group(asked: Asked, history: History) -> tuple[str, str]:
    routes = {str(told(getattr(dose.fact.event, "route", None))) for slot in SLOTS for dose in history.doses(slot)}
    place = "" if history.location is None else asked.codes.code(history.location)
    return place, ", ".join(sorted(routes))


def _digest(seed: str, session: str) -> str:
    return hashlib.sha256(f"{seed}|{session}".encode()).hexdigest()
