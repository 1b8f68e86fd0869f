"""Certificates for any host, signed by an authority that lives as long as a test."""

from __future__ import annotations

import datetime as dt
import ssl
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["TestAuthority"]

_PEM = serialization.Encoding.PEM


class TestAuthority:
    """Signs a certificate for every host it is asked for; `path` is its own, for those who shall trust it."""

    __test__ = False

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("newsclean tests")
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()
        self.path = Path(self._folder.name) / "authority.pem"
        self.path.write_bytes(self._signed(self._name, self._key, _AUTHORITY).public_bytes(_PEM))

    def context(self, host: str) -> ssl.SSLContext:
        """Return what a server shows for `host`."""
        with self._lock:
            if host not in self._contexts:
                self._contexts[host] = self._new_context(host)
            return self._contexts[host]

    def close(self) -> None:
        """Delete its files."""
        self._folder.cleanup()

    def _new_context(self, host: str) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        certificate = self._signed(_name("newsclean test host"), key, [(names, False)])
        file = Path(self._folder.name) / f"{len(self._contexts)}.pem"
        secret = key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        file.write_bytes(secret + certificate.public_bytes(_PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _signed(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        extensions: Iterable[tuple[x509.ExtensionType, bool]],
    ) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=30))
        )
        # Python 3.13 asks for what RFC 5280 does: whose key it is, and who signed.
        of_subject = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        of_issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        for extension, is_critical in (*extensions, (of_subject, False), (of_issuer, False)):
            builder = builder.add_extension(extension, critical=is_critical)
        return builder.sign(self._key, hashes.SHA256())


_USAGES = "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign".split()
_AUTHORITY = (
    (x509.BasicConstraints(ca=True, path_length=None), True),
    (
        x509.KeyUsage(
            **{usage: usage == "key_cert_sign" for usage in _USAGES},
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        ),
        True,
    ),
)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
