"""The group of commands and its order: database, deliveries, runs, amounts."""

from __future__ import annotations

import click

from core.cli import (
    amounts,
    audit,
    backup,
    break_glass,
    change,
    claims,
    database,
    decisions,
    deliveries,
    elever,
    equal,
    grants,
    keys,
    payments,
    people,
    questions,
    reconcile,
    retention,
    runs,
    what_if,
)
from core.cli.session import Session
from core.cli.swedish import Group

COMMANDS = (
    database.migrate,
    database.demo,
    database.kommun,
    backup.backup,
    backup.restore,
    people.access,
    people.access_invite,
    people.access_grant,
    people.access_end,
    people.access_close,
    break_glass.break_glass,
    deliveries.template,
    deliveries.import_,
    deliveries.batches,
    decisions.answer,
    runs.allocate,
    runs.runs,
    decisions.decide,
    runs.verify_run,
    audit.audit,
    audit.verify_audit,
    keys.keys,
    retention.retention,
    elever.register_rows,
    grants.decisions,
    grants.decision_prepare,
    grants.decision_decide,
    grants.decision_deliver,
    grants.decision_appeal,
    grants.decision_document,
    payments.payments,
    payments.payment_prepare,
    payments.payment,
    payments.payment_file,
    questions.flags,
    questions.answer_flag,
    amounts.explain,
    amounts.statement,
    change.change,
    amounts.given,
    grants.recompute_kit,
    amounts.evaluate,
    equal.equal,
    what_if.what_if,
    what_if.scenarios,
    what_if.scenario_save,
    what_if.scenario_compare,
    reconcile.reconcile,
    claims.claims,
)


@click.group(cls=Group, context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 110})
@click.pass_context
def main(ctx: click.Context) -> None:
    """Skolkronan: varje krona förklarad.

    Databasen anges med SKOLKRONAN_DATABASE_URL (förval: data/skolkronan.db). Felkoder: 0 gick bra, 1 gick inte
    att göra, 2 fel skrivet kommando, 3 gjort men filen eller körningen har fel.
    """
    ctx.obj = Session()


for command in COMMANDS:
    main.add_command(command)
