"""Logs as JSON lines that cannot carry a patient's text: keys are listed, and values must look like codes.

The hazard: an exception's message, a request body or a database error quotes what somebody typed, and logs are kept,
copied and read by people who may not see it. So nothing is masked; only what is known to be harmless is written.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import structlog
from opentelemetry import trace
from structlog.typing import FilteringBoundLogger

from services.chassis.telemetry.context import current_request

_IDENTIFIERS: Final = "service actor correlation_id trace_id span_id event_id cluster_id logger source consumer owner"
_REQUEST: Final = "method route status code duration_ms bytes action upstream because"
_LOG: Final = "position out_pos expected actual version epoch count stream type schema"
_BROKER: Final = "topic partition offset key_seq lag"
_PROCESS: Final = "host port pid mode projection check attempt seconds error_types error_at"

ALLOWED: Final = frozenset(" ".join((_IDENTIFIERS, _REQUEST, _LOG, _BROKER, _PROCESS)).split())
"""Every key that a log line may have. Add one only if its values are made by programs, never by people."""

_EVENT: Final = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_.:/{}<>@+=-]{1,200}")
_TRUSTED: Final = ("uvicorn", "aiokafka", "alembic", "services")
"""Whose message templates are written, filled with harmless arguments: libraries that never see a payload as text, and
our own modules, which log with a constant template and arguments, never with an f-string."""
_FRAMES: Final = 12


class Sink(Protocol):
    """Where lines go: a stream, or a `LogFile`."""

    def write(self, text: str, /) -> int:
        """Append."""
        ...

    def flush(self) -> None:
        """Hand over to the operating system."""
        ...


def logger_of(service: str, level: str = "info", stream: Sink | None = None) -> FilteringBoundLogger:
    """The logger of one service: `log.info("kebab-case-event", position=17)`.

    It carries its own processors: structlog's defaults, which a forgotten call would leave in force, print the local
    variables of every frame.
    """
    logger: FilteringBoundLogger = structlog.wrap_logger(
        _Lines(stream),
        processors=[_where, _errors, structlog.processors.add_log_level, only_allowed, _render],
        wrapper_class=structlog.make_filtering_bound_logger(_threshold(level)),
    ).bind(service=service)
    return logger


def configure_logging(level: str, stream: Sink | None = None) -> None:
    """Send the standard library's logging through the same filter. Once per process; again is harmless."""
    root = logging.getLogger()
    root.handlers = [_LibraryHandler(level, stream)]
    root.setLevel(max(_threshold(level), logging.INFO))
    for name in (*_TRUSTED, "uvicorn.error"):
        library = logging.getLogger(name)
        library.handlers, library.propagate = [], True
    logging.getLogger("uvicorn.access").disabled = True  # it writes query strings


def _threshold(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]


def only_allowed(_: object, __: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Drop what is not listed and what is not a code; name the keys that were dropped, so that somebody notices."""
    kept: dict[str, Any] = {"timestamp": datetime.now(UTC).isoformat(), "level": line.pop("level", "info")}
    event = line.pop("event", None)
    template = line.pop("template", None)
    kept["event"] = event if isinstance(event, str) and _EVENT.fullmatch(event) else "withheld"
    if isinstance(template, _Template):
        kept["template"] = str(template)
    withheld = []
    for key, value in line.items():
        if key in ALLOWED and _harmless(value):
            kept[key] = value
        else:
            withheld.append(key)
    if withheld:
        kept["withheld"] = sorted(key for key in withheld if _TOKEN.fullmatch(key))
    return kept


def error_shape(error: BaseException) -> dict[str, list[str]]:
    """What may be said of an exception: types from the outermost to its root, and where it was raised. No message."""
    types, seen, place = [], set(), error
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        types.append(type(link).__name__)
        place, link = link, link.__cause__ or link.__context__
    frames, step = [], place.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{step.tb_lineno}:{code.co_name}")
        step = step.tb_next
    return {"error_types": types, "error_at": frames[-_FRAMES:]}


class _Template(str):
    """A text of a trusted library; only this module makes one."""

    __slots__ = ()


class _Lines:
    """Writes one line a call. A log that cannot be written, as on a closed terminal, must not fail a request."""

    def __init__(self, stream: Sink | None) -> None:
        self._stream = stream

    def msg(self, line: str) -> None:
        """Write to the stream given, or to the standard error as it is now."""
        with suppress(OSError, ValueError):
            stream = self._stream or sys.stderr
            stream.write(line + "\n")
            stream.flush()

    debug = info = warning = error = critical = msg


class _LibraryHandler(logging.Handler):
    """Passes records of the standard library's logging on, without what they may quote."""

    def __init__(self, level: str, stream: Sink | None) -> None:
        super().__init__()
        self._log = logger_of("process", level, stream)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record: a trusted library's in words, another's only when it is a warning, and then that it was."""
        trusted = record.name.split(".")[0] in _TRUSTED
        if not trusted and record.levelno < logging.WARNING:
            return
        line: dict[str, Any] = {"logger": record.name}
        if record.exc_info and record.exc_info[1] is not None:
            line |= error_shape(record.exc_info[1])
        if trusted:
            line["template"] = _Template(_message(record))
        self._log.log(record.levelno, "library-message", **line)


def _message(record: logging.LogRecord) -> str:
    """The template filled with codes and numbers; any other argument is replaced by its type."""
    arguments = record.args if isinstance(record.args, tuple) else ()
    try:
        shown = str(record.msg) % tuple(a if _harmless(a) else type(a).__name__ for a in arguments)
    except (TypeError, ValueError):
        shown = str(record.msg)
    return shown[:500]


def _harmless(value: object) -> bool:
    match value:
        case None | bool() | int() | float():
            return True
        case str():
            return _TOKEN.fullmatch(value) is not None
        case list() | tuple():
            return len(value) <= 100 and all(_harmless(item) for item in value)
        case _:
            return False


def _where(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add the ids that tie a line to its request and its trace."""
    if request := current_request():
        line.setdefault("correlation_id", request.correlation_id)
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        line.setdefault("trace_id", trace.format_trace_id(span.trace_id))
        line.setdefault("span_id", trace.format_span_id(span.span_id))
    return line


def _errors(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    error = line.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        line.update(error_shape(error))
    return line


_render: Final = structlog.processors.JSONRenderer()
