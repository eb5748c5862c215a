"""The commands on the audit chain: whether it holds, and what it tells, with the look itself in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.core.test_cli import change, demo, folder  # noqa: F401  # fixtures

if TYPE_CHECKING:
    from tests.core.test_cli import Cli
    from tests.support.databases import Database


def test_audit_verify_tells_whether_the_chain_holds(demo: Cli, sqlite_demo: Database) -> None:  # noqa: F811
    whole = demo("audit", "verify")
    assert whole.exit_code == 0
    assert whole.output.startswith("Kedjan är hel: ")
    change(sqlite_demo, "UPDATE audit_entry SET action = 'batch.reverted' WHERE seq = 3")
    broken = demo("audit", "verify")
    assert (broken.exit_code, broken.output) == (3, "Kedjan är bruten vid händelse 3.\n")
    report = json.loads(demo("audit", "verify", "--json").output)
    assert (report["ok"], report["first_broken"]) == (False, 3)


def test_a_mark_kept_from_one_check_shows_in_the_next_that_the_end_is_cut_off(
    demo: Cli,  # noqa: F811
    sqlite_demo: Database,
) -> None:
    mark = demo.json("audit", "verify")["mark"]
    first = demo("audit", "verify")
    assert f"Märke att spara utanför databasen: {mark}\n" in first.output
    again = demo("audit", "verify", "--newest", mark)
    assert (again.exit_code, "Det sparade märket finns kvar." in again.output) == (0, True)
    last = int(mark.partition(":")[0])
    change(sqlite_demo, f"DELETE FROM audit_entry WHERE seq = {last}")
    assert demo("audit", "verify").exit_code == 0
    cut = demo("audit", "verify", "--newest", mark)
    said = f"Det sparade märkets händelse finns inte: kedjan slutar vid händelse {last - 1}.\n"
    assert (cut.exit_code, cut.output) == (3, said)
    other = demo("audit", "verify", "--newest", "1:" + "0" * 64)
    assert (other.exit_code, "har skrivits om" in other.output) == (3, True)
    faulty = demo("audit", "verify", "--newest", "märke")
    assert (faulty.exit_code, "Märket går inte att läsa." in faulty.output) == (1, True)


def test_with_several_kommuner_every_chain_is_checked_as_the_nightly_service_asks_for(
    demo: Cli,  # noqa: F811
    sqlite_demo: Database,
) -> None:
    assert demo("kommun", "9902", "Storby", "999900-9902").exit_code == 0
    whole = demo("audit", "verify")
    lines = whole.output.splitlines()
    assert whole.exit_code == 0, whole.output
    assert [line.partition(": ")[0] for line in lines] == ["Kommun 9901", "Kommun 9901", "Kommun 9902", "Kommun 9902"]
    report = demo.json("audit", "verify")
    assert (report["ok"], set(report["kommuner"])) == (True, {"9901", "9902"})
    mark = report["kommuner"]["9902"]["mark"]
    unsaid = demo("audit", "verify", "--newest", mark)
    assert (unsaid.exit_code, "Välj en med --kommun." in unsaid.output) == (1, True)
    assert demo("audit", "verify", "--kommun", "9902", "--newest", mark).exit_code == 0
    assert demo("audit", "verify", "--kommun", "9901", "--newest", mark).exit_code == 3
    change(sqlite_demo, "UPDATE audit_entry SET actor = 'x' WHERE kommun = '9901' AND seq = 2")
    broken = demo("audit", "verify")
    assert broken.exit_code == 3
    assert "Kommun 9901: Kedjan är bruten vid händelse 2." in broken.output
    assert "Kommun 9902: Kedjan är hel: 1 händelser." in broken.output


def test_the_older_name_does_the_same(demo: Cli) -> None:  # noqa: F811
    assert demo("verify-audit").output == demo("audit", "verify").output


def test_audit_list_says_in_words_what_was_done_newest_first(demo: Cli) -> None:  # noqa: F811
    first = demo("audit", "list")
    assert first.exit_code == 0, first.output
    assert "Läste händelseloggen" in first.stdout
    rows = demo.json("audit", "list")["rows"]
    assert [one["seq"] for one in rows] == sorted((one["seq"] for one in rows), reverse=True)
    assert rows[0]["action"] == "audit.view"  # reading it is in it
    assert rows[0]["actor_name"] == "Kommandoraden"


def test_audit_list_chooses_by_action_and_day(demo: Cli) -> None:  # noqa: F811
    runs = demo.json("audit", "list", "--action", "run.create")
    assert {one["action"] for one in runs["rows"]} == {"run.create"}
    assert 0 < runs["found"] < runs["links"]
    assert demo.json("audit", "list", "--to", "2000-01-01")["rows"] == []
    assert demo.json("audit", "list", "--actor", "nobody")["found"] == 0


def test_a_day_that_is_none_is_said_to_be_none(demo: Cli) -> None:  # noqa: F811
    result = demo("audit", "list", "--from", "i går")
    assert result.exit_code == 2
    assert "i går är ingen dag" in result.output
