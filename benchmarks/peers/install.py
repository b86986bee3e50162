"""Peers' packages, as their locks say, in benchmarks/.peers: never in the environment of ReLUTH."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from benchmarks.peers.peer import PLACE, PYTHON, Peer

_HERE = Path(__file__).resolve().parent.parent
_LOCK = _HERE / "requirements-peers.lock"
_NODE = ("package.json", "package-lock.json", ".npmrc")


def install() -> list[str]:
    """Install what is missing; says what could not be, and why."""
    PLACE.mkdir(exist_ok=True)
    return [why for why in (_python(), _node()) if why]


def unusable(peers: Iterable[Peer]) -> dict[str, str]:
    """Which of them cannot run here, and why."""
    reasons: dict[str, str] = {}
    for peer in peers:
        if not _stamp("python").exists():
            reasons[peer.name] = "its Python packages are not installed"
        elif (peer.language == "node" or "message" in peer.name.lower()) and not _stamp("node").exists():
            reasons[peer.name] = "its npm packages are not installed" if shutil.which("npm") else "there is no Node"
    return reasons


def _python() -> str:
    if _current("python", [_LOCK]):
        return ""
    if not PYTHON.exists():
        _run([sys.executable, "-m", "venv", str(PLACE / "venv")])
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    failed = _run([*pip, "--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement", str(_LOCK)])
    return failed or _installed("python", [_LOCK])


def _node() -> str:
    files = [_HERE / name for name in _NODE]
    if _current("node", files):
        return ""
    if not shutil.which("npm"):
        return "npm is missing: Emmett and Message DB are left out"
    for file in files:
        shutil.copy(file, PLACE)
    failed = _run(["npm", "ci", "--ignore-scripts", "--prefix", str(PLACE)])
    return failed or _installed("node", files)


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"{command[0]}: {(done.stderr or done.stdout).strip()[-400:]}" if done.returncode else ""


def _stamp(kind: str) -> Path:
    return PLACE / f"{kind}.installed"


def _current(kind: str, files: list[Path]) -> bool:
    return _stamp(kind).exists() and _stamp(kind).read_text() == _digest(files)


def _installed(kind: str, files: list[Path]) -> str:
    _stamp(kind).write_text(_digest(files))
    return ""


def _digest(files: list[Path]) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
