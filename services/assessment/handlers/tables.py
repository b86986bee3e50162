"""Tables as spreadsheets write them: RFC 4180, with commas or semicolons, with or without a byte order mark."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.assessment.domain.refusals import uploads
from services.chassis.refusal import Refused

MOST_ROWS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Row:
    """A row by column, empty cells left out; None: it has not as many cells as there are columns.

    `line` is where it ends in the file, as an editor counts.
    """

    line: int
    cells: Mapping[str, str] | None


def table(content: bytes, required: Sequence[str], permitted: Sequence[str]) -> list[Row]:
    """The rows of a file. Raises `Refused` for one that is no such table; nothing of it is taken then."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(uploads.NOT_UTF8) from None
    if "\0" in text:
        raise Refused(uploads.NOT_CSV)
    first = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True
    )
    try:
        header = [name.strip() for name in next(reader, [])]
        if not _acceptable(header, required, permitted):
            raise Refused(uploads.COLUMNS, required=list(required), permitted=list(permitted))
        rows: list[Row] = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue  # a line without anything in it is no row
            if len(rows) == MOST_ROWS:
                raise Refused(uploads.TOO_MANY_ROWS, permitted=MOST_ROWS)
            rows.append(Row(reader.line_num, _named(header, cells)))
    except csv.Error:
        raise Refused(uploads.NOT_CSV, line=reader.line_num) from None
    return rows


def _acceptable(header: Sequence[str], required: Sequence[str], permitted: Sequence[str]) -> bool:
    known = {*required, *permitted}
    return len(set(header)) == len(header) and set(required) <= set(header) and set(header) <= known


def _named(header: Sequence[str], cells: Sequence[str]) -> Mapping[str, str] | None:
    if len(cells) != len(header):
        return None
    return {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()}
