"""The command line: every command in Swedish, every figure also as JSON, every expected fault a sentence."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
import pytest
from click.testing import CliRunner

from core.cli import main
from core.cli.guide import GUIDE, commands, guide
from core.settings import PROJECT_FOLDER
from tests.support.databases import Database, demo_environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

COMMANDS = dict(commands())
SWEDISH = re.compile(r"[åäöÅÄÖ]|\b(?:i|och|på|av|det|en|ett|med|som|till|eller)\b")


@dataclass(frozen=True, slots=True)
class Cli:
    """Runs commands on one database."""

    environment: dict[str, str]

    def __call__(self, *arguments: object) -> Result:
        return CliRunner().invoke(main, [str(one) for one in arguments], env=self.environment)

    def json(self, *arguments: object) -> Any:  # noqa: ANN401  # whatever the command prints
        result = self(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder, so that files land there."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def demo(sqlite_demo: Database, folder: Path) -> Cli:
    """Give the command line on a copy of the demo municipality."""
    return Cli(demo_environment(sqlite_demo.url, folder))


@pytest.fixture
def empty(sqlite_database: Database, folder: Path) -> Cli:
    """Give the command line on a migrated, empty database."""
    return Cli(demo_environment(sqlite_database.url, folder))


def change(database: Database, statement: str) -> None:
    """Do to the database what nobody should: its own guards are taken away first."""
    with sqlite3.connect(database.url.removeprefix("sqlite:///")) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(statement)


# --- what the reader of help and documents meets ---


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_option_and_argument_has_help_in_swedish(name: str) -> None:
    command = COMMANDS[name]
    assert SWEDISH.search(command.help or ""), name
    for parameter in command.params:
        assert isinstance(parameter, click.Option | click.Argument)
        assert parameter.help, f"{name} {parameter.name}"


@pytest.mark.parametrize("name", [*COMMANDS, ""])
def test_help_has_swedish_headings(name: str) -> None:
    text = CliRunner().invoke(main, [*name.split(), "--help"]).output
    assert text.startswith("Skriv: ")
    assert "Visa hjälpen." in text
    assert not re.search(r"Options|Usage|Commands|Show this|Positional", text)


def test_the_guide_to_the_commands_is_not_stale() -> None:
    assert GUIDE.read_text(encoding="utf-8") == guide(), "Kör: python -m core.cli.guide"


@pytest.mark.parametrize("name", COMMANDS)
def test_readme_names_every_command(name: str) -> None:
    readme = (PROJECT_FOLDER / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"\b{re.escape(name)}\b", readme), f"README.md nämner inte kommandot {name}"


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, core.cli; print([m for m in ('numpy', 'sqlalchemy', 'pydantic', 'typst') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT_FOLDER)
    assert done.stdout.strip() == "[]"


def test_python_m_core_starts_the_command_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "core", "--help"], capture_output=True, text=True, check=True, cwd=PROJECT_FOLDER
    )
    assert "Skolkronan: varje krona förklarad." in done.stdout


# --- the database ---


def test_migrate_makes_a_database_and_the_second_time_changes_nothing(folder: Path) -> None:
    cli = Cli(demo_environment(f"sqlite:///{folder / 'ny.db'}", folder))
    assert "Databasen har nu version" in cli("migrate").output
    assert "Databasen har redan version" in cli("migrate").output


def test_migrate_says_which_folder_is_missing(folder: Path) -> None:
    result = Cli(demo_environment(f"sqlite:///{folder / 'saknas' / 'ny.db'}", folder))("migrate")
    assert result.exit_code == 1
    assert "saknas finns inte" in result.output


def test_a_database_without_tables_is_said_in_a_sentence(folder: Path) -> None:
    result = Cli(demo_environment(f"sqlite:///{folder / 'tom.db'}", folder))("runs")
    assert result.exit_code == 1
    assert result.output.startswith("Fel: Databasen sqlite:")
    assert "migrate" in result.output


def test_a_password_in_the_address_is_never_printed(folder: Path) -> None:
    result = Cli(demo_environment("postgresql://anna:hemligt@127.0.0.1:1/skolkronan", folder))("runs")
    assert "anna:…@127.0.0.1" in result.output
    assert "hemligt" not in result.output


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("lösenord-utan-adress", "Fel: Databasens adress i SKOLKRONAN_DATABASE_URL går inte att använda."),
        ("mysql://anna:hemligt@127.0.0.1/x", "Fel: Databasens adress i SKOLKRONAN_DATABASE_URL går inte att använda."),
        ("sqlite:///anteckningar.txt", "Fel: Databasfilen är skadad eller inte en databas"),
    ],
)
def test_a_database_that_is_none_is_a_sentence(folder: Path, address: str, said: str) -> None:
    (folder / "anteckningar.txt").write_text("Det här är ingen databas.\n" * 100, encoding="utf-8")
    result = Cli(demo_environment(address, folder))("migrate")
    assert result.exit_code == 1
    assert result.output.startswith(said)
    assert "lösenord" not in result.output
    assert "hemligt" not in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("template", "model"), "SLAG går inte att använda: välj något av units, enrolments, index,"),
        (("allocate", "--kind", "budget", "--year", "12"), "year går inte att använda: skriv ett heltal, 2000–2100."),
        (
            ("explain", "G01", "--year", "2026", "--depth", "-1"),
            "depth går inte att använda: skriv ett heltal, 0 eller",
        ),
        (("verify-run", "sju"), "KÖRNING går inte att använda: skriv ett heltal."),
        (("import", "units", "finns_inte.csv"), "FIL går inte att använda: filen finns inte eller får inte öppnas."),
        (("import", "units", "."), "FIL går inte att använda: det är en mapp."),
    ],
)
def test_a_wrongly_written_command_says_in_swedish_what_to_write(
    empty: Cli, arguments: tuple[str, ...], said: str
) -> None:
    result = empty(*arguments)
    assert result.exit_code == 2
    assert said in result.output


def test_a_setting_that_cannot_be_read_is_a_fault_not_a_traceback(folder: Path) -> None:
    environment = demo_environment(f"sqlite:///{folder / 'ny.db'}", folder) | {"SKOLKRONAN_DEMO": "kanske"}
    result = Cli(environment)("migrate")
    assert (result.exit_code, result.output[:25]) == (1, "Fel: SKOLKRONAN_DEMO=kans")


def test_an_empty_database_has_no_kommun_to_work_with(empty: Cli) -> None:
    result = empty("runs")
    assert result.exit_code == 1
    assert "ingen kommun än" in result.output


def test_a_kommun_that_is_not_there_is_named(demo: Cli) -> None:
    result = demo("runs", "--kommun", "0180")
    assert result.exit_code == 1
    assert "0180 finns inte" in result.output


# --- the demo ---


def test_the_demo_is_loaded_once_and_only_into_an_empty_database(demo: Cli) -> None:
    before = demo.json("runs")
    assert "ingenting ändrades" in demo("demo", "--if-empty").output
    assert demo("demo").exit_code == 1
    assert demo.json("runs") == before


def test_the_demo_has_a_published_budget_and_a_decided_outcome_for_three_years(demo: Cli) -> None:
    found = {(run["year"], run["kind"]): run["state"] for run in demo.json("runs")}
    assert found == {
        (year, kind): state
        for year in (2024, 2025, 2026)
        for kind, state in (("budget", "published"), ("utfall", "decided"))
    }


def test_a_loading_that_was_broken_off_is_taken_up_again(demo: Cli, sqlite_demo: Database) -> None:
    before = demo.json("runs")
    change(sqlite_demo, "UPDATE run SET state = 'draft', decided_at = NULL WHERE number = 6")
    assert "är inläst" in demo("demo", "--if-empty").output
    after = demo.json("runs")
    assert [run["number"] for run in after] == [6, 5, 4, 3, 2, 1]  # the draft is gone on with, not made again
    assert (after[0]["state"], after[0]["fingerprint"]) == ("decided", before[0]["fingerprint"])
    assert len(demo.json("batches")) == max(batch["number"] for batch in demo.json("batches"))


def test_with_several_kommuner_one_must_be_named(demo: Cli, sqlite_demo: Database) -> None:
    change(sqlite_demo, "INSERT INTO kommun (kommun, name, orgnr) VALUES ('9903', 'Höglida', '999900-9903')")
    result = demo("runs")
    assert (result.exit_code, "9901, 9903" in result.output) == (1, True)
    assert demo("runs", "--kommun", "9901").exit_code == 0
    assert "ingenting ändrades" in demo("demo", "--if-empty").output


# --- files in ---


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "kind", ["units", "enrolments", "index", "planned_counts", "given_amounts", "staff", "premises"]
)
def test_a_template_and_a_sample_of_every_kind_can_be_written(folder: Path, kind: str, file_format: str) -> None:
    for flags, name in (((), f"{kind}_mall"), (("--sample",), f"{kind}_exempel")):
        result = CliRunner().invoke(main, ["template", kind, "--format", file_format, *flags])
        assert result.exit_code == 0, result.output
        assert (folder / f"{name}.{file_format}").stat().st_size > 20


def test_a_sample_is_received_accepted_and_then_unchanged(demo: Cli, folder: Path) -> None:
    demo("template", "units", "--sample", "--out", folder / "enheter.csv")
    first = demo("import", "units", folder / "enheter.csv", "--year", 2030, "--accept")
    assert first.exit_code == 0, first.output
    assert re.search(r"5 rader, 0 fel, 0 varningar\. Godkänd\.", first.output)
    assert "Ingenting ändrades" in demo("import", "units", folder / "enheter.csv", "--year", 2030).output


def test_a_file_with_faults_shows_them_all_and_is_never_accepted(demo: Cli, folder: Path) -> None:
    demo("template", "units", "--sample", "--out", folder / "enheter.csv")
    text = (folder / "enheter.csv").read_text(encoding="utf-8-sig")
    faulty = text.replace(";nej;", ";kanske;", 1).replace("2020-01-01", "2020-13-01")
    (folder / "fel.csv").write_text(faulty, encoding="utf-8")
    result = demo("import", "units", folder / "fel.csv", "--period", "2030-01:2030-06", "--accept")
    assert result.exit_code == 3
    assert "fel.csv, rad 2, kolumn landsbygd: ”kanske”" in result.output
    assert result.output.count("fran_och_med") == 5
    assert result.output.rstrip().endswith("Mottagen.")
    batch = next(one for one in demo.json("batches") if one["file_name"] == "fel.csv")
    assert (batch["state"], batch["errors"], batch["period_to"]) == ("received", 6, "2030-07-01")


def test_an_import_as_json_holds_the_batch_and_its_issues(demo: Cli, folder: Path) -> None:
    demo("template", "units", "--sample", "--out", folder / "enheter.csv")
    found = demo.json("import", "units", folder / "enheter.csv", "--year", 2030, "--total", "5")
    assert (found["unchanged"], found["batch"]["state"], found["issues"]) == (False, "received", [])
    assert found["batch"]["tie_out"] is True


def test_a_model_brings_its_own_year(demo: Cli) -> None:
    model = PROJECT_FOLDER / "data" / "models" / "lindvik" / "2026.yaml"
    assert "samma fil är redan godkänd" in demo("import", "model", model).output


@pytest.mark.parametrize("period", [(), ("--year", "2030", "--period", "2030-01"), ("--period", "2030-06:2030-01")])
def test_the_period_is_given_in_exactly_one_way(demo: Cli, folder: Path, period: tuple[str, ...]) -> None:
    demo("template", "units", "--out", folder / "enheter.csv")
    assert demo("import", "units", folder / "enheter.csv", *period).exit_code == 2


def test_a_month_that_is_none_is_a_sentence(demo: Cli, folder: Path) -> None:
    demo("template", "units", "--out", folder / "enheter.csv")
    result = demo("import", "units", folder / "enheter.csv", "--period", "mars")
    assert result.exit_code != 0
    assert "”mars” är inte en månad" in result.output


def test_batches_are_listed_with_period_state_and_tie_out(demo: Cli) -> None:
    text = demo("batches").output
    assert re.search(r"^Nr +Slag +Period +Läge", text)
    assert re.search(r"units +2026-01-01 – 2026-12-31 +Godkänd", text)


# --- runs ---


def test_a_run_is_computed_as_a_draft_with_the_same_fingerprint_as_the_decided_one(demo: Cli) -> None:
    decided = next(run for run in demo.json("runs") if (run["year"], run["kind"]) == (2026, "budget"))
    run = demo.json("allocate", "--kommun", "9901", "--year", 2026, "--kind", "budget")
    assert (run["state"], run["fingerprint"]) == ("draft", decided["fingerprint"])


def test_a_year_without_a_model_is_a_sentence(demo: Cli) -> None:
    result = demo("allocate", "--year", 2031, "--kind", "budget")
    assert result.exit_code == 1
    assert "2031" in result.output


def test_runs_are_listed_with_decision_and_fingerprint(demo: Cli) -> None:
    text = demo("runs").output
    assert re.search(r"Utfall +2026 +Beslutad +t\.o\.m\. månad 10 .+ 2025-11-17 § 212 +[0-9a-f]{12}", text)
    assert demo("allocate", "--year", 2024, "--kind", "budget").output.startswith("Körning 7: Budget 2024, utkast.")


def test_verify_run_recomputes_a_frozen_run(demo: Cli) -> None:
    assert demo("verify-run", 6).exit_code == 0
    report = demo.json("verify-run", 6)
    assert (report["run"], report["ok"], report["findings"]) == (6, True, [])


def test_verify_run_finds_a_changed_amount_and_says_so_with_its_own_exit_code(demo: Cli, sqlite_demo: Database) -> None:
    where = "run = 6 AND enhet = 'G01'"
    change(
        sqlite_demo,
        "UPDATE allocation_line SET before_ore = before_ore + 1, amount_ore = amount_ore + 1 "
        f"WHERE {where} AND position = (SELECT MIN(position) FROM allocation_line WHERE {where})",
    )
    result = demo("verify-run", 6)
    assert result.exit_code == 3
    assert "G01" in result.output


# --- amounts ---


def test_explain_shows_the_same_tree_as_text_and_json(demo: Cli) -> None:
    text = demo("explain", "G01", "--year", 2026).output.splitlines()
    tree = demo.json("explain", "G01", "--year", 2026)["derivation"]
    assert len(text) == len(list(_nodes(tree)))
    for shown, node in zip(text, _nodes(tree), strict=True):
        assert shown.strip().startswith(node["label"])


def test_explain_stops_at_the_depth_asked_for(demo: Cli) -> None:
    text = demo("explain", "G01", "--year", 2026, "--depth", 1).output
    assert re.search(r"^  Bas: ", text, re.MULTILINE)
    assert "    " not in text
    assert demo("explain", "G01", "--year", 2026, "--key", "dim:bas", "--depth", 0).output.startswith("Bas: ")


def test_explain_of_the_budget_is_another_run(demo: Cli) -> None:
    assert demo.json("explain", "G01", "--year", 2026, "--kind", "budget")["run"] == 5


@pytest.mark.parametrize("arguments", [("Z99", "--year", 2026), ("G01", "--year", 2031)])
def test_a_unit_or_year_without_amounts_is_a_sentence(demo: Cli, arguments: tuple[object, ...]) -> None:
    result = demo("explain", *arguments)
    assert result.exit_code == 1
    assert result.output.startswith("Fel: ")


@pytest.mark.parametrize("file_format", ["pdf", "xlsx", "csv", "json"])
def test_a_statement_is_written_in_every_format(demo: Cli, folder: Path, file_format: str) -> None:
    result = demo("statement", "G01", "--year", 2026, "--format", file_format)
    assert result.exit_code == 0, result.output
    assert (folder / f"redovisning_G01_2026_utfall_6.{file_format}").stat().st_size > 1000
    demo("statement", "G01", "--year", 2026, "--format", file_format, "--out", folder / "min.fil")
    assert (folder / "min.fil").exists()


def test_the_statement_and_the_command_line_show_the_same_amounts(demo: Cli, folder: Path) -> None:
    demo("statement", "G01", "--year", 2026, "--format", "json", "--out", folder / "min.json")
    paper = json.loads((folder / "min.json").read_text(encoding="utf-8"))["derivation"]
    screen = {node["key"]: node["value"] for node in _nodes(demo.json("explain", "G01", "--year", 2026)["derivation"])}
    shared = [node for node in _nodes(paper) if node["key"] in screen]
    assert len(shared) > 50
    assert all(node["value"] == screen[node["key"]] for node in shared)


def test_given_writes_what_evaluate_asks_for(demo: Cli, folder: Path) -> None:
    demo("given", 6, "--enhet", "G01")
    content = json.loads((folder / "korning_6.json").read_text(encoding="utf-8"))
    assert (content["run"], content["through_month"]) == (6, 10)


def test_evaluate_writes_the_lines_without_a_database(folder: Path) -> None:
    units, out = folder / "enheter.csv", folder / "ut.csv"
    header = "kommun;enhet;mottagare;landsbygd;index;elever_lag;" + ";".join(f"hog_{n:02d}" for n in range(1, 13))
    row = f"9909;alven;egen;nej;112,5;40;{';'.join(['30'] * 12)};"
    units.write_text(f"{header};stod_mars\n{row}\n", encoding="utf-8")
    model = PROJECT_FOLDER / "tests" / "cases" / "allocation" / "evaluate_model.yaml"
    fixed = folder / "modell.yaml"  # with prices of its own instead of solved ones, nothing needs to be given
    text = model.read_text(encoding="utf-8").replace("from_budget:", "values:")
    fixed.write_text(text, encoding="utf-8")
    arguments = ["evaluate", str(fixed), "--units", str(units), "--out", str(out)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert re.match(r"Skrev .+ut\.csv: \d+ rader, summa [\d\u00a0,]+ kr\.".replace(" kr", "\u00a0kr"), result.output)
    assert len(out.read_text(encoding="utf-8-sig").splitlines()) > 4
    (folder / "korning.json").write_text('{"schema": "annat"}', encoding="utf-8")
    faulty = CliRunner().invoke(main, [*arguments, "--given", str(folder / "korning.json")])
    assert (faulty.exit_code, faulty.output[:17]) == (1, "Fel: korning.json")


def _nodes(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tree
    for child in tree.get("children", ()):
        yield from _nodes(child)


def test_a_run_is_taken_to_its_decision_by_command(demo: Cli) -> None:
    demo("allocate", "--year", 2024, "--kind", "budget")
    assert demo("decide", 7, "checked").output == "Körning 7: Budget 2024, kontrollerad.\n"
    refused = demo("decide", 7, "decided")
    assert refused.exit_code == 1
    assert "--decision" in refused.output
    assert demo("decide", 7, "decided", "--decision", "Nämnden 2026-11-22 § 1").output.endswith("beslutad.\n")
    assert demo("decide", 7, "checked").exit_code == 1


def test_a_delivery_is_reverted_by_command_with_a_reason(demo: Cli) -> None:
    assert "--reason" in demo("answer", 30, "revert").output
    assert demo("answer", 30, "revert", "--reason", "Fel hyror").output == "Inläsning 30: återtagen.\n"
    assert demo("answer", 30, "accept").exit_code == 1
