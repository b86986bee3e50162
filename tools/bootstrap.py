"""Makes .venv what the lock files say: `python3 tools/bootstrap.py run|dev`. Instant when it already is.

Standard library only, and readable by any Python 3, so that a too old one gets a sentence instead of a traceback.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "reluth.json"
INSTALLING = VENV / "installing"
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}
OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")


def main():
    """Install one kind, one process at a time."""
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        sys.exit("usage: bootstrap.py run|dev")
    if sys.version_info < OLDEST:
        use_newer_python()
    take_turn()
    install(sys.argv[1])


def take_turn():
    """Two makes at once: the second waits here, and then finds everything done.

    The lock is on the directory itself, so that no file is left. It ends with this process and with the pip that it
    started: if only this one is killed, the next must not install into what that pip still writes.
    """
    lock = os.open(str(ROOT), os.O_RDONLY)
    os.set_inheritable(lock, True)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("another make is installing; waiting for it")
        fcntl.flock(lock, fcntl.LOCK_EX)


def use_newer_python():
    """Replace this process by a Python that is new enough, or say what is missing."""
    for name in NEWER:
        path = shutil.which(name)
        if path:
            os.execv(path, [path, *sys.argv])  # noqa: S606 - no shell is the point
    sys.exit(
        f"ReLUTH needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.\n"
        "Install one and, if it is not found by itself, name it: make PYTHON=/path/to/python3 ..."
    )


def install(kind):
    """Create the virtual environment if there is none that is usable, then install what its stamp does not name."""
    stamp = read_stamp()
    if INSTALLING.exists() or not usable(stamp):
        stamp = {}
        create()
    wanted = digest(LOCKS[kind])
    project = digest("pyproject.toml") + digest("clients/python/pyproject.toml")
    # the development lock holds everything of the run lock, in the same versions: either stamp will do to run
    complete = wanted == stamp.get(kind) or (kind == "run" and stamp.get("dev") == digest(LOCKS["dev"]))
    if complete and stamp.get("project") == project:
        return
    INSTALLING.touch()  # still there after a kill: packages may be half unpacked, and pip would not see it
    if not complete:
        say(f"installing the packages of {LOCKS[kind]} (once)")
        # hashes for every file, and nothing that would be built from source with tools that no hash covers
        pip("--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement", LOCKS[kind])
    pip("--no-deps", "--no-index", "--no-build-isolation", "--editable", ".", "--editable", "clients/python")
    INSTALLING.unlink()
    STAMP.write_text(json.dumps(dict(stamp, root=str(ROOT), project=project, **{kind: wanted})))


def usable(stamp):
    """Whether the environment runs, and was made for this place: its scripts carry absolute paths."""
    if not PYTHON.exists() or stamp.get("root", str(ROOT)) != str(ROOT):
        return False
    check = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    return subprocess.call([str(PYTHON), "-c", check], stderr=subprocess.DEVNULL) == 0  # noqa: S603 - our own


def create():
    """A new virtual environment in place of whatever is there."""
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        sys.exit(
            "This Python has no ensurepip, so it cannot make a virtual environment with pip in it.\n"
            "On Debian and Ubuntu: apt install python3-venv"
        )
    say(f"creating {VENV}")
    run(sys.executable, "-m", "venv", "--clear", str(VENV))


def pip(*arguments):
    """Pip install, in the environment, saying only what went wrong."""
    run(str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", *arguments)


def run(*command):
    """Run to the end; a failure ends this program with its status."""
    status = subprocess.call(command, cwd=str(ROOT), close_fds=False)  # noqa: S603 - no shell, our own words
    if status:
        sys.exit(status)


def read_stamp():
    """What was installed last, {} if that is not known."""
    try:
        return json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}


def digest(name):
    """The SHA-256 of a file of the project."""
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def say(text):
    """One line to the terminal."""
    sys.stderr.write(f"reluth: {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
