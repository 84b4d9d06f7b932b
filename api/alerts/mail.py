"""Alerts by e-mail, in plain text, handed to the server that the clinic names; the server's certificate is checked."""

from __future__ import annotations

import re
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from api.alerts.policy import MailServer
from ledger.errors import Invalid

SECONDS = 10
"""How long the server may take for each step."""

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


def check_address(address: str) -> None:
    """
    Pass for one plain address, without a name and without comments.

    Raises:
        Invalid: `alert-target`.
    """
    if not _ADDRESS.fullmatch(address) or len(address) > 254:
        remedy = "Such as compliance@example.org."
        raise Invalid("alert-target", "This is not one plain e-mail address.", field="target", remedy=remedy)


def letter(server: MailServer, to: str, message: str, told: dict[str, Any], now: datetime) -> EmailMessage:
    """The letter: the same numbers that a webhook carries, one a line; its `Message-ID` is the same at every try."""
    mail = EmailMessage()
    mail["From"], mail["To"] = server.sender, to
    is_test = told["type"] != "finding.opened"
    mail["Subject"] = "Session ledger: a test" if is_test else f"Session ledger: a finding of {told['rule']} is open"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message}@{server.sender.partition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    lines = [f"{name}: {value}" for name, value in told.items() if value is not None]
    where = "" if is_test else f"\nLook it up in the ledger, at /finding/{told['finding']}\n"
    mail.set_content("\n".join(lines) + f"\n{where}")
    return mail


def hand_over(server: MailServer, mail: EmailMessage) -> None:
    """
    Hand a letter to the server.

    Raises:
        OSError: when it does not answer, is not who it should be, or does not take the letter
            (`smtplib.SMTPException` is one).
    """
    context = ssl.create_default_context()
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    with connection:
        if server.security == "starttls":
            connection.starttls(context=context)
        if server.user is not None:
            connection.login(server.user, server.password or "")
        connection.send_message(mail)
