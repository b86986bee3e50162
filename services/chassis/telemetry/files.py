"""A log file that cannot fill a disk: at its limit it is set aside, in place of the one that was set aside before."""

import os
import threading
from functools import cache
from pathlib import Path
from typing import Final, TextIO

LIMIT: Final = 10 * 1024 * 1024


class LogFile:
    """Appends lines to a file of mode 0600; with the one set aside (`.1`) it takes about twice `limit` bytes at most.

    Any thread may write. Of several processes each needs a file of its own: one would set aside what another writes to.
    """

    def __init__(self, path: Path, limit: int = LIMIT) -> None:
        """Raises OSError where the file cannot be written."""
        self._path, self._limit = path, limit
        self._turn = threading.Lock()
        self._file = _open(path)

    def write(self, text: str) -> int:
        """Append."""
        with self._turn:
            if self._file.tell() >= self._limit:
                self._file.close()
                self._path.replace(self._path.with_name(f"{self._path.name}.1"))
                self._file = _open(self._path)
            return self._file.write(text)

    def flush(self) -> None:
        """Hand over to the operating system: what was flushed survives a kill of the process."""
        with self._turn:
            self._file.flush()


@cache
def log_file(path: Path) -> LogFile:
    """The file of this path, the same for all services of this process."""
    return LogFile(path)


def _open(path: Path) -> TextIO:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    return os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")
