"""The two times of a question, as parameters of a route: `known_at` and `up_to`, the same everywhere."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from fastapi import Depends

from api.web.bodies import KnownAt, UpTo
from api.web.service import Service, ServiceOf
from projections.both_times import asked, size_asked
from projections.snapshot import AsOf


async def _asked(service: ServiceOf, known_at: KnownAt = None, up_to: UpTo = None) -> AsOf:
    return await service.read(asked, service.database, known_at, up_to)


AsAsked: TypeAlias = Annotated[AsOf, Depends(_asked)]
"""Both times, as the caller asked; refused with field and remedy where they are none."""


async def _of_the_page(known_at: KnownAt = None, up_to: UpTo = None) -> None:
    """A page may be asked for with both times in its address; what it then asks of /v1 refuses what is none."""


PageOfThePast: Final = Depends(_of_the_page)
"""For a page that shows the past when its address says so."""


async def size_of(service: Service, when: AsOf) -> int:
    """
    How many entries of the log a question is about.

    Raises:
        Refused: `not-known-yet`, for more than there are.
    """
    if when.known_at is None:
        return service.size
    return size_asked(when, await service.read(lambda: service.opened.store.head().size))
