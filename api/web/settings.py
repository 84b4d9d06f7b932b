"""How a service is set up; read once, by the command line, and handed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from api.web.stretching import Cost


@dataclass(frozen=True, slots=True)
class Settings:
    """
    `secure` when browsers reach it over TLS; `static` is the folder of pages and scripts.

    `idle_lock` is after how long a screen asks for the PIN, `session_life` after how long for the password.
    `wait_seconds` is how long a read waits for `at_least`, `look_seconds` how often other processes are looked for.
    """

    secure: bool = False
    static: Path = field(default_factory=lambda: Path(__file__).parents[1] / "static")
    idle_lock: timedelta = timedelta(minutes=2)
    session_life: timedelta = timedelta(hours=12)
    invitation_life: timedelta = timedelta(days=7)
    wrong_pins: int = 5
    wait_seconds: float = 2.0
    look_seconds: float = 1.0
    cost: Cost = field(default_factory=Cost)
