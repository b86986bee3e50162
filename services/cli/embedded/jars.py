"""Kafka's jars: fetched once into a cache of the user, proven by the committed lock before every start.

The cache may be shared by any number of checkouts and processes: a file's name carries the hash it must have, it
appears under that name complete (written elsewhere, then renamed), and one process fetches at a time.
"""

import asyncio
import fcntl
import hashlib
import os
import shutil
import ssl
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from services.cli.embedded.progress import Report, Step, silent

LOCK = Path(__file__).with_name("kafka.lock")
_THREADS = 8
_ATTEMPTS = 3
_TIMEOUT_SECONDS = 60
_AUTHORITIES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


class LockInvalid(RuntimeError):
    """The lock file does not say what it must."""


class JarsUnavailable(RuntimeError):
    """A jar could not be had in the form that the lock demands."""


@dataclass(frozen=True)
class Jar:
    """One line of the lock: Maven coordinates and the SHA-256 of the file (lower-case hex)."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def name(self) -> str:
        """The file's name in the cache, unique by content."""
        return f"{self.artifact}-{self.version}.{self.sha256[:16]}.jar"

    @property
    def coordinates(self) -> str:
        """`group:artifact:version`."""
        return f"{self.group}:{self.artifact}:{self.version}"


def read_lock(path: Path = LOCK) -> list[Jar]:
    """The jars in classpath order. Raises LockInvalid, naming the line."""
    jars = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        coordinates, _, sha256 = line.partition(" ")
        parts = coordinates.split(":")
        if len(parts) != 3 or len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise LockInvalid(f"{path}, line {number}: expected `group:artifact:version sha256`, got {line!r}")
        group, artifact, version = parts
        jars.append(Jar(group, artifact, version, sha256))
    if not jars:
        raise LockInvalid(f"{path} names no jar")
    return jars


def cache_directory() -> Path:
    """`$RELUTH_CACHE`, else `reluth` in the user's cache directory."""
    if configured := os.environ.get("RELUTH_CACHE"):
        return Path(configured).expanduser().resolve()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "reluth"


async def prepare(jars: list[Jar], cache: Path, report: Report = silent) -> list[Path]:
    """Paths of all jars, each proven by its hash now; what is missing or wrong is fetched.

    Raises JarsUnavailable, naming the jar and what to do. When cancelled, no further download begins.
    """
    cancelled = threading.Event()
    try:
        return await asyncio.to_thread(_prepare, jars, cache, report, cancelled)
    finally:
        cancelled.set()


def _prepare(jars: list[Jar], cache: Path, report: Report, cancelled: threading.Event) -> list[Path]:
    directory = cache / "jars"
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise JarsUnavailable(
            f"the cache {directory} cannot be written ({error.strerror}): name another by RELUTH_CACHE"
        ) from error
    paths = {jar: directory / jar.name for jar in jars}
    if _wrong(paths):
        with _alone(directory):
            wrong = _wrong(paths)  # another process may have fetched them while this one waited
            _fetch_all(wrong, paths, report, cancelled)
    return [paths[jar] for jar in jars]


def sha256(path: Path) -> str:
    """Lower-case hex of the file's hash."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fetch(jar: Jar, into: Path) -> Path:
    """Download one jar from Maven Central below `into` (a directory of this process alone); not verified here."""
    from jgo.maven import MavenContext  # not in every installation

    context = MavenContext(repo_cache=into, timeout=_TIMEOUT_SECONDS)
    return Path(context.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve())


def _wrong(paths: dict[Jar, Path]) -> dict[Jar, str]:
    """The jars that cannot be used as they are, with the reason. Hashing releases the GIL: 45 MB in some 50 ms."""

    def reason(jar: Jar) -> str | None:
        try:
            found = sha256(paths[jar])
        except FileNotFoundError:
            return "missing"
        return None if found == jar.sha256 else f"altered or cut off (SHA-256 {found}, the lock says {jar.sha256})"

    with ThreadPoolExecutor(_THREADS) as pool:
        return {jar: why for jar, why in zip(paths, pool.map(reason, paths), strict=True) if why}


def _fetch_all(wrong: dict[Jar, str], paths: dict[Jar, Path], report: Report, cancelled: threading.Event) -> None:
    for jar, why in wrong.items():
        if why != "missing":
            report(Step(jar.name, f"{why}: fetched again", done=1))
            paths[jar].unlink()
    with (
        tempfile.TemporaryDirectory(dir=next(iter(paths.values())).parent, prefix=".incoming-") as name,
        ThreadPoolExecutor(_THREADS) as pool,
    ):
        jobs = [pool.submit(_fetch_proven, jar, paths[jar], Path(name), cancelled) for jar in wrong]
        try:
            for done, job in enumerate(as_completed(jobs), 1):
                job.result()
                report(Step("Kafka's jars", "fetched and verified", done, len(jobs)))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _fetch_proven(jar: Jar, final: Path, incoming: Path, cancelled: threading.Event) -> None:
    """Fetch, check, and only then give the file its name."""
    error: Exception | None = None
    for attempt in range(_ATTEMPTS):
        if cancelled.is_set():
            raise JarsUnavailable("the start was interrupted")
        try:
            fetched = fetch(jar, incoming / f"{jar.name}-{attempt}")
        except (OSError, RuntimeError) as failure:  # requests' errors are OSErrors, jgo's own RuntimeErrors
            error = failure
            if isinstance(failure, requests.exceptions.SSLError):
                _trust_the_machine()
            continue
        found = sha256(fetched)
        if found != jar.sha256:
            raise JarsUnavailable(
                f"{jar.coordinates} as served now has the SHA-256 {found}; {LOCK.name} demands {jar.sha256}. It is not"
                " used. A proxy that rewrites files can be the cause, or an attack; nothing here can be the remedy."
            )
        fetched.replace(final)
        return
    raise JarsUnavailable(
        f"{jar.coordinates} could not be fetched: {error}. On a machine without access to Maven Central, copy the cache"
        f" directory {final.parent} from another machine, or set RELUTH_CACHE to a copy of it."
    )


def _trust_the_machine() -> None:
    """Accept the certificate authorities that the machine's administrator accepts, beside those that Python ships.

    A hospital's proxy signs with its own. What is fetched is decided by the lock's hashes, not by who signed the line.
    """
    known = (ssl.get_default_verify_paths().cafile, os.environ.get("PIP_CERT"), *_AUTHORITIES)
    for bundle in known:
        if bundle and Path(bundle).is_file():
            os.environ.setdefault("REQUESTS_CA_BUNDLE", bundle)
            return


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One fetching process at a time; leftovers of killed ones are removed."""
    descriptor = os.open(directory / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        for leftover in directory.glob(".incoming-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        yield
    finally:
        os.close(descriptor)
