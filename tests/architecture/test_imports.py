"""The import rules hold, and each of them is able to fail."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")


def lint(tree: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter over a tree, all contracts or the named ones."""
    options = [option for contract in contracts for option in ("--contract", contract)]
    return subprocess.run([LINT, "--no-cache", *options], cwd=tree, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources to do wrong in."""
    copy = tmp_path_factory.mktemp("tree")
    for name in ("contracts", "services"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", copy)
    return copy


def test_the_rules_hold() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("contract", "file", "line"),
    [
        ("services-are-independent", "services/analytics/views.py", "import services.enrolment.handlers"),
        ("services-are-independent", "services/assessment/consumers.py", "import services.randomizer.domain"),
        ("chassis-knows-no-trial", "services/chassis/facts.py", "import services.safety.routes"),
        ("chassis-knows-no-trial", "services/chassis/http/app.py", "import contracts.protocol.load"),
        ("contracts-know-nobody", "contracts/events/fact.py", "import services.chassis.clock"),
        ("domain-is-pure", "services/enrolment/domain/gates.py", "import sqlalchemy"),
        ("domain-is-pure", "services/randomizer/domain/decide.py", "import httpx"),
        ("domain-is-pure", "services/safety/domain/decide.py", "import services.safety.views"),
        ("rooms", "services/enrolment/views/readers.py", "import services.enrolment.routes"),
        ("rooms", "services/safety/handlers.py", "import services.safety.consumers"),
        ("rooms", "services/randomizer/routes/common.py", "import services.randomizer.app"),
        ("rooms", "services/randomizer/domain/decide.py", "import services.randomizer.simulation.engine"),
        ("rooms", "services/randomizer/simulation/engine.py", "import services.randomizer.handlers.balance"),
        ("adapters", "services/enrolment/handlers/context.py", "import services.chassis.log.postgres"),
        ("adapters", "services/safety/consumers.py", "import services.chassis.inbox.kafka"),
        ("adapters", "services/chassis/facts.py", "import services.chassis.relay.kafka"),
    ],
)
def test_each_rule_can_be_broken(tree: Path, contract: str, file: str, line: str) -> None:
    path = tree / file
    before = path.read_text("utf-8")
    path.write_text(f"{before}\n{line}\n", "utf-8")
    try:
        result = lint(tree, contract)
    finally:
        path.write_text(before, "utf-8")
    assert result.returncode == 1, result.stdout
    assert "BROKEN" in result.stdout


PURE = {"pydantic", "contracts"}


def strangers(file: Path, service: str) -> list[str]:
    """Imports of a domain module that are neither standard library, pydantic, contracts nor its own domain."""
    found = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        match node:
            case ast.Import():
                names = [alias.name for alias in node.names]
            case ast.ImportFrom():
                assert node.level == 0, f"{file}: relative import"
                names = [node.module or ""]
            case _:
                continue
        found += [
            name
            for name in names
            if name.split(".")[0] not in sys.stdlib_module_names | PURE
            and not name.startswith(f"services.{service}.domain")
            and name != "services.chassis.refusal"
        ]
    return found


DOMAINS = sorted((ROOT / "services").glob("*/domain/**/*.py"))


@pytest.mark.parametrize("file", DOMAINS, ids=lambda f: str(f.relative_to(ROOT / "services")))
def test_a_domain_imports_only_what_is_pure(file: Path) -> None:
    assert strangers(file, file.relative_to(ROOT / "services").parts[0]) == []


def test_a_stranger_in_a_domain_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "decide.py"
    file.write_text("import json\nimport numpy as np\nfrom services.safety.views import alerts\n")
    assert strangers(file, "safety") == ["numpy", "services.safety.views"]


def test_no_domain_reads_a_clock_or_draws_at_random() -> None:
    """What time it is and what was drawn are handed in, or a replay would give something else."""
    for file in DOMAINS:
        source = file.read_text("utf-8")
        for forbidden in (
            "datetime.now",
            "date.today",
            "time.time",
            "utcnow",
            "import random",
            "import secrets",
            "uuid4",
            "uuid7",
        ):
            assert forbidden not in source, f"{file}: {forbidden}"


def imported(file: Path) -> set[str]:
    """The first names of everything that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        match node:
            case ast.Import():
                found |= {alias.name.split(".")[0] for alias in node.names}
            case ast.ImportFrom():
                found.add("." * node.level + (node.module or "").split(".")[0])
            case ast.Call(func=ast.Name(id="__import__")):
                found.add("__import__")
    return found


VERIFIER = ROOT / "services/cli/bundle_verifier.py"


def test_the_verifier_of_bundles_is_one_file_of_the_standard_library() -> None:
    """It must run where nothing of ours is, and must not repeat a mistake of ours by calling us."""
    assert imported(VERIFIER) <= sys.stdlib_module_names - {"importlib", "runpy", "subprocess", "socket"}


def test_a_verifier_that_calls_us_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "verifier.py"
    file.write_text(
        "import json\ndef f():\n    from services.chassis import clock\n    from . import x\n    __import__('os')\n"
    )
    assert imported(file) - sys.stdlib_module_names == {"services", ".", "__import__"}
