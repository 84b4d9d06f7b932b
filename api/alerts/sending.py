"""Sending one alert by the way somebody asked for, and saying in a word what came of it."""

from __future__ import annotations

import http.client
import json
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.alerts.book import Subscription
from api.alerts.mail import hand_over, letter
from api.alerts.policy import AlertPolicy
from api.alerts.webhook import post, signed_headers, target_of
from ledger.errors import LedgerError

log = logging.getLogger("session_ledger")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try; `gone` when the receiver wants nothing more."""

    arrived: bool
    said: str
    gone: bool = False


def send(to: Subscription, message: str, told: dict[str, Any], now: datetime, policy: AlertPolicy) -> Outcome:
    """Try once; `message` is the same at every try."""
    try:
        if to.channel == "webhook":
            return _webhook(to, message, told, now, policy)
        return _mail(to, message, told, now, policy)
    except LedgerError as error:
        return Outcome(arrived=False, said=error.code)
    except (OSError, http.client.HTTPException) as error:
        return Outcome(arrived=False, said=type(error).__name__)


def _webhook(to: Subscription, message: str, told: dict[str, Any], now: datetime, policy: AlertPolicy) -> Outcome:
    body = json.dumps(told, separators=(",", ":"), sort_keys=True).encode()
    target = target_of(to.target, private=policy.private_addresses)
    headers = signed_headers(to.secret, message, int(now.timestamp()), body)
    status = post(target, headers, body, private=policy.private_addresses)
    return Outcome(200 <= status < 300, f"status {status}", gone=status == 410)


def _mail(to: Subscription, message: str, told: dict[str, Any], now: datetime, policy: AlertPolicy) -> Outcome:
    if policy.mail is None:
        return Outcome(arrived=False, said="no mail server")
    hand_over(policy.mail, letter(policy.mail, to.target, message, told, now))
    return Outcome(arrived=True, said="taken by the mail server")
