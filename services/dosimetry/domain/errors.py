"""One thing wrong with a body, with its place, so that whoever sent it learns of everything at once."""

from typing import Any


def error(pointer: str, detail: str, **context: object) -> dict[str, Any]:
    """`pointer`: a JSON pointer into the body. `context`: what would be right, in numbers, days and codes alone."""
    found: dict[str, Any] = {"in": "body", "pointer": pointer, "detail": detail}
    return {**found, "context": context} if context else found
