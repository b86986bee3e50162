"""Exit codes that scripts can rely on, and errors that say what to do."""

from enum import IntEnum
from typing import NoReturn

import typer

from services.cli.screen import errors

__all__ = ["Exit", "errors", "leave"]


class Exit(IntEnum):
    """What a command ended with."""

    OK = 0
    DEFECT = 1  # it looked and found something wrong
    USAGE = 2  # the command line, or a setting
    NOT_RUNNING = 3  # there is no system where it was looked for
    FAILED = 4  # it could not do what was asked
    INTERRUPTED = 130  # by Ctrl-C, before it was done; as shells have it


def leave(code: Exit, says: str) -> NoReturn:
    """Print the message on standard error and end with the code."""
    errors.print(says, soft_wrap=True)
    raise typer.Exit(code)
