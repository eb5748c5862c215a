"""What a model may say but somebody should think about is told when it is read in, and forbids nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.base import year_range
from core.usecases import imports
from tests.support.small_kommun import CONTROLLER, KOMMUN, YEAR, model_text

if TYPE_CHECKING:
    from tests.support.small_kommun import Lillby


def test_a_fee_before_tax_is_a_warning_on_its_line_and_the_model_can_be_accepted(undecided_lillby: Lillby) -> None:
    text = model_text()
    fee = next(line for line in text.splitlines(keepends=True) if "step: avgift," in line)
    tax = next(line for line in text.splitlines(keepends=True) if "step: moms," in line)
    assert "of: [undervisning, lokal, adm]" in tax
    after = tax.replace("of: [undervisning, lokal, adm]", "of: [undervisning, lokal, adm, avgift]")
    text = text.replace(fee, "").replace(tax, fee + after)
    received = undecided_lillby.receive(imports.MODEL, text, year_range(YEAR))
    (warning,) = received.issues
    assert (warning.severity, warning.row) == ("warning", text.splitlines().index(after.rstrip()) + 1)
    assert "SKR:s råd är att dra avgiften sist" in warning.message
    assert received.batch is not None
    assert imports.accept(undecided_lillby.app, CONTROLLER, KOMMUN, received.batch.number).state == "accepted"
