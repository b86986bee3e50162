"""A time stamp is believed when it shows what it should. OpenSSL is asked as well; the two share no code of ours."""

import base64
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from services.chassis.files import ExposedSecret
from services.randomizer.witness.authority import CERTIFICATE_FILE, KEY_FILE, NAME, LocalAuthority, OwnWitness
from services.randomizer.witness.tokens import (
    MAX_TOKEN_BYTES,
    Answer,
    NotBelieved,
    Stamped,
    authorities,
    question,
    token_of,
    verify_token,
)

from .stamping import DIGEST, NOW, OTHER, Chain, Forger, OpenSsl, certificate, needs_openssl, pem


@pytest.fixture(scope="module")
def chain() -> Chain:
    return Chain()


@pytest.fixture
def openssl(tmp_path: Path) -> OpenSsl:
    return OpenSsl(tmp_path)


@pytest.fixture
def authority(tmp_path: Path) -> LocalAuthority:
    return LocalAuthority(tmp_path / "state", clock=lambda: NOW)


def fault_of(token: bytes, roots: bytes, *, digest: str = DIGEST, nonce: int | None = None) -> str:
    with pytest.raises(NotBelieved) as caught:
        verify_token(token, digest, roots, nonce=nonce)
    return caught.value.fault


# --- our own authority, judged by OpenSSL


@needs_openssl
def test_openssl_accepts_what_our_own_authority_stamps(authority: LocalAuthority, openssl: OpenSsl) -> None:
    query = openssl.query()
    token = token_of(authority.answer(query))
    assert openssl.accepts(token, authority.certificate_pem)
    assert openssl.accepts(token, authority.certificate_pem, query=query)
    assert not openssl.accepts(token, authority.certificate_pem, digest=OTHER)
    assert not openssl.accepts(token, authority.certificate_pem, query=openssl.query())  # another nonce
    assert not openssl.accepts(token, Chain().roots)


@needs_openssl
def test_openssl_reads_our_question(openssl: OpenSsl, chain: Chain) -> None:
    stamped = token_of(openssl.reply(question(DIGEST, 12345), chain))
    assert verify_token(stamped, DIGEST, chain.roots, nonce=12345).authority == "CN=Stamps of Elsewhere"


async def test_the_stamp_of_our_own_authority_says_that_it_is_not_from_outside(authority: LocalAuthority) -> None:
    stamp = await OwnWitness(authority).stamp(DIGEST)
    assert (stamp.outside, stamp.stamped_at, stamp.authority) == (False, NOW, f"CN={NAME}")
    told = verify_token(base64.b64decode(stamp.token), DIGEST, authority.certificate_pem)
    assert told == Stamped(NOW, f"CN={NAME}")


async def test_a_stamp_is_never_later_than_the_moment_it_was_made(tmp_path: Path) -> None:
    """Rounded to seconds it could else be later than the first allocation, which is recorded with microseconds."""
    late = NOW.replace(microsecond=999_999)
    assert (await OwnWitness(LocalAuthority(tmp_path, clock=lambda: late)).stamp(DIGEST)).stamped_at == NOW


def test_key_and_certificate_are_made_once_and_the_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = LocalAuthority(tmp_path), LocalAuthority(tmp_path)
    assert first.certificate_pem == second.certificate_pem == (tmp_path / CERTIFICATE_FILE).read_bytes()
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE" in (tmp_path / KEY_FILE).read_bytes()
    assert b"PRIVATE" not in (tmp_path / CERTIFICATE_FILE).read_bytes()


def test_a_key_that_others_can_read_is_not_stamped_with(tmp_path: Path) -> None:
    LocalAuthority(tmp_path)
    (tmp_path / KEY_FILE).chmod(0o640)
    with pytest.raises(ExposedSecret):
        LocalAuthority(tmp_path)


def test_no_two_stamps_have_one_serial_number(authority: LocalAuthority) -> None:
    tokens = [cms.ContentInfo.load(token_of(authority.answer(question(DIGEST, n)))) for n in range(50)]
    told = [token["content"]["encap_content_info"]["content"].parsed for token in tokens]
    assert len({one["serial_number"].native for one in told}) == 50


@pytest.mark.parametrize(
    ("change", "failure"),
    [
        (lambda _: b"", "bad_data_format"),
        (lambda asked: asked[:-1], "bad_data_format"),
        (lambda asked: asked + b"\0", "bad_data_format"),
        (
            lambda asked: asked.replace(
                bytes.fromhex("0609608648016503040201"), bytes.fromhex("0609608648016503040206")
            ),
            "bad_alg",
        ),
    ],
)
def test_a_question_that_cannot_be_answered_gets_no_stamp(authority: LocalAuthority, change, failure) -> None:
    answer = authority.answer(change(question(DIGEST, 5)))
    assert Answer.load(answer)["status"].native == {
        "status": "rejection",
        "status_string": None,
        "fail_info": {failure},
    }
    with pytest.raises(NotBelieved, match="not-granted"):
        token_of(answer)


# --- authorities elsewhere, judged by us


@needs_openssl
@pytest.mark.parametrize(
    "make", [lambda: Chain(), lambda: Chain(lambda: rsa.generate_private_key(65537, 2048))], ids=["EC", "RSA"]
)
def test_a_stamp_made_by_openssl_is_believed_with_its_time(make, openssl: OpenSsl) -> None:
    chain, before = make(), datetime.now(UTC) - timedelta(seconds=1)
    token = token_of(openssl.reply(openssl.query(), chain))
    told = verify_token(token, DIGEST, chain.roots)
    assert told.authority == "CN=Stamps of Elsewhere"
    assert before <= told.time <= datetime.now(UTC)
    assert fault_of(token, chain.roots, digest=OTHER) == "other-hash"
    assert fault_of(token, chain.roots, nonce=1) == "other-nonce"
    assert fault_of(token, Chain().roots) == "not-verified"


@needs_openssl
@pytest.mark.parametrize("hashed_with", ["sha1", "sha256", "sha384"])
def test_a_stamp_may_name_its_certificate_by_any_hash_that_is_in_use(
    hashed_with: str, openssl: OpenSsl, chain: Chain
) -> None:
    """SHA-1 here names a certificate, whose signature is checked besides; RFC 2634 knew nothing else."""
    token = token_of(openssl.reply(openssl.query(), chain, named_by=hashed_with))
    assert verify_token(token, DIGEST, chain.roots).authority == "CN=Stamps of Elsewhere"


@needs_openssl
def test_forger_and_openssl_agree_on_a_stamp_that_is_in_order(openssl: OpenSsl, chain: Chain) -> None:
    """Else everything below could be refused for a reason that nobody meant."""
    token = Forger(chain).token(nonce=9)
    assert verify_token(token, DIGEST, chain.roots, nonce=9) == Stamped(NOW, "CN=Stamps of Elsewhere")
    assert openssl.accepts(token, chain.roots)


def test_a_fraction_of_a_second_is_told(chain: Chain) -> None:
    exact = NOW.replace(microsecond=250_000)
    assert verify_token(Forger(chain, told={"gen_time": exact}).token(), DIGEST, chain.roots).time == exact


# --- what was altered after it was signed


def _altered(token: bytes, part: str) -> bytes:
    """The token with one part exchanged and everything else as it was signed."""
    content = cms.ContentInfo.load(token)
    signed = content["content"]
    told = signed["encap_content_info"]["content"].parsed.copy()
    [info] = signed["signer_infos"]
    match part:
        case "imprint":
            told["message_imprint"]["hashed_message"] = bytes.fromhex(OTHER)
        case "genTime":
            told["gen_time"] = NOW - timedelta(days=30)
        case "nonce":
            told["nonce"] = 10
        case "serial":
            told["serial_number"] = 8
        case "signature":
            sound = info["signature"].native
            info["signature"] = sound[:-1] + bytes([sound[-1] ^ 1])
        case "attributes":
            info["signed_attrs"][1]["values"] = [bytes(32)]
        case "certificate":
            return token.replace(b"Stamps of Elsewhere", b"Stamps of Somewhere")
        case "signer":
            del signed["certificates"]
    if part in ("imprint", "genTime", "nonce", "serial"):
        signed["encap_content_info"]["content"] = cms.ParsableOctetString(told.dump(force=True))
    return content.dump(force=True)


@needs_openssl
@pytest.mark.parametrize(
    "part", ["imprint", "genTime", "nonce", "serial", "signature", "attributes", "certificate", "signer"]
)
def test_an_altered_stamp_is_believed_by_nobody(part: str, openssl: OpenSsl, chain: Chain) -> None:
    token = Forger(chain).token(nonce=9)
    altered = _altered(token, part)
    assert altered != token
    digest = OTHER if part == "imprint" else DIGEST
    fault_of(altered, chain.roots, digest=digest)
    assert not openssl.accepts(altered, chain.roots, digest=digest)


@needs_openssl
def test_altering_nothing_leaves_a_stamp_that_everybody_believes(openssl: OpenSsl, chain: Chain) -> None:
    same = _altered(Forger(chain).token(nonce=9), "")
    assert verify_token(same, DIGEST, chain.roots)
    assert openssl.accepts(same, chain.roots)


def test_no_flipped_bit_changes_what_a_stamp_tells(authority: LocalAuthority) -> None:
    """Some bytes frame the token and are signed by nobody; whatever is still believed tells the same."""
    token = token_of(authority.answer(question(DIGEST, 77)))
    told, believed = verify_token(token, DIGEST, authority.certificate_pem), 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for place in range(len(token)):
            altered = bytearray(token)
            altered[place] ^= 1 << place % 8
            try:
                assert verify_token(bytes(altered), DIGEST, authority.certificate_pem, nonce=77) == told, place
                believed += 1
            except NotBelieved:
                continue
    assert believed < 20, "bytes that frame the token: a version, the name of an algorithm that is not looked at"


# --- what was signed, and does not show what it should


def _with_certificate(**options: object) -> Forger:
    return Forger(Chain(leaf_options=options))


FORGED = {
    "a certificate for stamping and for mail": (
        lambda: _with_certificate(purposes=[ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.EMAIL_PROTECTION]),
        "not-verified",
    ),
    "a certificate for servers": (
        lambda: _with_certificate(purposes=[ExtendedKeyUsageOID.SERVER_AUTH]),
        "not-verified",
    ),
    "a certificate for anything": (lambda: _with_certificate(purposes=[]), "not-verified"),
    "a purpose that may be overlooked": (lambda: _with_certificate(critical=False), "not-verified"),
    "a certificate that had ended": (
        lambda: _with_certificate(valid=(NOW - timedelta(days=9), NOW - timedelta(days=1))),
        "not-verified",
    ),
    "a certificate that had not begun": (
        lambda: _with_certificate(valid=(NOW + timedelta(days=1), NOW + timedelta(days=9))),
        "not-verified",
    ),
    "another certificate was meant": (
        lambda: Forger(chain := Chain(), named=certificate("Stamps of Elsewhere", chain.key)),
        "other-certificate",
    ),
    "no certificate was named": (lambda: Forger(Chain(), without="signing_certificate_v2"), "other-certificate"),
    "no hash is signed": (lambda: Forger(Chain(), without="message_digest"), "not-verified"),
    "another text is signed": (
        lambda: Forger(Chain(), alter=lambda text: text.replace(b"20260202", b"20260101")),
        "not-verified",
    ),
    "32 bytes of another hash": (
        lambda: Forger(
            Chain(),
            told={
                "message_imprint": {
                    "hash_algorithm": {"algorithm": "sha512_256"},
                    "hashed_message": bytes.fromhex(DIGEST),
                }
            },
        ),
        "other-hash",
    ),
}


@needs_openssl
@pytest.mark.parametrize("name", FORGED)
def test_a_stamp_that_was_signed_wrongly_is_believed_by_nobody(name: str, openssl: OpenSsl) -> None:
    make, fault = FORGED[name]
    forger = make()
    token = forger.token(nonce=5)
    assert fault_of(token, forger.chain.roots) == fault
    if "valid" not in forger.chain.leaf_options:  # openssl judges certificates by today's date unless told otherwise
        assert not openssl.accepts(token, forger.chain.roots, query=question(DIGEST, 5))
        without_nonce = forger.token()
        algorithm_alone = fault == "other-hash"  # with a digest and no question, OpenSSL compares the bytes alone
        assert openssl.accepts(without_nonce, forger.chain.roots) is algorithm_alone


def test_an_expired_certificate_still_vouches_for_what_it_stamped_in_its_time() -> None:
    forger = _with_certificate(valid=(NOW - timedelta(days=9), NOW + timedelta(days=1)))
    assert verify_token(forger.token(), DIGEST, forger.chain.roots).time == NOW


def test_the_certificates_inside_of_a_stamp_vouch_for_nothing(chain: Chain) -> None:
    assert fault_of(Forger(Chain()).token(), chain.roots) == "not-verified"
    assert fault_of(Forger(chain).token(), pem(chain.leaf, chain.middle)) == "not-verified"


@pytest.mark.parametrize(
    "text", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----"]
)
def test_a_file_without_certificates_vouches_for_nothing(text: bytes, chain: Chain) -> None:
    assert fault_of(Forger(chain).token(), text) == "no-authority"
    with pytest.raises(NotBelieved, match="no-authority"):
        authorities(text)


@pytest.mark.parametrize("token", [b"", b"\x30", b"\x30\x00", b"hello", bytes(MAX_TOKEN_BYTES)])
def test_what_is_no_stamp_is_not_believed(token: bytes, chain: Chain) -> None:
    assert fault_of(token, chain.roots) == "unreadable-token"


def test_a_stamp_that_the_log_has_no_room_for_is_not_believed(chain: Chain) -> None:
    assert fault_of(bytes(MAX_TOKEN_BYTES + 1), chain.roots) == "too-large"
    assert len(base64.b64encode(bytes(MAX_TOKEN_BYTES))) <= 64_000


def test_another_signed_text_is_no_stamp(chain: Chain) -> None:
    content = cms.ContentInfo.load(Forger(chain).token())
    content["content"]["encap_content_info"] = {"content_type": "data", "content": b"a letter"}
    assert fault_of(content.dump(force=True), chain.roots) == "no-stamp"


@pytest.mark.parametrize("status", ["granted_with_mods", "rejection", "waiting", "revocation_warning"])
def test_an_answer_that_does_not_grant_is_no_stamp(status: str, chain: Chain) -> None:
    token = cms.ContentInfo.load(Forger(chain).token())
    assert token_of(Answer({"status": {"status": "granted"}, "time_stamp_token": token}).dump()) == token.dump()
    with pytest.raises(NotBelieved, match="not-granted"):
        token_of(Answer({"status": {"status": status}, "time_stamp_token": token}).dump())
    with pytest.raises(NotBelieved, match="unreadable-answer"):
        token_of(Answer({"status": {"status": "granted"}}).dump())
