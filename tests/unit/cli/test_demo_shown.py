"""What the demo prints of figures."""

import io

from rich.console import Console

from services.cli.demo.show import _dcr

NONE = {"figure": {"estimate": "not estimable", "pending": 2}}
SOME = {
    "figure": {
        "estimate": {"x": 3, "n": 4, "percent": "75.0", "percent_lower": "19.4", "percent_upper": "99.4"},
        "pending": 0,
    }
}


def test_a_cohort_too_small_for_an_estimate_is_shown_without_one() -> None:
    console = Console(record=True, width=120, file=io.StringIO())
    console.print(_dcr(NONE, {"arms": [{"arm": "A", **SOME}]}))
    text = console.export_text()
    assert "not estimable" in text
    assert "19.4 to 99.4" in text
