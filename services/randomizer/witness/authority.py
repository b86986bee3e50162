"""A time stamping authority of our own, for embedded mode and for tests. It answers real RFC 3161 requests.

What it stamps shows nothing to anybody who does not trust this installation: who has its key can date as they like.
"""

import base64
import hashlib
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from services.chassis.clock import Clock, system_clock
from services.chassis.files import write_secret_once
from services.randomizer.domain.commands import Stamp
from services.randomizer.witness.tokens import Answer, question, sha256_algorithm, token_of, verify_token

KEY_FILE: Final = "timestamp-authority.pem"
CERTIFICATE_FILE: Final = "timestamp-authority-certificate.pem"
NAME: Final = "ReLUTH own time stamping authority (no outside witness)"
POLICY: Final = "2.25.94454627711842778145288718418653056430"
"""Stands for: a key beside the data, a clock that nobody audits. From a random UUID: nobody else means this by it."""

_VALID: Final = timedelta(days=365 * 20)
_EARLIER: Final = _VALID  # a trial that is acted may go back to years before the key was made


class LocalAuthority:
    """Signs with the key in `state_dir`, which is made at first use and shared by all processes there."""

    def __init__(self, state_dir: Path, *, clock: Clock = system_clock) -> None:
        self._clock = clock
        kept = write_secret_once(state_dir / KEY_FILE, lambda: _fresh(clock))
        key = load_pem_private_key(kept, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError(f"{KEY_FILE} does not hold a key on an elliptic curve")
        self._key = key
        [certificate] = x509.load_pem_x509_certificates(kept)
        self.certificate_pem = certificate.public_bytes(Encoding.PEM)
        self._certificate = asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
        self._named = {"issuer": self._certificate.issuer, "serial_number": self._certificate.serial_number}
        # beside the key, for whoever verifies: `reluth verify --authority`, `openssl ts -verify -CAfile`
        write_secret_once(state_dir / CERTIFICATE_FILE, lambda: self.certificate_pem)

    def answer(self, request: bytes) -> bytes:
        """TimeStampResp (DER) to TimeStampReq (DER). Bad requests get a status and no stamp, as the standard has it."""
        try:
            asked = tsp.TimeStampReq.load(request, strict=True)
            asked.native  # noqa: B018
        except (ValueError, TypeError, KeyError):
            return _rejection("bad_data_format")
        hashed = asked["message_imprint"]
        if hashed["hash_algorithm"]["algorithm"].native != "sha256" or len(hashed["hashed_message"].native) != 32:
            return _rejection("bad_alg")
        if asked["req_policy"].native not in (None, POLICY):
            return _rejection("unaccepted_policy")
        if asked["extensions"].native:
            return _rejection("unaccepted_extensions")
        granted = Answer({"status": {"status": "granted"}, "time_stamp_token": self._token(asked)})
        return bytes(granted.dump())

    def _token(self, asked: tsp.TimeStampReq) -> cms.ContentInfo:
        told: dict[str, Any] = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": asked["message_imprint"],
            "serial_number": int.from_bytes(secrets.token_bytes(16), "big"),
            "gen_time": self._clock().replace(microsecond=0),  # rounded down: never later than what is recorded next
            "accuracy": {"seconds": 1},
        }
        if asked["nonce"].native is not None:
            told["nonce"] = asked["nonce"].native
        content = tsp.TSTInfo(told).dump()
        attributes = cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["tst_info"]},
                {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
                {"type": "signing_certificate_v2", "values": [{"certs": [{"cert_hash": self._certificate.sha256}]}]},
            ]
        )
        signed: dict[str, Any] = {
            "version": "v3",
            "digest_algorithms": [sha256_algorithm()],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
            "signer_infos": [
                {
                    "version": "v1",
                    "sid": cms.SignerIdentifier("issuer_and_serial_number", self._named),
                    "digest_algorithm": sha256_algorithm(),
                    "signed_attrs": attributes,
                    "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                    "signature": self._key.sign(attributes.dump(), ec.ECDSA(SHA256())),
                }
            ],
        }
        if asked["cert_req"].native:
            signed["certificates"] = [cms.CertificateChoices("certificate", self._certificate)]
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})


class OwnWitness:
    """`handlers.context.Witness` by our own authority, in process. What it stamps is marked as not from outside."""

    def __init__(self, authority: LocalAuthority) -> None:
        self._authority = authority

    async def stamp(self, sha256: str) -> Stamp:
        """See `handlers.context.Witness`."""
        nonce = secrets.randbits(63)
        token = token_of(self._authority.answer(question(sha256, nonce)))
        stamped = verify_token(token, sha256, self._authority.certificate_pem, nonce=nonce)
        return Stamp(stamped.authority, False, stamped.time, base64.b64encode(token).decode())


def _rejection(failure: str) -> bytes:
    return bytes(Answer({"status": {"status": "rejection", "fail_info": {failure}}}).dump())


def _fresh(clock: Clock) -> bytes:
    """Key and certificate in one file, so that they appear together."""
    key, now = ec.generate_private_key(ec.SECP256R1()), clock()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + _VALID)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signs_alone(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)


def _signs_alone() -> x509.KeyUsage:
    unused = ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign")
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        encipher_only=False,
        decipher_only=False,
        **dict.fromkeys(unused, False),
    )
