"""What a service says when it says no."""

import json
from collections.abc import Mapping
from typing import Any

import httpx


class Refused(Exception):
    """A request was not accepted. `problem` is the answer's body (RFC 9457); `code` is stable, its words are not."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('title', '')} {problem.get('type', '')}".rstrip())
        self.status, self.problem = status, problem

    @classmethod
    def by(cls, response: httpx.Response) -> "Refused":
        """From an answer that has been read. One that is no problem, as of a proxy, has the code `http-<status>`."""
        try:
            problem = json.loads(response.content)
        except ValueError:
            problem = None
        if not isinstance(problem, dict):
            problem = {"type": f"about:http-{response.status_code}", "title": response.reason_phrase}
        return cls(response.status_code, problem)

    @property
    def code(self) -> str:
        """The last part of the problem's type, such as `consent-missing`."""
        return str(self.problem.get("type", "")).rsplit(":", 1)[-1]

    @property
    def remedy(self) -> str:
        """What would make the request pass."""
        return str(self.problem.get("remedy", ""))

    @property
    def context(self) -> Mapping[str, Any]:
        """Identifiers, dates and counts that the refusal names."""
        found = self.problem.get("context")
        return found if isinstance(found, dict) else {}

    @property
    def errors(self) -> list[Mapping[str, Any]]:
        """What is wrong with a request of the wrong form, place by place."""
        found = self.problem.get("errors")
        return found if isinstance(found, list) else []
