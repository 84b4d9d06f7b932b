"""
What the log means: read models, each with its tables, its fold and its queries in one file.

A view can be thrown away at any time and built again from the log; nothing here is evidence by itself, so
every answer names the log position it was computed at and the positions of the events it rests on.
No view reads a clock, a random number or the environment.
"""

from __future__ import annotations

from typing import Final

from projections.couple_history_rows import COUPLE_HISTORY
from projections.paper_sheets import PAPER
from projections.search_rows import SEARCH
from projections.session_rows import SESSIONS
from projections.stock_rows import STOCK
from projections.view import View

VIEWS: Final[tuple[View, ...]] = (SESSIONS, COUPLE_HISTORY, STOCK, SEARCH, PAPER)
"""The read models every ledger has."""
