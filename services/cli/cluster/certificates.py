"""An authority of the cluster's own, and the certificates of its nodes, as PEM files that Kafka reads."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from services.chassis.files import write_secret_once
from services.cli.embedded.ports import LOOPBACK
from services.cli.embedded.state import write_private

_AUTHORITY_DAYS: Final = 3650
_NODE_DAYS: Final = 825
_CLOCKS_DIFFER: Final = timedelta(minutes=5)


class Authority:
    """The key that signs, and its certificate. Made by `open`.

    Hazard: its key makes a node, and a node may do everything on the cluster. It never leaves its directory.
    """

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate, path: Path) -> None:
        self._key = key
        self._certificate = certificate
        self.path = path
        """The certificate's file, which clients are given."""

    @classmethod
    def open(cls, directory: Path) -> "Authority":
        """The authority of a directory (0700), made at the first call: `ca.key` (0600) and `ca.pem`.

        Both are made from one file with key and certificate, written first and as a whole, so that a killed start
        leaves no key without its certificate. Raises ExposedSecret where others can read the key.
        """
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = write_secret_once(directory / "ca.key", _new_authority)
        key = serialization.load_pem_private_key(pem, None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{directory / 'ca.key'} holds a key of another kind")
        certificate = x509.load_pem_x509_certificates(pem)[0]
        path = directory / "ca.pem"
        write_private(path, certificate.public_bytes(serialization.Encoding.PEM).decode())
        return cls(key, certificate, path)

    def issue(self, name: str, path: Path) -> None:
        """Write a new key and its certificate chain for a node on this machine (0600): for both ends of a connection.

        `name` is its common name, and so the principal as which it appears to the other nodes.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        here = [x509.IPAddress(ipaddress.ip_address(LOOPBACK)), x509.DNSName("localhost")]
        uses = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        certificate = (
            _builder(_named(name), self._certificate.subject, key.public_key(), _NODE_DAYS)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
            .add_extension(x509.SubjectAlternativeName(here), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
            .sign(self._key, hashes.SHA256())
        )
        write_private(path, _pem(key, certificate, self._certificate))


def _new_authority() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named("reluth-kafka-ca")
    certificate = (
        _builder(name, name, key.public_key(), _AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return _pem(key, certificate).encode()


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_DIFFER)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey, *certificates: x509.Certificate) -> str:
    """Key in PKCS#8, as Kafka wants it, then the certificates."""
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = (certificate.public_bytes(serialization.Encoding.PEM) for certificate in certificates)
    return b"".join((secret, *public)).decode()
