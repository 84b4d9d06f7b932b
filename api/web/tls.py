"""
A certificate for the clinic's own network: without HTTPS a tablet's browser signs nothing.

Self-signed, for 90 days, for exactly the names and addresses by which tablets reach the service.
Each tablet is told once to trust it; the fingerprint is printed, so that this can be done with open eyes.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ledger.errors import Invalid
from ledger.store.durable import sync_folder, write_new

DAYS = 90
RENEW_BEFORE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where certificate and key are; `fingerprint` is the SHA-256 a browser shows."""

    certificate: Path
    key: Path
    fingerprint: str
    ends: datetime
    names: tuple[str, ...]


def certificate_for(folder: Path, names: tuple[str, ...], now: datetime) -> Certificate:
    """
    The certificate in a folder, made anew when it is missing, ends within a week, or lacks one of the names.

    Raises:
        Invalid: `tls-name`, for a name that is neither a host name nor an address.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = _read(folder)
    if found is None or found.ends - now < RENEW_BEFORE or not set(names) <= set(found.names):
        _make(folder, names, now)
        found = _read(folder)
    if found is None:
        raise Invalid("tls-name", "The certificate could not be made.", field="name")
    return found


def _read(folder: Path) -> Certificate | None:
    file, key = folder / "cert.pem", folder / "key.pem"
    if not file.exists() or not key.exists():
        return None
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    known = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    names = (*known.get_values_for_type(x509.DNSName), *map(str, known.get_values_for_type(x509.IPAddress)))
    print_of = certificate.fingerprint(hashes.SHA256()).hex(":").upper()
    return Certificate(file, key, print_of, certificate.not_valid_after_utc, names)


def _make(folder: Path, names: tuple[str, ...], now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "session-ledger")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_USAGE, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    for name, data in (("key.pem", key.private_bytes(pem, form, plain)), ("cert.pem", certificate.public_bytes(pem))):
        (folder / f"{name}.new").unlink(missing_ok=True)
        write_new(folder / f"{name}.new", data)
        (folder / f"{name}.new").rename(folder / name)
    sync_folder(folder)


_USAGE = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        pass
    try:
        return x509.DNSName(name)
    except ValueError:
        raise Invalid("tls-name", "This is neither a host name nor an address.", field="name") from None
