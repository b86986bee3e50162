"""Time stamps (RFC 3161): the question, the answer, and what it takes to believe one. Imports nothing of ours."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from asn1crypto import algos, cms, core, tsp
from cryptography import x509
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
        if not token:
            raise NotBelieved("unreadable-answer")
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
    verifier = VerifierBuilder(roots=authorities(roots_pem)).build()
    digest = bytes.fromhex(sha256)
    try:
        signed, told = _read(token)
        _about(told, digest, nonce)
        verifier.verify(_answer_with(token), digest)
        return Stamped(told["gen_time"].native, _name(_signer(signed)))
    except NotBelieved:
        raise
    except VerificationError:
        raise NotBelieved("not-verified") from None
    except Exception:  # whatever three parsers say of bytes from outside: nothing was shown
        raise NotBelieved("unreadable-token") from None


def _read(token: bytes) -> tuple[cms.SignedData, tsp.TSTInfo]:
    """Signed data and TSTInfo; every field is looked at, because asn1crypto reads none before it is asked for."""
    content = cms.ContentInfo.load(token, strict=True)
    signed = content["content"]
    if signed["encap_content_info"]["content_type"].native != "tst_info":
        raise NotBelieved("no-stamp")
    told = signed["encap_content_info"]["content"].parsed
    told.native, signed.native  # noqa: B018
    return signed, told


def _answer_with(token: bytes) -> TimeStampResponse:
    """The token inside the answer that granted it: the form in which the library takes it.

    The certificates are put in the order of DER, which OpenSSL does not keep and the library insists on. Nothing signs
    their order.
    """
    content = cms.ContentInfo.load(token)
    if content["content"]["certificates"]:
        content["content"]["certificates"] = sorted(content["content"]["certificates"], key=lambda one: one.dump())
    granted = Answer({"status": {"status": "granted"}, "time_stamp_token": content})
    return decode_timestamp_response(granted.dump())


def _about(told: tsp.TSTInfo, digest: bytes, nonce: int | None) -> None:
    """The algorithm counts as the bytes do, and the library compares only these: 32 bytes can be another hash."""
    found = told["message_imprint"]
    if found["hash_algorithm"]["algorithm"].native != _SHA256 or found["hashed_message"].native != digest:
        raise NotBelieved("other-hash")
    if nonce is not None and told["nonce"].native != nonce:
        raise NotBelieved("other-nonce")


def _signer(signed: cms.SignedData) -> x509.Certificate:
    """The certificate that signed, which must be named inside of what is signed (ESSCertID).

    Without this, which the library does not ask for, it could be exchanged for another one of the same key.
    """
    [info] = signed["signer_infos"]
    sid = info["sid"].chosen
    for one in signed["certificates"]:
        if one.chosen.issuer == sid["issuer"] and one.chosen.serial_number == sid["serial_number"].native:
            der = one.chosen.dump()
            if _named(info["signed_attrs"], der):
                return x509.load_der_x509_certificate(der)
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
