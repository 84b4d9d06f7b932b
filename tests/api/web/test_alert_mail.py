"""Alerts by e-mail, handed to a real mail server on this machine."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("aiosmtpd", reason="ALERTS BY MAIL ARE NOT TESTED: the package aiosmtpd is missing (make setup)")

from aiosmtpd.controller import Controller  # after the check that it is there
from aiosmtpd.smtp import AuthResult

from api.alerts.mail import check_address
from api.alerts.policy import AlertPolicy, MailServer, read_alert_policy
from api.web.tls import certificate_for
from ledger.errors import Invalid
from tests.api.web.practice import Practice, Screen
from tests.api.web.test_alerts import gives, passes
from tests.ledger.clinic import PT1, SESSION

TO = "compliance@example.org"


@dataclass
class Post:
    """A mail server that keeps what it takes, and takes nothing when it is told so."""

    port: int = 0
    refuses: bool = False
    letters: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # its names
        if self.refuses:
            return "451 Try again later"
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"


@contextmanager
def serving(kept: Post, **options: Any) -> Iterator[Post]:
    """The mail server on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        kept.port = free.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port, **options)
    controller.start()
    yield kept
    controller.stop()


@pytest.fixture
def post() -> Iterator[Post]:
    with serving(Post()) as kept:
        yield kept


@pytest.fixture
def officer(practice: Practice, post: Post) -> Screen:
    practice.service.alerts.policy = AlertPolicy(mail=server(post.port))
    return practice.at(PT1, "compliance-officer")


def server(port: int, **changes: Any) -> MailServer:
    given = {"security": "none", "sender": "ledger@clinic.example.org", "user": None, "password": None} | changes
    return MailServer(host="127.0.0.1", port=port, **given)


def asks(officer: Screen) -> str:
    answer = officer.post("/v1/alerts", {"channel": "mail", "target": TO, "rules": ["ORD-10"]})
    assert answer.status_code == 201, answer.text
    assert answer.json()["key"] is None
    return str(answer.json()["id"])


def test_what_opens_is_handed_over_once_with_numbers_alone(practice: Practice, officer: Screen, post: Post) -> None:
    asks(officer)
    gives(practice)

    passes(practice)
    passes(practice)

    (letter,) = post.letters
    (finding,) = officer.get("/v1/findings?rule=ORD-10&state=open").json()["findings"]
    assert (letter["From"], letter["To"]) == ("ledger@clinic.example.org", TO)
    assert letter["Subject"] == "Session ledger: a finding of ORD-10 is open"
    assert letter["Message-ID"] == f"<{finding['id']}.1@clinic.example.org>"
    text = letter.get_content()
    assert f"finding: {finding['id']}" in text
    assert f"session: {SESSION}" in text
    assert f"/finding/{finding['id']}" in text
    assert finding["sentence"] not in text
    assert not [word for word in ("100", "slot", "person", "Ana") if word in text]


def test_what_the_server_did_not_take_is_tried_again(practice: Practice, officer: Screen, post: Post) -> None:
    number = asks(officer)
    post.refuses = True
    gives(practice)
    passes(practice)
    (waiting,) = practice.service.alerts.book.deliveries(number)
    assert (waiting["state"], waiting["said"]) == ("waiting", "SMTPDataError")

    post.refuses = False
    practice.clinic.clock.forward(seconds=5)
    practice.service.alerts.deliver()

    assert len(post.letters) == 1


def test_a_test_letter_says_that_it_is_one(officer: Screen, post: Post) -> None:
    number = asks(officer)

    assert officer.post(f"/v1/alerts/{number}/test").json() == {"said": "taken by the mail server"}
    assert post.letters[0]["Subject"] == "Session ledger: a test"


def test_a_server_whose_certificate_does_not_fit_gets_no_letter(practice: Practice, tmp_path: Path) -> None:
    certificate = certificate_for(tmp_path / "tls", ("127.0.0.1",), practice.clinic.clock.now)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    with serving(Post(), tls_context=context) as kept:
        practice.service.alerts.policy = AlertPolicy(mail=server(kept.port, security="starttls"))
        officer = practice.at(PT1, "compliance-officer")
        said = officer.post(f"/v1/alerts/{asks(officer)}/test").json()["said"]

    assert said == "SSLCertVerificationError"
    assert kept.letters == []


def test_somebody_who_has_to_sign_in_there_does(practice: Practice) -> None:
    signed_in = []

    def lets_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        signed_in.append((data.login, data.password))
        return AuthResult(success=True)

    with serving(Post(), authenticator=lets_in, auth_require_tls=False) as kept:
        known = server(kept.port, user="ledger", password="a sentence")  # noqa: S106
        practice.service.alerts.policy = AlertPolicy(mail=known)
        officer = practice.at(PT1, "compliance-officer")
        officer.post(f"/v1/alerts/{asks(officer)}/test")

    assert signed_in == [(b"ledger", b"a sentence")]
    assert len(kept.letters) == 1


def test_without_a_mail_server_nobody_is_promised_mail(practice: Practice) -> None:
    answer = practice.at(PT1, "compliance-officer").post("/v1/alerts", {"channel": "mail", "target": TO})

    assert answer.json()["code"] == "mail-not-set-up"


@pytest.mark.parametrize(
    "address", ["x", "a@b, c@d", "A <a@b.example>", "a@b\r\nBcc: c@d", "a b@c.example", "@c.example"]
)
def test_what_is_not_one_plain_address_is_refused(address: str) -> None:
    with pytest.raises(Invalid, match=r".") as refused:
        check_address(address)

    assert (refused.value.code, refused.value.field) == ("alert-target", "target")


def test_the_clinic_s_file_names_the_server_and_where_its_password_is(tmp_path: Path) -> None:
    (tmp_path / "mail.password").write_text("a sentence\n")
    file = tmp_path / "alerts.json"
    assert read_alert_policy(file) == AlertPolicy()
    file.write_text(
        '{"private_addresses": true, "mail": {"host": "mail.example.org", "port": 587, "sender": "l@example.org",'
        ' "user": "ledger", "password_file": "mail.password"}}'
    )

    read = read_alert_policy(file)

    assert read.private_addresses
    assert read.mail == MailServer("mail.example.org", 587, "starttls", "l@example.org", "ledger", "a sentence")


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"mails": {}}',
        '{"mail": {"host": "x", "port": "587", "sender": "a@b"}}',
        '{"mail": {"host": "x", "port": 587, "sender": "a@b", "password_file": "missing"}}',
    ],
)
def test_a_file_that_says_something_else_is_refused_at_the_start(tmp_path: Path, text: str) -> None:
    (tmp_path / "alerts.json").write_text(text)

    with pytest.raises(Invalid, match=r".") as refused:
        read_alert_policy(tmp_path / "alerts.json")

    assert refused.value.code == "alerts-file"
