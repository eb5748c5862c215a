"""Decisions and payments from the command line: two names, files, faults as sentences."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.core.test_cli import Cli
from tests.support.databases import Database, demo_environment

if TYPE_CHECKING:
    from click.testing import Result


@pytest.fixture
def cli(sqlite_demo: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Give the command line on a copy of the demo municipality, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Cli(demo_environment(sqlite_demo.url, tmp_path))


def said(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output


def test_a_month_is_prepared_by_one_approved_by_another_and_its_files_written(cli: Cli) -> None:
    assert len(cli.json("payments")) == 10
    assert "Utbetalning 11 för 2026-11 är framtagen" in said(cli("payment-prepare", "2026-11", "--by", "anna"))
    too_soon = cli("payment-file", 11, "csv")
    assert too_soon.exit_code == 1
    assert "inte godkänd" in too_soon.output
    same = cli("payment", 11, "approve", "--by", "anna")
    assert same.exit_code == 1
    assert "någon annan" in same.output
    assert "godkänd" in said(cli("payment", 11, "approve", "--by", "bo"))
    said(cli("payment-file", 11, "csv", "--out", "betalfil.csv"))
    said(cli("payment-file", 11, "sie"))
    assert Path("betalfil.csv").read_bytes().startswith(b"\xef\xbb\xbfreferens;")
    assert next(Path().glob("*.si")).read_bytes().startswith(b"#FLAGGA 0\r\n")
    assert "2026-11" in said(cli("payments"))
    assert "betald" in said(cli("payment", 11, "paid", "--by", "anna"))


@pytest.mark.parametrize("same", ["joar", " Joar ", "JOAR"])
def test_a_name_written_another_way_is_not_another_pair_of_eyes(cli: Cli, same: str) -> None:
    said(cli("payment-prepare", "2026-11", "--by", "Joar"))
    refused = cli("payment", 11, "approve", "--by", same)
    assert refused.exit_code == 1
    assert "någon annan" in refused.output
    nobody = cli("payment", 11, "approve", "--by", " ")
    assert nobody.exit_code == 1
    assert "Skriv vem som gör det" in nobody.output


@pytest.mark.parametrize("month", ["november", "2026-13", "2026-12"])
def test_a_month_that_cannot_be_paid_now_is_a_sentence(cli: Cli, month: str) -> None:
    result = cli("payment-prepare", month, "--by", "anna")
    assert result.exit_code == 1
    assert result.output.startswith("Fel: ")


def test_a_cancelled_payment_needs_its_reason(cli: Cli) -> None:
    said(cli("payment-prepare", "2026-11", "--by", "anna"))
    assert "Skriv varför" in cli("payment", 11, "cancel", "--by", "anna").output
    assert "avbruten" in said(cli("payment", 11, "cancel", "--by", "anna", "--reason", "fel körning"))


def test_a_decision_goes_from_draft_to_changed_on_the_command_line(cli: Cli) -> None:
    vintergacken = "999901-0014"
    prepared = said(cli("decision-prepare", 6, "--by", "anna", "--huvudman", vintergacken))
    number = prepared.rstrip(".\n").rpartition(" ")[2]
    decide = ("decision-decide", number, "--body", "Nämnden", "--on", "2026-11-22", "--paragraph", "§ 230")
    assert "någon annan" in cli(*decide, "--by", "anna").output
    said(cli(*decide, "--by", "bo"))
    said(cli("decision-deliver", number, "--on", "2026-11-23", "--how", "brev"))
    assert "Ange --on" in cli("decision-appeal", number).output
    assert "är ingen dag" in cli("decision-appeal", number, "--on", "i går").output
    said(cli("decision-appeal", number, "--on", "2026-11-30"))
    assert (
        "ska vara en enhet och ett belopp" in cli("decision-appeal", number, "--outcome", "dom", "--new", "G13").output
    )
    assert "ändrat" in said(cli("decision-appeal", number, "--outcome", "Dom 1-26", "--new", "G13=1,00"))
    for suffix in ("pdf", "xlsx", "json"):
        said(cli("decision-document", number, "--format", suffix, "--out", f"b.{suffix}"))
    assert Path("b.pdf").read_bytes().startswith(b"%PDF-")
    states = {
        row["huvudman"]: row["decision"] and row["decision"]["state"] for row in cli.json("decisions", "--run", 6)
    }
    assert states[vintergacken] == "changed"
    assert "Inte framtaget" in said(cli("decisions", "--run", 6))
    assert "inga, alla finns redan" in said(cli("decision-prepare", 5, "--by", "anna"))


def test_a_kit_is_written_for_the_units_named(cli: Cli) -> None:
    said(cli("recompute-kit", 6, "G13", "G14", "--out", "kit.zip"))
    assert Path("kit.zip").read_bytes().startswith(b"PK")
