"""Secrets in files: readable by their owner alone, and made once however many processes start together."""

import contextlib
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path


class ExposedSecret(Exception):
    """A file with a secret can be read by others than its owner."""


def read_secret(path: Path) -> bytes:
    """The content of a file that only its owner may read. Raises `ExposedSecret`, and OSError."""
    with path.open("rb") as file:
        if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            raise ExposedSecret(f"{path} can be read or written by others: chmod 600 it, and replace what it holds")
        return file.read()


def write_secret_once(path: Path, fresh: Callable[[], bytes]) -> bytes:
    """The content of `path`, which is first created with `fresh()` if it is not there.

    The file appears whole or not at all, and the first of several processes wins: it is written under another name
    and then linked, which fails when the name exists.
    """
    if path.exists():
        return read_secret(path)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(fresh())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
    return read_secret(path)
