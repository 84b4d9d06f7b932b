"""
Webhooks: an HTTPS POST of a small JSON body, signed so that the receiver knows whom it is from and that it is whole.

    webhook-id         the same at every try, so that a receiver can tell a second try of what it has
    webhook-timestamp  seconds since 1970, of this try
    webhook-signature  v1,BASE64 of HMAC-SHA-256 over `id.timestamp.body`, under the key that was given out once

Redirects are not followed, and an address inside somebody's own network is not asked unless the clinic says so.
Source: Standard Webhooks 1.0.0, symmetric signatures.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from ledger.errors import Invalid, Refused

SECONDS = 10
"""How long a receiver may take."""

PREFIX = "whsec_"


def key_text(secret: bytes) -> str:
    """The key as it is given out: `whsec_` and base64."""
    return PREFIX + base64.b64encode(secret).decode("ascii")


def signed_headers(secret: bytes, message: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of one try."""
    signed = f"{message}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode("ascii")
    return {
        "content-type": "application/json",
        "user-agent": "session-ledger",
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }


@dataclass(frozen=True, slots=True)
class Target:
    """Where a webhook goes to."""

    scheme: str
    host: str
    port: int
    path: str


def target_of(url: str, *, private: bool) -> Target:
    """
    The parts of an address; `private` says that plain HTTP and addresses of one's own network are allowed.

    Raises:
        Invalid: `alert-target`.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _no("This is not an address.") from None
    if not url.isascii() or not url.isprintable() or " " in url:
        raise _no("An address is plain ASCII without spaces.")
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise _no("A webhook goes to an https address.")
    if not parts.hostname or parts.username is not None or parts.password is not None or parts.fragment:
        raise _no("An address names a host, and neither a user nor a fragment.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80), path)


def post(target: Target, headers: Mapping[str, str], body: bytes, *, private: bool) -> int:
    """
    Hand over one message; the status of the answer, whatever it is.

    Raises:
        Refused: `alert-target`, for an address inside somebody's own network.
        OSError, http.client.HTTPException: when nobody answers as a web server does.
    """
    connection = _connect(target, _address(target, private=private))
    try:
        connection.request("POST", target.path, body, dict(headers))
        answer = connection.getresponse()
        answer.read(1024)
        return answer.status
    finally:
        connection.close()


def _address(target: Target, *, private: bool) -> str:
    """The address that is asked: looked up once, so that what was checked is what is connected to."""
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    allowed = [each for each in addresses if private or ipaddress.ip_address(each.partition("%")[0]).is_global]
    if not allowed:
        raise Refused(
            "alert-target",
            "This address lies inside a network of one's own.",
            field="target",
            remedy='Write {"private_addresses": true} into alerts.json if that is meant.',
        )
    return allowed[0]


def _connect(target: Target, address: str) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection(target.host, target.port, timeout=SECONDS)
    connection.sock = socket.create_connection((address, target.port), timeout=SECONDS)
    if target.scheme == "https":
        context = ssl.create_default_context()
        connection.sock = context.wrap_socket(connection.sock, server_hostname=target.host)
    return connection


def _no(words: str) -> Invalid:
    remedy = "Such as https://alerts.example.org/session-ledger."
    return Invalid("alert-target", words, field="target", remedy=remedy)
