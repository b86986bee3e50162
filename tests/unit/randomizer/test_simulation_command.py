"""`reluth randomization simulate`: what it takes, what it prints, and that the same command prints the same."""

import json
from decimal import Decimal
from fractions import Fraction
from functools import partial
from importlib.resources import files
from pathlib import Path

import httpx
import pytest
import typer
from hypothesis import given as for_all
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

import contracts.protocol
from contracts.vocabulary.roles import Role
from services.cli import asking
from services.cli.exits import Exit
from services.cli.main import app
from services.cli.running import Running
from services.cli.simulation import question
from services.cli.simulation.question import parsed, prevalences
from services.randomizer.domain.configuration import Configuration, Factor

from .world import CONFIGURATION, RELUTH, small

QUICK = ("--trials", "200")


def simulate(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["randomization", "simulate", *map(str, arguments)])


def found(*arguments: str | Path) -> dict:
    result = simulate("--json", *QUICK, *arguments)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def without_time(answer: dict) -> dict:
    return {name: value for name, value in answer.items() if name != "seconds"}


def test_the_packaged_protocol_is_simulated_as_it_stands():
    answer = found()
    assert answer["configuration_sha256"] == CONFIGURATION.sha256
    assert answer["subjects"] == 146
    assert (answer["trials"], answer["seed"], answer["sites"]) == (200, 1, 22)
    assert answer["prevalence"] == {
        factor.id: {
            "source": f"planned: {factor.prevalences.source}",
            "levels": {level.code: str(Fraction(level.prevalence)) for level in factor.levels},
        }
        for factor in RELUTH.factors
    }
    (name,) = answer["designs"]
    assert name == "this design: stratified blocks 4,6"
    figures = answer["designs"][name]
    assert 0.5 < figures["own_centre"]["mean"] < figures["stratum_history"]["mean"] < 0.8
    assert figures["overall"]["mean"] < figures["overall"]["p95"] <= figures["overall"]["largest"]
    assert all(one["standard_error"] > 0 for name, one in figures.items() if name != "overall_large")


def test_the_same_command_gives_the_same_figures_and_another_seed_others():
    first, again, other = found(), found(), found("--seed", 2)
    assert without_time(first) == without_time(again)
    assert first["designs"] != other["designs"]


def test_what_is_given_on_the_command_line_goes_before_the_plan():
    answer = found("--prevalence", "F3=LT60:0.5", "--subjects", 60, "--sites", 3)
    assert answer["prevalence"]["F3"] == {"source": "command line", "levels": {"LT60": "1/2", "GE60": "1/2"}}
    assert answer["prevalence"]["F1"]["source"].startswith("planned")
    assert (answer["subjects"], answer["sites"]) == (60, 3)


def test_the_others_stand_beside_this_design_and_none_twice():
    names = list(found("--compare")["designs"])
    assert names[0] == "this design: stratified blocks 4,6"
    assert len(names) == 14
    assert "stratified blocks 4,6" not in names[1:]


def test_the_table_names_every_design_and_the_errors_of_its_figures():
    result = simulate(*QUICK, "--compare")
    assert result.exit_code == 0
    assert "F1: LT18 0.3, GE18 0.7 (planned: digest 1.3)" in result.stdout
    assert "minimization 0.80 with site" in result.stdout
    assert "200 trials of each design from seed 1" in result.stdout
    (row,) = (line for line in result.stdout.splitlines() if "complete randomization" in line)
    assert "0.5000(0)" in row


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_the_picture_is_written_and_comes_out_the_same_again(tmp_path, ending):
    files_ = [tmp_path / f"{n}.{ending}" for n in (1, 2)]
    for file in files_:
        assert simulate(*QUICK, "--compare", "--plot", file).exit_code == 0
    first, second = (file.read_bytes() for file in files_)
    assert first == second
    assert first[:5] == (b"<?xml" if ending == "svg" else b"\x89PNG\r")
    assert len(first) > 10_000


def test_another_protocol_file_is_simulated(tmp_path):
    text = files(contracts.protocol).joinpath("reluth.yaml").read_text("utf-8")
    file = tmp_path / "small.yaml"
    file.write_text(text.replace("block_sizes: [4, 6]", "block_sizes: [2]"), "utf-8")
    answer = found("--protocol", file)
    assert answer["name"] == "RELUTH, small.yaml"
    assert answer["configuration"]["block_sizes"] == [2]
    assert next(iter(answer["designs"].values()))["certain"]["mean"] > 0.4


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--prevalence", "F9=LT18:0.3"), "F1: LT18, GE18"),
        (("--prevalence", "F1=LT19:0.3"), "FACTOR=LEVEL:SHARE"),
        (("--prevalence", "F1=LT18:1.3"), "from 0 to 1"),
        (("--prevalence", "F1=LT18:NaN"), "from 0 to 1"),
        (("--prevalence", "F1=LT18:-0.1"), "from 0 to 1"),
        (("--prevalence", "F1"), "FACTOR=LEVEL:SHARE"),
        (("--prevalence", "F1=LT18:0.3", "--prevalence", "F1=LT18:0.4"), "already"),
        (("--prevalence", "F1=LT18:0.3", "--prevalence", "F1=GE18:0.6"), "add up to 1"),
        (("--plot", "designs.pdf"), ".svg"),
        (("--trials", "1"), "trials"),
        (("--seed", "-1"), "seed"),
        (("--protocol", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_what_cannot_be_simulated_is_a_usage_error_that_says_why(arguments, says):
    result = simulate(*QUICK, *arguments)
    assert result.exit_code == Exit.USAGE
    assert says in " ".join(result.output.replace("│", " ").split())


def test_a_picture_that_cannot_be_written_is_told(tmp_path):
    result = simulate(*QUICK, "--plot", tmp_path / "nowhere" / "x.svg")
    assert result.exit_code == Exit.FAILED
    assert "cannot be written" in result.output


def test_a_file_that_describes_no_trial_is_told(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("study: {}\n", "utf-8")
    assert simulate(*QUICK, "--protocol", file).exit_code == Exit.USAGE


def test_a_system_that_does_not_run_is_told(tmp_path):
    assert simulate("--live", "--state-dir", tmp_path).exit_code == Exit.NOT_RUNNING


# --- how common levels are

THREE = Configuration(
    study="RELUTH",
    strategy="complete",
    arms=small().arms,
    factors=(Factor(id="F1", levels=("LOW", "MIDDLE", "HIGH")), Factor(id="F2", levels=("NO", "YES"))),
)


@for_all(st.decimals(0, 1, places=4), st.decimals(0, 1, places=4))
def test_the_level_left_out_has_the_rest_exactly(first: Decimal, second: Decimal):
    given = [f"F1=LOW:{first}", f"F1=HIGH:{second}"]
    if first + second > 1:
        with pytest.raises(typer.BadParameter):
            parsed(THREE, given)
        return
    shares = parsed(THREE, given)["F1"].shares
    assert shares == (Fraction(first), 1 - Fraction(first) - Fraction(second), Fraction(second))
    assert sum(shares) == 1


def test_two_levels_left_out_are_refused():
    with pytest.raises(typer.BadParameter, match="add up"):
        parsed(THREE, ["F1=LOW:0.2"])


def test_a_factor_of_which_nothing_is_known_is_asked_for(capsys):
    with pytest.raises(typer.Exit) as left:
        prevalences(THREE, ["F2=YES:0.5"], {}, {})
    assert left.value.exit_code == Exit.USAGE
    assert "F1=LOW" in capsys.readouterr().err


def test_what_was_seen_goes_before_the_plan_and_a_level_never_seen_is_named():
    seen = question._counted(
        {"randomized": 8, "factors": [{"factor": "F2", "levels": [
            {"level": "NO", "randomized": 8}, {"level": "YES", "randomized": 0}]}]}
    )  # fmt: skip
    plan = {name: question.Assumed((Fraction(1, 2),) * n, "planned: x") for name, n in (("F1", 3), ("F2", 2))}
    found = prevalences(THREE, [], seen, plan)
    assert found["F2"] == question.Assumed((Fraction(1), Fraction(0)), "seen: 8 subjects, none of them YES")
    assert found["F1"].source == "planned: x"
    assert question._counted({"randomized": 0, "factors": []}) == {}


# --- a running system is asked as by anybody else

ELSEWHERE = Running({"randomizer": "http://randomizer.test"}, {}, None)


def answering(monkeypatch, answer) -> list[httpx.Request]:
    """Let every request of the command line be answered by this function; the requests are kept."""
    asked: list[httpx.Request] = []

    def handled(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answer(request)

    client = partial(httpx.AsyncClient, transport=httpx.MockTransport(handled))
    monkeypatch.setattr(asking.httpx, "AsyncClient", client)
    return asked


def test_where_no_local_issuer_runs_a_token_is_asked_for(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv(asking.TOKEN, raising=False)
    with pytest.raises(typer.Exit) as left:
        asking.bearer(ELSEWHERE, tmp_path, Role.STATISTICIAN)
    assert left.value.exit_code == Exit.USAGE
    assert "RELUTH_TOKEN" in capsys.readouterr().err


async def test_the_token_that_is_given_is_the_one_that_is_shown(monkeypatch, tmp_path):
    monkeypatch.setenv(asking.TOKEN, "of-the-statistician")
    asked = answering(monkeypatch, lambda request: httpx.Response(200, json={"path": request.url.path}))
    token = asking.bearer(ELSEWHERE, tmp_path, Role.STATISTICIAN)
    assert await asking.answers(ELSEWHERE, "randomizer", token, ["/a", "/b"]) == [{"path": "/a"}, {"path": "/b"}]
    assert {request.headers["Authorization"] for request in asked} == {"Bearer of-the-statistician"}


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (httpx.Response(403, json={"title": "Not yours.", "remedy": "Ask somebody."}), "Not yours. Ask somebody."),
        (httpx.Response(200, text="<html>"), "does not answer (JSONDecodeError)"),
        (httpx.ConnectError("http://u:secret@randomizer.test"), "does not answer (ConnectError)"),
    ],
)
async def test_what_a_service_refuses_or_cannot_say_ends_the_command_in_words(monkeypatch, capsys, answer, says):
    def given(_: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    answering(monkeypatch, given)
    with pytest.raises(typer.Exit) as left:
        await asking.answers(ELSEWHERE, "randomizer", "t", ["/a"])
    assert left.value.exit_code == Exit.FAILED
    told = capsys.readouterr().err
    assert says in told
    assert "secret" not in told
