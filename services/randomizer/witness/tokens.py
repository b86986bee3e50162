"""Time stamps (RFC 3161): the question, the answer, and what it takes to believe one. Imports nothing of ours."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from asn1crypto import algos, cms, core, tsp
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from rfc3161_client import TimeStampResponse, VerificationError, VerifierBuilder, decode_timestamp_response

MAX_TOKEN_BYTES: Final = 48_000  # as many as `CommitmentStamped.token` holds in base64
_NAME_CHARACTERS: Final = 200
_SHA256: Final = "sha256"


@dataclass(frozen=True, slots=True)
class Stamped:
    """What a token that was verified says: who saw the hash (subject of the signing certificate), and when (UTC)."""

    time: datetime
    authority: str


class NotBelieved(Exception):
    """A stamp does not show what it should. `fault` is a code; the message quotes nothing of the answer."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class Answer(core.Sequence):  # type: ignore[misc]
    """TimeStampResp as the standard has it: a refusal carries no token (asn1crypto's own class insists on one)."""

    _fields = [  # noqa: RUF012
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


def question(sha256: str, nonce: int) -> bytes:
    """A request (DER) for a stamp over this hash (hex) itself, with the signing certificate in the answer."""
    request = tsp.TimeStampReq(
        {"version": "v1", "message_imprint": imprint(bytes.fromhex(sha256)), "nonce": nonce, "cert_req": True}
    )
    return bytes(request.dump())


def imprint(digest: bytes) -> tsp.MessageImprint:
    """The 32 bytes that are stamped. They are a SHA-256 already and are not hashed again."""
    return tsp.MessageImprint({"hash_algorithm": sha256_algorithm(), "hashed_message": digest})


def sha256_algorithm() -> algos.DigestAlgorithm:
    """SHA-256 as requests and tokens name it."""
    return algos.DigestAlgorithm({"algorithm": _SHA256})


def token_of(answer: bytes) -> bytes:
    """The token (DER) of an answer that grants one. Raises `NotBelieved`."""
    try:
        parsed = Answer.load(answer, strict=True)
        status, token = parsed["status"]["status"].native, parsed["time_stamp_token"]
        if status != "granted":
            raise NotBelieved("not-granted")
        return bytes(token.dump())
    except (ValueError, TypeError, KeyError):
        raise NotBelieved("unreadable-answer") from None


def authorities(pem: bytes) -> list[x509.Certificate]:
    """The certificates of a PEM file. Raises `NotBelieved` when there is none."""
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError:
        raise NotBelieved("no-authority") from None


def verify_token(token: bytes, sha256: str, roots_pem: bytes, *, nonce: int | None = None) -> Stamped:
    """Whether an authority that one of these certificates vouches for stamped this hash (hex), and when.

    Every certificate in `roots_pem` is trusted: give those that you have from the authority, never those that stand in
    the token. Checked: signature and chain at the time of the stamp, the key's sole purpose, which certificate signed,
    the hash, and the nonce where one is given. Not checked: whether a certificate was revoked. Raises `NotBelieved`.
    """
    if len(token) > MAX_TOKEN_BYTES:
        raise NotBelieved("too-large")
    signed, told = _read(token)
    answer = _answer_with(token)
    verifier = VerifierBuilder(roots=authorities(roots_pem), nonce=nonce).build()
    try:
        verifier.verify(answer, bytes.fromhex(sha256))
    except (VerificationError, ValueError):
        raise NotBelieved("not-verified") from None
    _hash_is(told, sha256)
    signer = _signer(signed)
    return Stamped(told["gen_time"].native, _name(signer))


def _read(token: bytes) -> tuple[cms.SignedData, tsp.TSTInfo]:
    """Signed data and TSTInfo; every field is looked at, because asn1crypto reads none before it is asked for."""
    try:
        content = cms.ContentInfo.load(token, strict=True)
        if content["content_type"].native != "signed_data":
            raise NotBelieved("no-stamp")
        signed = content["content"]
        if signed["encap_content_info"]["content_type"].native != "tst_info":
            raise NotBelieved("no-stamp")
        told = signed["encap_content_info"]["content"].parsed
        told.native, signed.native  # noqa: B018
    except (ValueError, TypeError, KeyError, AttributeError):
        raise NotBelieved("unreadable-token") from None
    return signed, told


def _answer_with(token: bytes) -> TimeStampResponse:
    """The token inside the answer that granted it: the form in which the library takes it."""
    granted = Answer({"status": {"status": "granted"}, "time_stamp_token": cms.ContentInfo.load(token)})
    try:
        return decode_timestamp_response(granted.dump())
    except ValueError:
        raise NotBelieved("unreadable-token") from None


def _hash_is(told: tsp.TSTInfo, sha256: str) -> None:
    """The library compares the bytes and not the algorithm: 32 bytes can be another hash of another text."""
    found = told["message_imprint"]
    if found["hash_algorithm"]["algorithm"].native != _SHA256:
        raise NotBelieved("other-hash")
    if not hmac.compare_digest(found["hashed_message"].native, bytes.fromhex(sha256)):
        raise NotBelieved("other-hash")


def _signer(signed: cms.SignedData) -> x509.Certificate:
    """The certificate that signed: named inside of what is signed (ESSCertID), and good for stamping alone.

    Without the first check a certificate could be exchanged for another one of the same key; the library makes
    neither, and it takes a key that may do other things as well.
    """
    [info] = signed["signer_infos"]
    sid = info["sid"].chosen
    for one in signed["certificates"]:
        found = x509.load_der_x509_certificate(one.chosen.dump())
        der = one.chosen.dump()
        if one.chosen.issuer == sid["issuer"] and found.serial_number == sid["serial_number"].native:
            if not _named(info["signed_attrs"], der):
                raise NotBelieved("other-certificate")
            purposes = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
            if not purposes.critical or list(purposes.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
                raise NotBelieved("other-purpose")
            return found
    raise NotBelieved("other-certificate")


def _named(attributes: Sequence[Any], certificate: bytes) -> bool:
    for attribute in attributes:
        match attribute["type"].native:
            case "signing_certificate_v2":
                first = attribute["values"][0]["certs"][0]
                hashed = hashlib.new(first["hash_algorithm"]["algorithm"].native, certificate).digest()
                return hmac.compare_digest(first["cert_hash"].native, hashed)
            case "signing_certificate":  # RFC 2634: SHA-1 here names a certificate; that it signed is shown elsewhere
                first = attribute["values"][0]["certs"][0]
                sha1 = hashlib.sha1(certificate, usedforsecurity=False).digest()
                return hmac.compare_digest(first["cert_hash"].native, sha1)
    return False


def _name(certificate: x509.Certificate) -> str:
    name = certificate.subject.rfc4514_string()
    if not name:
        raise NotBelieved("no-name")
    return name[:_NAME_CHARACTERS]
