"""Takes the examples of the API documents from the tests: `python tools/examples.py`, which is `make examples`.

The tests run twice. What differs between the runs is no example; what they still do stays the example that it was.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from services.chassis.auth.refusals import NOT_PERMITTED, TOKEN_MISSING, TOKEN_NOT_ACCEPTED  # noqa: E402
from services.chassis.freetext.scan import scan  # noqa: E402
from services.chassis.http import refusals as every  # noqa: E402
from services.chassis.refusal import Refusal  # noqa: E402
from services.cli.catalogue import NAMES  # noqa: E402
from tests.recording.kept import OPTION, file_of, kept  # noqa: E402

Said = dict[str, Any]
LONGEST = 12_000
"""Characters of an answer beyond which it explains nothing."""
_ANYWHERE = frozenset(refusal.code for refusal in vars(every).values() if isinstance(refusal, Refusal)) | {
    TOKEN_MISSING.code,
    TOKEN_NOT_ACCEPTED.code,
    NOT_PERMITTED.code,
    "unknown-study",
}
"""What any request can meet is typical of none."""


def main() -> int:
    """Record, choose, write. Fails when the tests do."""
    first, second = _recorded("1"), _recorded("2")
    if first is None or second is None:
        return 1
    again = {_form(said) for said in second}
    same = [said for said in first if _form(said) in again and _may_be_shown(said)]
    by_operation: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for said in same:
        by_operation[(said["service"], said["operation"])].append(said)
    for service in NAMES:
        chosen = {
            operation: _chosen(by_operation[(name, operation)], kept(service).get(operation, {}))
            for name, operation in sorted(by_operation)
            if name == service
        }
        text = json.dumps({name: examples for name, examples in chosen.items() if examples}, indent=1, sort_keys=True)
        file_of(service).write_text(text + "\n", "utf-8")
    return 0


def _recorded(seed: str) -> list[Said] | None:
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "said.jsonl"
        into.touch()
        tests = [f"tests/unit/{name}" for name in NAMES]
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", OPTION, str(into), *tests]
        done = subprocess.run(  # noqa: S603 - our own words
            command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, check=False
        )
        if done.returncode not in (0, 1):  # failures are for `make test` to tell
            return None
        return [json.loads(line) for line in into.read_text("utf-8").splitlines()]


def _chosen(said: list[Said], before: Mapping[str, Said]) -> dict[str, Said]:
    """The success and the refusal that are shown."""
    successes = [one for one in said if one["code"] is None]
    refusals = [one for one in said if one["code"] is not None]
    often = Counter(one["code"] for one in refusals)
    found = {}
    if successes:
        found["success"] = _sticky(before.get("success"), successes) or min(successes, key=_poverty)
    if refusals:
        typical = min(refusals, key=lambda one: (one["code"] in _ANYWHERE, -often[one["code"]]))
        found["refusal"] = _sticky(before.get("refusal"), refusals) or typical
    return {kind: {name: one[name] for name in ("test", "request", "answer")} for kind, one in found.items()}


def _sticky(before: Said | None, said: Iterable[Said]) -> Said | None:
    """What the test of the present example says now, of the kind that it said."""
    if before is None:
        return None
    of_test = [one for one in said if one["test"] == before["test"]]
    exact = [one for one in of_test if one["request"] == before["request"]]
    return next(iter(exact or of_test), None)


def _poverty(one: Said) -> tuple[bool, bool, bool]:
    """What shows little comes last: an empty list, an empty answer."""
    body = one["answer"].get("body")
    empty = body in ([], {}, None) or (isinstance(body, dict) and body.get("items") == [])
    return empty, "as_of" in one["request"].get("query", {}), "valid_at" in one["request"].get("query", {})


def _form(said: Said) -> str:
    return json.dumps(said, sort_keys=True)


def _may_be_shown(said: Said) -> bool:
    """Nothing that looks as if it were of a person, and nothing that nobody would read."""
    request = said["request"].get("body")
    answer = json.dumps(said["answer"])
    return len(answer) <= LONGEST and not any(scan(text) for text in _texts(request))


def _texts(value: object) -> Iterable[str]:
    match value:
        case dict():
            for name, item in value.items():
                if name != "birth_month":  # of no day, and asked for
                    yield from _texts(item)
        case list():
            for item in value:
                yield from _texts(item)
        case str() if " " in value:  # a code is no prose
            yield value
        case _:
            return


if __name__ == "__main__":
    sys.exit(main())
