"""The pages: decisions counted without a gap and listed, links that lead somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DECISIONS = sorted((ROOT / "docs" / "adr").glob("0*.md"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "services").rglob("*.md"))]
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


def test_decisions_are_counted_without_a_gap_and_each_is_listed_by_its_title() -> None:
    assert [path.name[:4] for path in DECISIONS] == [f"{n:04}" for n in range(1, len(DECISIONS) + 1)]
    titles = {path: path.read_text("utf-8").splitlines()[0].removeprefix("# ") for path in DECISIONS}
    assert [title.partition(". ")[0] for title in titles.values()] == [str(n) for n in range(1, len(DECISIONS) + 1)]
    listed = (ROOT / "docs" / "adr" / "README.md").read_text("utf-8")
    rows = [f"| [{int(path.name[:4])}]({path.name}) | {title.partition('. ')[2]} |" for path, title in titles.items()]
    assert [line for line in listed.splitlines() if line.startswith("| [")] == rows


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    broken = [link for link in _LINK.findall(page.read_text("utf-8")) if not (page.parent / link).exists()]
    assert not broken
