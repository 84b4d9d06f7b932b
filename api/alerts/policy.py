"""
What the clinic says about alerts: a file in the ledger's folder, read at the start.

    alerts.json    {"private_addresses": false,
                    "mail": {"host": "mail.example.org", "port": 587, "security": "starttls",
                             "sender": "ledger@example.org", "user": "ledger", "password_file": "mail.password"}}

Without the file webhooks go to public https addresses only, and nothing is sent by e-mail.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from ledger.errors import Invalid


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes mail for delivery; without `user` nobody signs in there."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    sender: str
    user: str | None
    password: str | None


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """Where alerts may go."""

    private_addresses: bool = False
    mail: MailServer | None = None


class _Mail(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    host: str
    port: int
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: str
    user: str | None = None
    password_file: str | None = None


class _Policy(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    private_addresses: bool = False
    mail: _Mail | None = None


def read_alert_policy(path: Path) -> AlertPolicy:
    """
    What the file says; the path of a password file is taken from its folder.

    Raises:
        Invalid: `alerts-file`.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return AlertPolicy()
    try:
        said = _Policy.model_validate(json.loads(raw))
        mail = said.mail
        if mail is None:
            return AlertPolicy(said.private_addresses)
        password = (path.parent / mail.password_file).read_text().strip() if mail.password_file else None
    except (ValueError, ValidationError, OSError):
        raise Invalid(
            "alerts-file",
            f"{path} does not say where alerts may go, or names a password file that cannot be read.",
            remedy="Write it as docs/alerts.md shows.",
        ) from None
    server = MailServer(mail.host, mail.port, mail.security, mail.sender, mail.user, password)
    return AlertPolicy(said.private_addresses, server)
