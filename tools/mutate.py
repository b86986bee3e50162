"""Which mutants of the randomizer's rules no test notices: `make mutate`, docs/mutation.md.

mutmut makes the mutants, by `[tool.mutmut]` of pyproject.toml: each function beside its mutants, of which one can be
turned on. Its own runner collects the tests again for every mutant, a second each. Here they are collected once and a
process is forked for each mutant, which runs the tests that reach the function, the fastest first, until one fails.
Results are kept where `mutmut results` and `mutmut show` read them.
"""

import json
import os
import resource
import shlex
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import redirect_stdout
from fnmatch import fnmatch
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import settings

KILLED, LIVES, UNREACHED, ENDLESS = 1, 0, 33, 36
"""Exit codes as mutmut reads them."""
WORDS = {KILLED: "killed", LIVES: "lives", UNREACHED: "no test reaches it", ENDLESS: "does not end"}
MEMORY = 4 << 30
OUT = os.dup(1)
Results = dict[str, int]


def made() -> None:
    """The mutants and the tests, into ./mutants."""
    from mutmut import __main__ as mutmut

    mutmut.set_mutant_under_test("mutant_generation")
    Path("mutants").mkdir(exist_ok=True)
    with redirect_stdout(StringIO()):
        mutmut.copy_src_dir()
        mutmut.copy_also_copy_files()
        mutmut.create_mutants(1)
    mutmut.set_mutant_under_test("")


def metas() -> dict[Path, dict[str, Any]]:
    """What mutmut keeps of each file, within ./mutants."""
    return {path: json.loads(path.read_text()) for path in sorted(Path().rglob("*.py.meta"))}


class Mutants:
    """A pytest plugin that runs the mutants in place of the tests."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names, self.results = names, Results()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn which tests reach which function and how long they take; then run every mutant."""
        from mutmut.utils.format_utils import mangled_name_from_mutant_name as function_of

        if session.testsfailed:
            raise pytest.UsageError("tests cannot be collected among mutants")
        took, reach = self._learnt(session.items)
        for n, name in enumerate(self.names, start=1):
            tests = sorted(reach.get(function_of(name), ()), key=lambda item: took[item])
            code = self._forked(name, tests, sum(took[item] for item in tests)) if tests else UNREACHED
            self.results[name] = code
            if code != KILLED or n % 100 == 0:
                _say(f"{n}/{len(self.names)} {WORDS[code]}: {name}")
        return True

    def _learnt(self, items: Sequence[pytest.Item]) -> tuple[dict[pytest.Item, float], dict[str, set[pytest.Item]]]:
        """Processor seconds of each test, and the tests that reach each function. All must pass."""
        from mutmut.__main__ import set_mutant_under_test
        from mutmut.state import state

        took: dict[pytest.Item, float] = {}
        reach: dict[str, set[pytest.Item]] = {}
        for item in items:
            hit = state()._stats
            hit.clear()
            set_mutant_under_test("stats")
            begun = time.process_time()
            if _fails(item):
                raise pytest.UsageError(f"fails without a mutant: {item.nodeid}")
            took[item] = time.process_time() - begun
            for function in hit:
                reach.setdefault(function, set()).add(item)
        set_mutant_under_test("")
        return took, reach

    def _forked(self, name: str, tests: Sequence[pytest.Item], usual: float) -> int:
        """One mutant in a process of its own, with 5 seconds more than the tests took to tell what they reach."""
        from mutmut.__main__ import set_mutant_under_test

        child = os.fork()
        if not child:
            limit = int(5 + usual)
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, 1)
            os.dup2(nothing, 2)
            set_mutant_under_test(name)
            os._exit(KILLED if any(map(_fails, tests)) else LIVES)
        _, status = os.waitpid(child, 0)
        return ENDLESS if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def _fails(item: pytest.Item) -> bool:
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def _say(line: str) -> None:
    """To where the program was started from: pytest keeps what is written to the usual place."""
    os.write(OUT, (line + "\n").encode())


def main(patterns: Sequence[str]) -> int:
    """Run the mutants whose names fit one of these, or all. 1 if some live that should not."""
    from mutmut.configuration import config

    told = config()
    made()
    os.chdir("mutants")
    sys.path.insert(0, str(Path.cwd()))
    kept = metas()
    names = [name.replace("__init__.", "") for meta in kept.values() for name in meta["exit_code_by_key"]]
    wanted = [name for name in names if not patterns or any(fnmatch(name, one) for one in patterns)]
    _say(f"{len(wanted)} mutants of {len(names)}")
    settings.register_profile("mutants", derandomize=True, deadline=None, database=None)
    settings.load_profile("mutants")
    run = Mutants(wanted)
    arguments = ["-q", "--no-header", *told.pytest_add_cli_args, *told.pytest_add_cli_args_test_selection]
    _say("pytest " + shlex.join(arguments))
    ended = pytest.main(arguments, plugins=[run])
    for path, meta in kept.items():
        codes = meta["exit_code_by_key"]
        codes.update({name: run.results.get(name.replace("__init__.", ""), code) for name, code in codes.items()})
        path.write_text(json.dumps(meta, indent=4))
    for code, many in sorted(Counter(run.results.values()).items()):
        _say(f"{many:5} {WORDS[code]}")
    return int(ended)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
