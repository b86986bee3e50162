"""How a service is watched: logs without patient text, traces that follow a fact, metrics of its own."""

from dataclasses import dataclass

from structlog.typing import FilteringBoundLogger

from services.chassis.settings import Settings
from services.chassis.telemetry.files import log_file
from services.chassis.telemetry.logs import configure_logging, logger_of
from services.chassis.telemetry.metrics import Metrics
from services.chassis.telemetry.tracing import Tracing


@dataclass(frozen=True, slots=True)
class Telemetry:
    """The three of them for one service. Several live in one process, so none of them is global."""

    service: str
    log: FilteringBoundLogger
    tracing: Tracing
    metrics: Metrics

    @classmethod
    def of(cls, service: str, settings: Settings) -> "Telemetry":
        """As the settings say: traces go to the collector if there is one, logs to a file or to the standard error."""
        level = settings.log_level.value
        sink = log_file(settings.log_file.absolute()) if settings.log_file is not None else None
        configure_logging(level, sink)
        log, tracing = logger_of(service, level, sink), Tracing(service, endpoint=settings.otel_endpoint)
        return cls(service, log, tracing, Metrics(service))

    def close(self) -> None:
        """Send what has not been sent."""
        self.tracing.close()
