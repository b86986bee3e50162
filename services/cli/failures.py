"""What can be foreseen to go wrong, in words that say what to do. Everything else is a defect and shows its trace."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from services.cli.exits import Exit, leave


@contextmanager
def told() -> Iterator[None]:
    """End the command with a sentence and its exit code where the error is a foreseeable one."""
    try:
        yield
    except (typer.Exit, BrokenPipeError):  # the second: whoever reads what we print has gone
        raise
    except Exception as error:
        if (says := in_words(error)) is None:
            raise
        leave(Exit.USAGE if _of_the_settings(_first(error)) else Exit.FAILED, says)


def in_words(error: BaseException) -> str | None:
    """The sentence for a foreseeable error, None for one that is a defect of the program.

    Imports what it knows only now: a command that fails may take a moment longer than one that starts servers.
    """
    from aiokafka.errors import KafkaError
    from alembic.util import CommandError
    from asyncpg import InterfaceError, PostgresError
    from sqlalchemy.exc import SQLAlchemyError

    from contracts.protocol.load import ProtocolError
    from services.chassis.files import ExposedSecret
    from services.chassis.log.port import LogCorrupt, LogError
    from services.chassis.sealing.kek import UnusableKek
    from services.chassis.unavailable import Unavailable
    from services.cli.backup.manifest import BackupRefused
    from services.cli.databases import DatabasesUnusable
    from services.cli.demo.site_system import Rejected
    from services.cli.embedded.account import NoPostgres
    from services.cli.embedded.jars import JarsUnavailable, LockInvalid
    from services.cli.embedded.ports import NoFreePort
    from services.cli.embedded.process import ServerEnded, StartFailed
    from services.cli.embedded.state import StateBusy, StateUnusable
    from services.cli.embedded.topics import TopicMismatch

    first = _first(error)
    if _of_the_settings(first):
        return _settings(first)
    match first:
        case StateBusy() | StateUnusable() | StartFailed() | ServerEnded() | NoPostgres() | NoFreePort():
            return str(first)
        case JarsUnavailable() | LockInvalid() | TopicMismatch() | DatabasesUnusable() | ExposedSecret():
            return str(first)
        case BackupRefused() | ProtocolError():
            return str(first)
        case UnusableKek():
            return f"{first}: see kek and kek_file in docs/settings.md."
        case LogCorrupt():
            return f"The log is not whole: {first}. Nothing is written to it before that is explained; restore it."
        case Rejected():
            return f"A service refused what it should have taken: {first}"
        case LogError() | Unavailable() | PostgresError() | InterfaceError():
            return f"The database does not answer as it should ({_kind(first)}). Try again; see the services' log."
        case SQLAlchemyError() | CommandError():
            return f"The database could not be brought to the newest schema ({_kind(first)}); see PostgreSQL's log."
        case KafkaError():
            return f"Kafka does not answer as it should ({_kind(first)}). Check its address and that it runs."
        case asyncio.TimeoutError():
            return "Something did not answer in time. Try again; see the services' log."
        case OSError():
            return f"{first.strerror or _kind(first)}{f': {first.filename}' if first.filename else ''}"
    return None


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _kind(error: BaseException) -> str:
    """The type alone: a driver's text may quote what somebody typed, or a URL with its password."""
    return type(error).__name__


def _of_the_settings(error: BaseException) -> bool:
    from pydantic import ValidationError

    from services.chassis.assembly import NotConfigured
    from services.chassis.settings import SecretFileUnusable

    named = isinstance(error, (NotConfigured, SecretFileUnusable))
    return named or (isinstance(error, ValidationError) and error.title.endswith(_SETTINGS))


_SETTINGS = ("Settings", "OfService")


def _settings(error: BaseException) -> str:
    from pydantic import ValidationError

    if not isinstance(error, ValidationError):
        return str(error)
    wrong = [f"{'.'.join(map(str, e['loc'])) or 'together'}: {e['msg']}" for e in error.errors(include_input=False)]
    return f"Settings that cannot be used, see docs/settings.md: {'; '.join(wrong)}"
