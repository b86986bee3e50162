"""Kafka's jars: what is not byte for byte what the lock says is named, and never started."""

import asyncio
import hashlib
import io
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from services.cli.embedded import jars
from services.cli.embedded.jars import Jar, JarsUnavailable, LockInvalid
from services.cli.embedded.progress import ProgressBars, Step


class Origin:
    """Stands where Maven Central stands: serves bytes by coordinates, and counts."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.served: list[str] = []
        self.failing = 0

    def add(self, artifact: str) -> Jar:
        content = artifact.encode() * 1000
        jar = Jar("org.example", artifact, "1.0", hashlib.sha256(content).hexdigest())
        self.files[jar.coordinates] = content
        return jar

    def fetch(self, jar: Jar, into: Path) -> Path:
        self.served.append(jar.coordinates)
        if self.failing:
            self.failing -= 1
            raise OSError("the network is down")
        into.mkdir(parents=True)
        path = into / "fetched.jar"
        path.write_bytes(self.files[jar.coordinates])
        return path


@pytest.fixture
def origin(monkeypatch: pytest.MonkeyPatch) -> Origin:
    made = Origin()
    monkeypatch.setattr(jars, "fetch", made.fetch)
    return made


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[10] ^= 1
    path.write_bytes(content)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


@pytest.mark.parametrize("damage", [_flip, _cut])
async def test_an_altered_jar_is_named_and_fetched_again(
    origin: Origin, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    wanted = [origin.add("one"), origin.add("two")]
    first, second = await jars.prepare(wanted, tmp_path)
    good = first.read_bytes()
    damage(first)
    origin.served.clear()
    steps: list[Step] = []
    assert await jars.prepare(wanted, tmp_path, steps.append) == [first, second]
    assert first.read_bytes() == good
    assert origin.served == ["org.example:one:1.0"]
    assert [step.text for step in steps if "one-1.0" in step.part and "altered or cut off" in step.text]


async def test_the_real_jars_are_proven_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = jars.read_lock()
    cache = jars.cache_directory()
    await jars.prepare(locked, cache)
    shutil.copytree(cache / "jars", tmp_path / "jars")
    victim = next(jar for jar in locked if jar.artifact == "kafka_2.13")
    _flip(tmp_path / "jars" / victim.name)

    def from_the_cache(jar: Jar, into: Path) -> Path:
        assert jar == victim
        into.mkdir(parents=True)
        return Path(shutil.copy(cache / "jars" / jar.name, into))

    monkeypatch.setattr(jars, "fetch", from_the_cache)
    paths = await jars.prepare(locked, tmp_path)
    assert [jars.sha256(path) for path in paths] == [jar.sha256 for jar in locked]


async def test_a_jar_that_is_served_wrong_is_never_kept(origin: Origin, tmp_path: Path) -> None:
    jar = origin.add("one")
    origin.files[jar.coordinates] = b"something else"
    with pytest.raises(JarsUnavailable, match=f"org.example:one:1.0 as served now .*{jar.sha256}"):
        await jars.prepare([jar], tmp_path)
    assert not list((tmp_path / "jars").glob("*.jar"))


async def test_a_failing_network_is_tried_again_and_then_explained(origin: Origin, tmp_path: Path) -> None:
    jar = origin.add("one")
    origin.failing = 2
    assert len(await jars.prepare([jar], tmp_path / "a")) == 1
    origin.failing = 3
    with pytest.raises(JarsUnavailable, match=r"the network is down.*RELUTH_CACHE"):
        await jars.prepare([jar], tmp_path / "b")


async def test_many_at_once_fetch_each_jar_once_and_leave_nothing_else(origin: Origin, tmp_path: Path) -> None:
    wanted = [origin.add(f"a{number}") for number in range(20)]
    (tmp_path / "jars" / ".incoming-of-a-killed-one").mkdir(parents=True)
    results = await asyncio.gather(*(jars.prepare(wanted, tmp_path) for _ in range(4)))
    assert sorted(origin.served) == sorted(jar.coordinates for jar in wanted)
    assert all(result == results[0] for result in results)
    assert {p.name for p in (tmp_path / "jars").iterdir()} == {jar.name for jar in wanted} | {".lock"}


def test_progress_is_a_line_per_part_where_there_is_no_terminal() -> None:
    written = io.StringIO()
    with ProgressBars(Console(file=written, force_terminal=False)) as report:
        report(Step("Kafka's jars", "fetched and verified", 1, 2))
        report(Step("Kafka's jars", "fetched and verified", 2, 2))
    assert written.getvalue() == "Kafka's jars: fetched and verified\n"


def test_progress_is_a_bar_on_a_terminal() -> None:
    written = io.StringIO()
    with ProgressBars(Console(file=written, force_terminal=True, width=100)) as report:
        report(Step("Kafka's jars", "fetched and verified", 1, 2))
    assert "━" in written.getvalue()
    assert "1/2" in written.getvalue()


async def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JarsUnavailable, match=r"/file/jars cannot be written.*RELUTH_CACHE"):
        await jars.prepare(jars.read_lock(), tmp_path / "file")


async def test_an_interrupted_start_begins_no_further_download(
    origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [origin.add(f"a{number}") for number in range(50)]
    loop = asyncio.get_running_loop()
    began, go_on = asyncio.Event(), threading.Event()

    def slowly(jar: Jar, into: Path) -> Path:
        loop.call_soon_threadsafe(began.set)
        go_on.wait(30)
        return origin.fetch(jar, into)

    monkeypatch.setattr(jars, "fetch", slowly)
    preparing = asyncio.ensure_future(jars.prepare(wanted, tmp_path))
    await began.wait()
    preparing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await preparing
    go_on.set()
    with jars._alone(tmp_path / "jars"):  # the fetching thread has ended when this lock is free
        assert len(origin.served) < len(wanted)


def test_the_cache_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.delenv("RELUTH_CACHE", raising=False)
    assert jars.cache_directory() == tmp_path / "xdg" / "reluth"
    monkeypatch.setenv("RELUTH_CACHE", str(tmp_path / "own"))
    assert jars.cache_directory() == tmp_path / "own"


@pytest.mark.parametrize("line", ["a:b:1", "a:b 00", f"a:b {'0' * 64}", f"a:b:c {'G' * 64}", f"a:b:c:d {'0' * 64}"])
def test_a_damaged_lock_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    lock = tmp_path / "kafka.lock"
    lock.write_text(f"# a comment\n\n{line}\n")
    with pytest.raises(LockInvalid, match="line 3"):
        jars.read_lock(lock)


def test_the_committed_lock_is_flat_and_holds_no_address() -> None:
    text = jars.LOCK.read_text()
    assert "://" not in text
    names = [(jar.group, jar.artifact) for jar in jars.read_lock()]
    assert len(names) == len(set(names)), "one version of each"
    versions = {jar.artifact: jar.version for jar in jars.read_lock()}
    assert versions["log4j-slf4j-impl"] == versions["log4j-core"]
