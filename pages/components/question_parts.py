"""The parts of the page Frågor om underlaget: the list, one question with its answer and effect, and its next step."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.usecases.flags import answer_flag, close_flag, link_batch, withdraw_flag
from pages.components import frame, messages, navigation, picker, tables, text
from pages.components.ask import attempt
from pages.components.tables import Column, Row, Table, words
from pages.components.text import _, ngettext

if TYPE_CHECKING:
    from core.usecases.flag_views import FlagsView, FlagView
    from pages.components.reader import Reader

CHOSEN: Final = "fraga"  # the chosen question, in the address
_LONGEST: Final = 1000  # characters


def finding(view: FlagsView) -> str:
    """Return how many questions there are, and how many wait for an answer."""
    if not view.flags:
        return _("Ingen har sagt till om någon uppgift än.")
    asked = ngettext("{n} fråga är ställd", "{n} frågor är ställda", len(view.flags)).format(n=len(view.flags))
    if not view.open:
        return ngettext("{asked}, och den har fått svar.", "{asked}, och alla har fått svar.", len(view.flags)).format(
            asked=asked
        )
    waiting = ngettext("{n} väntar på svar", "{n} väntar på svar", view.open).format(n=view.open)
    return _("{asked}, och {waiting}.").format(asked=asked, waiting=waiting)


def state(code: str) -> str:
    """Return what a reader calls how far a question has come."""
    return {
        "open": _("Väntar på svar"),
        "accepted": _("Ska rättas"),
        "rejected": _("Avvisad"),
        "corrected": _("Rättad"),
        "withdrawn": _("Återtagen"),
    }[code]


def table(view: FlagsView) -> None:
    """Show every question, the newest first."""
    columns = (
        Column(_("Fråga")),
        Column(_("Enhet")),
        Column(_("Läge")),
        Column(_("Ställd")),
        Column(_("Effekt"), figure=True),
    )
    rows = tuple(
        Row(
            (
                words(f"{one.number} · {_(one.what)}", swedish=True),
                words(one.unit_name, swedish=True),
                words(state(one.state)),
                words(f"{text.moment(one.made_at)}, {one.made_by_name}"),
                tables.change(one.effect_ore),
            )
        )
        for one in view.flags
    )
    tables.show(Table("fragor", _("Frågor om underlaget, den senaste först"), columns, rows))


def one(reader: Reader, view: FlagsView) -> None:
    """Show the chosen question, and the step that the reader may take with it."""
    by_id = {str(one.number): one for one in view.flags}
    names = {key: _name(one) for key, one in by_id.items()}
    picker.setting(CHOSEN, list(by_id), next(iter(by_id)))
    chosen = picker.select(_("Visa en fråga"), CHOSEN, list(by_id), names.__getitem__)
    flag = by_id[chosen or next(iter(by_id))]
    frame.header(text.plain(_name(flag)))
    messages.said()
    _told(flag)
    _step(reader, view, flag)


def _name(flag: FlagView) -> str:
    return _("Fråga {number}: {what}, {unit}").format(number=flag.number, what=_(flag.what), unit=flag.unit_name)


def _told(flag: FlagView) -> None:
    """Show the question, the figure it is about, the answer, the delivery that corrects and what it came to."""
    when = f" · {text.month(flag.month)}" if flag.month else ""
    run = _("{kind} {year}, körning {number}").format(kind=text.word(flag.run_kind), year=flag.year, number=flag.run)
    amount = text.kr(flag.old_ore, exact=True) if flag.old_ore is not None else _("visas inte")
    st.html(
        f'<p class="sk-status"><b>{html.escape(state(flag.state))}</b> · {html.escape(run)}{html.escape(when)} · '
        f"{html.escape(_('beloppet då: {sum}').format(sum=amount))}</p>"
    )
    _quote(
        _("{who} skrev {when}:").format(who=flag.made_by_name, when=text.moment(flag.made_at)),
        flag.said or _("Texten är gallrad."),
    )
    if flag.answer and flag.answered_at:
        said = _("{who} svarade {when}:").format(who=flag.answered_by, when=text.moment(flag.answered_at))
        _quote(said, flag.answer)
    query = {"enhet": flag.enhet, "ar": str(flag.year), "visa": flag.run_kind, "rad": flag.key}
    with st.container(horizontal=True, key="question_links"):
        navigation.link(navigation.ALLOCATION, _("Så räknades beloppet fram"), query, ":material/account_tree:")
        if flag.batch and flag.may_answer:
            to = {"inlasning": str(flag.batch)}
            label = _("Rättas av inläsning {number}").format(number=flag.batch)
            navigation.link(navigation.BASIS, label, to, ":material/upload_file:")
    if flag.batch and not flag.may_answer:
        said = _("Rättas av inläsning {number}.").format(number=flag.batch)
        frame.note(said)
    _effect(flag)


def _quote(who: str, said: str) -> None:
    st.html(f'<p class="sk-note">{html.escape(who)}</p><p class="sk-status">{text.foreign(said)}</p>')


def _effect(flag: FlagView) -> None:
    if flag.state != "corrected":
        return
    if flag.effect_ore is None:
        st.info(_("Rättelsen är gjord. Vad den ändrade visas inte här: det bygger på individuellt stöd."))
        return
    effect = _("I körning {number} är beloppet ändrat med {sum}.").format(
        number=flag.new_run, sum=text.signed_kr(flag.effect_ore, exact=True)
    )
    if flag.new_months and flag.new_through_month:
        more = _("Den räknar också månaderna efter {month}, så ändringen är inte bara rättelsen.")
        effect += " " + more.format(month=text.month(flag.through_month))
    st.success(effect, icon=":material/check_circle:", title=_("Rättelsens effekt"))


def _step(reader: Reader, view: FlagsView, flag: FlagView) -> None:
    if flag.may_answer and flag.state == "open":
        _answer(reader, flag)
    elif flag.may_answer and flag.state == "accepted":
        _correct(reader, view, flag)
    if flag.may_withdraw and st.button(_("Ta tillbaka frågan"), key=f"withdraw_{flag.number}"):
        _withdraw(reader, flag)


def _withdraw(reader: Reader, flag: FlagView) -> None:
    if attempt(withdraw_flag, reader, flag.number) is not None:
        messages.done(_("Fråga {number} är återtagen.").format(number=flag.number))


def _answer(reader: Reader, flag: FlagView) -> None:
    with st.form(f"answer_flag_{flag.number}", enter_to_submit=False):
        said = st.text_area(
            _("Svar: vad som ska göras, eller varför uppgiften är rätt"),
            max_chars=_LONGEST,
            placeholder=_("Till exempel: eleven saknades i registret; en rättad fil läses in."),
            key=f"answer_text_{flag.number}",
        )
        with st.container(horizontal=True):
            accepts = st.form_submit_button(_("Det ska rättas"), type="primary", key=f"accept_flag_{flag.number}")
            rejects = st.form_submit_button(_("Uppgiften är rätt"), key=f"reject_flag_{flag.number}")
    if not (accepts or rejects):
        return
    if attempt(answer_flag, reader, flag.number, said, accepted=accepts) is not None:
        messages.done(_("Fråga {number} är besvarad.").format(number=flag.number))


def _correct(reader: Reader, view: FlagsView, flag: FlagView) -> None:
    """Name the delivery that corrects, then show its effect once a decided run rests on it."""
    with st.form(f"correct_flag_{flag.number}", enter_to_submit=False):
        names = {number: f"{number} · {file}" for number, file in view.batches}
        numbers = list(names)
        index = numbers.index(flag.batch) if flag.batch in names else None
        batch = st.selectbox(
            _("Inläsningen som rättar"),
            numbers,
            index=index,
            format_func=names.__getitem__,
            placeholder=_("Välj en godkänd inläsning"),
            key=f"flag_batch_{flag.number}",
        )
        with st.container(horizontal=True):
            links = st.form_submit_button(_("Ange inläsningen"), key=f"link_flag_{flag.number}")
            closes = st.form_submit_button(_("Visa effekten"), type="primary", key=f"close_flag_{flag.number}")
    if links and batch is not None and attempt(link_batch, reader, flag.number, batch) is not None:
        messages.done(_("Fråga {number} rättas av inläsning {batch}.").format(number=flag.number, batch=batch))
    if closes and attempt(close_flag, reader, flag.number) is not None:
        messages.done(_("Fråga {number} är rättad.").format(number=flag.number))
