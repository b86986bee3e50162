"""Time stamping for tests: an authority of three certificates, OpenSSL as a second opinion, and a forger."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
NOW = datetime(2026, 2, 2, 9, 30, tzinfo=UTC)
DIGEST = hashlib.sha256(b"a commitment").hexdigest()
OTHER = hashlib.sha256(b"another commitment").hexdigest()
needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None,
    reason="NO SECOND OPINION ON TIME STAMPS: the program openssl is not here (Debian: apt-get install openssl)",
)


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(one.public_bytes(Encoding.PEM) for one in certificates)


def certificate(
    name: str,
    key: Key,
    issuer: tuple[x509.Certificate, Key] | None = None,
    *,
    purposes: Sequence[x509.ObjectIdentifier] = (ExtendedKeyUsageOID.TIME_STAMPING,),
    critical: bool = True,
    ca: bool = False,
    valid: tuple[datetime, datetime] = (NOW - timedelta(days=365), datetime(2046, 1, 1, tzinfo=UTC)),
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if purposes and not ca:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=critical)
    return builder.sign(issuer[1] if issuer else key, SHA256())


@dataclass
class Chain:
    """Root, intermediate and stamping key, as an authority outside would have them."""

    make: Callable[[], Key] = lambda: ec.generate_private_key(ec.SECP256R1())
    leaf_options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root_key, self.middle_key, self.key = self.make(), self.make(), self.make()
        self.root = certificate("Root", self.root_key, ca=True)
        self.middle = certificate("Middle", self.middle_key, (self.root, self.root_key), ca=True)
        self.leaf = certificate("Stamps of Elsewhere", self.key, (self.middle, self.middle_key), **self.leaf_options)

    @property
    def roots(self) -> bytes:
        return pem(self.root)


@dataclass
class Forger:
    """Signs whatever it is told to, with the authority's true key: what is refused of it is refused for its content."""

    chain: Chain
    told: dict[str, Any] = field(default_factory=dict)
    without: str = ""
    named: x509.Certificate | None = None
    alter: Callable[[bytes], bytes] = lambda content: content

    def token(self, digest: str = DIGEST, nonce: int | None = None) -> bytes:
        told: dict[str, Any] = {
            "version": "v1",
            "policy": "1.2.3",
            "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes.fromhex(digest)},
            "serial_number": 7,
            "gen_time": NOW,
            **({} if nonce is None else {"nonce": nonce}),
            **self.told,
        }
        content = tsp.TSTInfo(told).dump()
        leaf = asn1.Certificate.load(self.chain.leaf.public_bytes(Encoding.DER))
        named = (self.named or self.chain.leaf).public_bytes(Encoding.DER)
        attributes = {
            "content_type": "tst_info",
            "message_digest": hashlib.sha256(content).digest(),
            "signing_certificate_v2": {"certs": [{"cert_hash": hashlib.sha256(named).digest()}]},
        }
        attributes.pop(self.without, None)
        signed = cms.CMSAttributes([{"type": name, "values": [value]} for name, value in attributes.items()])
        rsa_key = isinstance(self.chain.key, rsa.RSAPrivateKey)
        info = {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number", {"issuer": leaf.issuer, "serial_number": leaf.serial_number}
            ),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": signed,
            "signature_algorithm": {"algorithm": "rsassa_pkcs1v15" if rsa_key else "sha256_ecdsa"},
            "signature": _signature(self.chain.key, signed.dump()),
        }
        certificates = [
            cms.CertificateChoices("certificate", asn1.Certificate.load(one.public_bytes(Encoding.DER)))
            for one in (self.chain.leaf, self.chain.middle)
        ]
        data = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": core.ParsableOctetString(self.alter(content)),
            },
            "certificates": certificates,
            "signer_infos": [info],
        }
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)}).dump()


def _signature(key: Key, data: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), SHA256())
    return key.sign(data, ec.ECDSA(SHA256()))


@dataclass
class OpenSsl:
    """The program, working in a directory."""

    at: Path

    def accepts(self, token: bytes, roots: bytes, *, digest: str = DIGEST, query: bytes | None = None) -> bool:
        """`openssl ts -verify`: of a token over a digest, or of an answer to a query, nonce included."""
        (self.at / "token").write_bytes(token)
        (self.at / "roots").write_bytes(roots)
        about = ["-digest", digest, "-token_in"]
        if query is not None:
            (self.at / "query").write_bytes(query)
            about = ["-queryfile", "query", "-token_in"]
        ran = self._run("ts", "-verify", *about, "-in", "token", "-CAfile", "roots")
        assert (ran.returncode == 0) is ("Verification: OK" in ran.stdout), ran
        return ran.returncode == 0

    def query(self, digest: str = DIGEST) -> bytes:
        """`openssl ts -query`, with a nonce and asking for the certificate."""
        ran = self._run("ts", "-query", "-sha256", "-digest", digest, "-cert", "-out", "query")
        assert ran.returncode == 0, ran
        return (self.at / "query").read_bytes()

    def reply(self, query: bytes, chain: Chain, *, named_by: str = "sha256") -> bytes:
        """`openssl ts -reply`: an authority that shares no code with ours."""
        (self.at / "query").write_bytes(query)
        private = chain.key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        (self.at / "key").write_bytes(private)
        (self.at / "leaf").write_bytes(pem(chain.leaf))
        (self.at / "others").write_bytes(pem(chain.middle))
        (self.at / "serial").write_text("0A")
        (self.at / "conf").write_text(_CONFIGURATION + f"ess_cert_id_alg = {named_by}\n")
        ran = self._run("ts", "-reply", "-config", "conf", "-section", "tsa", "-queryfile", "query", "-out", "answer")
        assert ran.returncode == 0, ran
        return (self.at / "answer").read_bytes()

    def _run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(["openssl", *arguments], cwd=self.at, capture_output=True, text=True, check=False)


_CONFIGURATION = """
[tsa]
serial = serial
signer_cert = leaf
certs = others
signer_key = key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
clock_precision_digits = 3
ess_cert_id_chain = no
"""
