from __future__ import annotations

from datetime import date

import pytest

from core.parameters.strict import ParametersFaultyError
from core.parameters.thresholds import ThresholdUndatedError, load_thresholds, read_thresholds

TEXT = """
individual_support:
  - {valid_from: 2024-01-01, fewest: 5, reference: {kind: guideline, title: förval}}
  - {valid_from: 2026-01-01, fewest: 10, reference: {kind: decision, title: nämnden}}
"""


def test_the_threshold_that_comes_with_the_program_is_five() -> None:
    assert load_thresholds().individual_support_on(date(2026, 1, 1)).fewest == 5


@pytest.mark.parametrize(("day", "fewest"), [(date(2024, 1, 1), 5), (date(2025, 12, 31), 5), (date(2026, 1, 1), 10)])
def test_a_new_value_counts_from_its_day(day: date, fewest: int) -> None:
    assert read_thresholds(TEXT, "trosklar.yaml").individual_support_on(day).fewest == fewest


def test_before_the_first_value_there_is_no_answer() -> None:
    with pytest.raises(ThresholdUndatedError, match=r"trosklar\.yaml"):
        read_thresholds(TEXT, "trosklar.yaml").individual_support_on(date(2023, 12, 31))


@pytest.mark.parametrize("text", ["individual_support: 5", TEXT.replace("fewest: 5", "fewest: 1"), TEXT + "other: 1"])
def test_a_threshold_that_would_protect_nobody_is_refused(text: str) -> None:
    with pytest.raises(ParametersFaultyError):
        read_thresholds(text, "trosklar.yaml")
