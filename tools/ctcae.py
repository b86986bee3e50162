"""Writes a table of CTCAE terms from the workbook that the NCI publishes, without one of its sentences.

    .venv/bin/uv run --no-project --with openpyxl python tools/ctcae.py WORKBOOK TABLE.csv

Run by a person when the NCI publishes a version. A cell with a dash is a grade that the term does not have. The digest
that it prints belongs into `services/safety/rules/dictionaries.yaml`.
"""

import csv
import hashlib
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

SHEET = "Clean Copy"
CODE, SOC, TERM, GRADE_1, GRADE_5 = 0, 1, 2, 3, 7


def rows(workbook: Path) -> list[tuple[int, str, str, str, str]]:
    """Code, term, SOC, the grades there are and whether the term has to be specified; by code."""
    book: Any = import_module("openpyxl").load_workbook(workbook, read_only=True)
    sheet = next(sheet for sheet in book.worksheets if SHEET in sheet.title)
    found = []
    for cells in list(sheet.iter_rows(values_only=True))[1:]:
        grades = [str(n) for n, cell in enumerate(cells[GRADE_1 : GRADE_5 + 1], 1) if not _absent(cell)]
        term = " ".join(str(cells[TERM]).split())
        specify = "yes" if term.endswith("Other, specify") else ""
        found.append((int(cells[CODE]), term, " ".join(str(cells[SOC]).split()), " ".join(grades), specify))
    return sorted(found)


def main() -> int:
    """Read, write, print the digest of what was read."""
    workbook, target = (Path(name) for name in sys.argv[1:])
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "term", "soc", "grades", "specify"))
        writer.writerows(rows(workbook))
    sys.stdout.write(f"{hashlib.sha256(workbook.read_bytes()).hexdigest()}\n")
    return 0


def _absent(cell: object) -> bool:
    return cell is None or str(cell).strip() in ("", "-")


if __name__ == "__main__":
    sys.exit(main())
