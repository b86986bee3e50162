"""SQL statements, one per file, loaded by name."""

from functools import cache
from pathlib import Path


@cache
def statement(folder: Path, name: str) -> str:
    """The text of `<folder>/<name>.sql`."""
    return (folder / f"{name}.sql").read_text(encoding="utf-8")
