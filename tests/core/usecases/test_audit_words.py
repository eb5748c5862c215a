from __future__ import annotations

from core.usecases.audit_words import ACTION_LABELS, FACT_LABELS, label_of
from tests.core.usecases.audited_facts import audited_facts


def test_every_fact_that_the_program_writes_has_words_and_no_words_are_left_over() -> None:
    written = audited_facts()
    assert {"sha256", "run", "purpose", "valid_to", "os_user", "appeal_until", "withdrawn"} <= set(written)
    assert {name: files for name, files in written.items() if name not in FACT_LABELS} == {}
    assert {name.rpartition(".")[2] for name in FACT_LABELS} - set(written) == set()


def test_a_word_for_one_action_alone_names_an_action_that_is_written() -> None:
    own = {name.rpartition(".")[0] for name in FACT_LABELS if "." in name}
    assert own <= ACTION_LABELS.keys()
    assert label_of("keys.rotate", "key") == "Nyckelns fingeravtryck"
    assert label_of("flag.raise", "key") == "Beloppets adress"


def test_a_fact_without_words_has_no_label() -> None:
    assert label_of("run.create", "något.nytt") is None


def test_no_two_facts_are_called_the_same() -> None:
    assert len(set(FACT_LABELS.values())) == len(FACT_LABELS)
