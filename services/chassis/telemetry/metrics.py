"""Prometheus metrics of one service, in a registry of its own: several services share a process."""

from typing import Final

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

MEDIA_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Register further collectors with `registry=metrics.registry`; names begin with `reluth_`."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.registry = CollectorRegistry(auto_describe=True)
        self._requests = Histogram(
            "reluth_http_request_seconds",
            "Time from the first byte of a request to the last of its answer",
            ("service", "method", "route", "status"),
            registry=self.registry,
            buckets=_BUCKETS,
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request. `route` is the template: a path would make a series for every subject."""
        known = method if method in _METHODS else "OTHER"
        self._requests.labels(self.service, known, route, str(status)).observe(seconds)

    def render(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self.registry)
