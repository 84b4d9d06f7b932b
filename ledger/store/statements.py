"""The SQL of the stores, a file for each statement: `sql/sqlite/head.sql` is `statement("head")`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from sqlite3 import complete_statement


@cache
def statement(name: str) -> str:
    """The text of one SQLite statement; read once."""
    return (files("ledger.store") / "sql" / "sqlite" / f"{name}.sql").read_text(encoding="utf-8").strip()


def script(name: str) -> list[str]:
    """The statements of a file that holds several, in order; a trigger with its body is one of them."""
    statements: list[str] = []
    part = ""
    for line in statement(name).splitlines(keepends=True):
        part += line
        if complete_statement(part):
            statements.append(part.strip())
            part = ""
    return statements
