"""The parts of the page Revision: the check of the chain, what to choose by, the links, one unfolded, the files."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.usecases.auditing import MOST, NEWEST, ROWS, AuditWanted, audit_file_links, verify_chain
from core.usecases.reasons import reason_of_link
from pages.components import audit_words, downloads, frame, messages, tables, text
from pages.components.ask import attempt
from pages.components.tables import Cell, Column, Row, Table, words
from pages.components.text import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.usecases.auditing import AuditLink, AuditView, ChainReport
    from core.usecases.reasons import Reason
    from pages.components.reader import Reader

_ACTION, _ACTOR, _FIRST, _LAST, _PAGE = "audit_action", "audit_actor", "audit_from", "audit_to", "audit_page"
_LINK: Final = "audit_link"
_OLDEST: Final = date(2000, 1, 1)
_FORMATS: Final = (("xlsx", downloads.XLSX, downloads.xlsx_bytes), ("csv", downloads.CSV, downloads.csv_bytes))


def asked() -> tuple[AuditWanted, int]:
    """Return which links the widgets ask for, before they are drawn: what they choose among comes with the answer."""
    kept = st.session_state
    wanted = AuditWanted(
        action=kept.get(_ACTION), actor=kept.get(_ACTOR), first_day=kept.get(_FIRST), last_day=kept.get(_LAST)
    )
    return wanted, kept.get(_PAGE) or 1


def finding(reader: Reader, view: AuditView) -> None:
    """Say whether the chain holds: its newest links since the visit began, the whole of it when the reader asks."""
    key = f"audit_checked_{reader.viewer.subject}_{reader.kommun}"
    kept: ChainReport | None = st.session_state.get(key)
    if kept is None:
        kept = st.session_state[key] = attempt(verify_chain, reader, newest=NEWEST)
    if kept is not None and not kept.ok:
        _broken(kept)
    elif kept is not None and kept.checked < kept.links:
        part = _("De {n} senaste händelserna hänger ihop. I hela kedjan finns {links}.")
        frame.lead(part.format(n=text.number(kept.checked), links=_links_and_latest(view)))
    elif kept is not None:
        frame.lead(_("Kedjan håller: {links}.").format(links=_links_and_latest(view)))
    if st.button(_("Kontrollera hela kedjan"), key="audit_check", icon=":material/link:"):
        _check(reader, key)


def filters(view: AuditView) -> None:
    """Show what to choose links by: what was done, by whom, and when. Never whom it is about."""
    with st.container(horizontal=True, key="audit_filters"):
        st.selectbox(
            _("Vad"), view.actions, index=None, format_func=audit_words.action, key=_ACTION, on_change=_from_the_top,
            placeholder=_("Allt"), width=190,
        )  # fmt: skip
        names = dict(view.actors)
        st.selectbox(
            _("Vem"), list(names), index=None, format_func=names.__getitem__, key=_ACTOR,
            on_change=_from_the_top, placeholder=_("Alla"), width=190,
        )  # fmt: skip
        for label, key in ((_("Från och med"), _FIRST), (_("Till och med"), _LAST)):
            st.date_input(
                label, value=None, min_value=_OLDEST, key=key, on_change=_from_the_top, width=190, format="YYYY-MM-DD"
            )


def links(view: AuditView) -> None:
    """Show the links of the page asked for, the newest first, and the pages."""
    pages = -(-view.found // ROWS)
    if not view.rows:
        st.info(_("Ingen händelse passar urvalet. Välj andra dagar, eller töm Vad och Vem."))
        return
    found = ngettext("{n} händelse", "{n} händelser", view.found).format(n=text.number(view.found))
    if pages > 1:
        st.pagination(pages, key=_PAGE)
    tables.show(table(view.rows, _("{found} i urvalet, den senaste först").format(found=found)), files=False)


def one(reader: Reader, view: AuditView) -> None:
    """Show what one link says, when the reader asks for it."""
    if not view.rows:
        return
    frame.subheader(_("En händelse i sin helhet"))
    by_number = {link.seq: link for link in view.rows}
    labels = {link.seq: f"{link.seq} · {audit_words.action(link.action)}" for link in view.rows}
    if st.session_state.get(_LINK) not in by_number:  # it stood on another page
        st.session_state[_LINK] = None
    chosen = st.selectbox(
        _("Händelse"), list(by_number), index=None, key=_LINK, placeholder=_("Välj en händelse"),
        format_func=labels.__getitem__,
    )  # fmt: skip
    if chosen is None:
        return
    link = by_number[chosen]
    tables.show(_unfolded(link), files=False)
    _reason(attempt(reason_of_link, reader, link.seq))
    if link.payload is None:
        st.info(
            _("Uppgifterna är gallrade. Att det gjordes, när och av vem står kvar, och kedjan går att kontrollera.")
        )


def _reason(found: Reason | None) -> None:
    """Show the words that the log holds the checksum of, or why they are not shown."""
    if found is None:
        return
    if found.closed is not None:
        said = _("Skälet står inte i loggen, bara dess kontrollsumma, och det visas inte för dig: {why}")
        frame.note(said.format(why=text.told(found.closed) or found.closed))
    elif found.words is None:
        st.info(_("Skälet är gallrat. I loggen står dess kontrollsumma kvar."))
    elif found.fits is False:
        st.error(
            _("Skälet har ändrats sedan det skrevs: det stämmer inte med loggens kontrollsumma. Nu står det: {reason}")
            .format(reason=found.words)
        )  # fmt: skip
    else:
        said = _("Skäl: {reason}").format(reason=found.words)
        frame.note(said)
        if found.fits is None:
            st.info(_("Kontrollsumman i loggen gjordes med en annan nyckel och går inte att pröva mot skälet."))


def files(reader: Reader, wanted: AuditWanted, view: AuditView) -> None:
    """Offer every link asked for as files, made when the reader clicks; that they were taken stands in the log."""
    if not view.rows:
        return

    def whole() -> Table:
        return table(audit_file_links(reader.app, reader.viewer, wanted), _("Händelseloggen"), with_payload=True)

    with st.container(horizontal=True, key="files_audit"):
        for suffix, mime, make in _FORMATS:
            downloads.button(
                _("Ladda ner som {format}").format(format=suffix.upper()),
                lambda make=make: make(whole()),  # type: ignore[misc]  # bound now, called later
                f"handelselogg.{suffix}",
                mime,
                key=f"{suffix}_audit",
            )
    if view.found > MOST:
        note = _("Filen tar de {most} senaste. Välj en kortare tid för att få med äldre.")
        frame.note(note.format(most=text.number(MOST)))


def table(rows: Iterable[AuditLink], caption: str, *, with_payload: bool = False) -> Table:
    """Return links as a table; files carry what the links say too, and their hashes."""
    columns = [Column(_("Händelse")), Column(_("När")), Column(_("Vem")), Column(_("Vad")), Column(_("Om"))]
    if with_payload:
        columns += [Column(_("Handling")), Column(_("Uppgifter")), Column(_("Kontrollsumma"))]
    return Table("handelselogg", caption, tuple(columns), tuple(_row(link, with_payload=with_payload) for link in rows))


def _row(link: AuditLink, *, with_payload: bool) -> Row:
    cells = [
        Cell(str(link.seq), link.seq),
        words(text.moment(link.at)),
        words(link.actor_name, swedish=True),
        words(audit_words.action(link.action)),
        words(audit_words.about(link.about)),
    ]
    if with_payload:
        said = _("Gallrade") if link.payload is None else link.payload
        cells += [words(link.action), words(said), words(link.hash)]
    return Row(tuple(cells))


def _unfolded(link: AuditLink) -> Table:
    facts: dict[str, object] = json.loads(link.payload) if link.payload else {}
    rows = [
        (_("När"), text.moment(link.at)),
        (_("Vem"), link.actor_name),
        (_("Konto"), link.actor),
        (_("Vad"), audit_words.action(link.action)),
        (_("Om"), audit_words.about(link.about)),
        *((audit_words.fact(link.action, name), _as_written(said)) for name, said in facts.items()),
        (_("Kontrollsumma"), link.hash),
    ]
    caption = _("Händelse {number}, uppgifterna som de skrevs").format(number=link.seq)
    columns = (Column(_("Uppgift")), Column(_("Värde")))
    shown = tuple(Row((words(name), words(said))) for name, said in rows)
    return Table(f"handelse_{link.seq}", caption, columns, shown, pairs=True)


def _as_written(said: object) -> str:
    return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)


def _links_and_latest(view: AuditView) -> str:
    said = ngettext("{n} händelse", "{n} händelser", view.links).format(n=text.number(view.links))
    if view.latest_at is None:
        return said
    return _("{events}, den senaste {when}").format(events=said, when=text.moment(view.latest_at))


def _broken(report: ChainReport) -> None:
    said = _(
        "Händelse {number} har ändrats eller fattas. Det som står från och med den går inte att lita på: jämför med en "
        "säkerhetskopia och utred vem som har skrivit direkt i databasen."
    )
    st.error(said.format(number=report.first_broken), title=_("Kedjan är bruten"), icon=":material/link_off:")


def _check(reader: Reader, key: str) -> None:
    """Check every link, with progress; the answer stands for the rest of the visit."""
    bar = st.progress(0.0, text=_("Kontrollerar kedjan"))

    def tell(done: int, of: int) -> None:
        bar.progress(min(1.0, done / max(of, 1)))

    report = attempt(verify_chain, reader, progress=tell)
    if report is None:
        return
    st.session_state[key] = report
    if not report.ok:
        st.rerun()
    checked = ngettext("{n} händelse", "{n} händelser", report.checked).format(n=text.number(report.checked))
    messages.done(_("Hela kedjan är kontrollerad: {events} hänger ihop.").format(events=checked))


def _from_the_top() -> None:
    """Begin at the first page when something else is asked for (a widget's callback)."""
    st.session_state[_PAGE] = 1
