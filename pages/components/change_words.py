"""What is said of a change: its finding in one sentence, and what each bar is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pages.components import sentences, text
from pages.components.text import _

if TYPE_CHECKING:
    from core.usecases.change_views import ChangePart, ChangeView
    from core.usecases.views import RunInfo

MONTHS: Final = "months"


def run_name(run: RunInfo) -> str:
    """Return what one of the two runs is called beside the other: "Utfall januari–oktober 2026"."""
    return f"{text.word(run.kind)} {sentences.period(run)}"


def finding(view: ChangeView) -> str:
    """Return the whole change in one true sentence, what of it the number of months is, and what means most."""
    who = view.unit.name if view.unit else _("Enheterna i {kommun}").format(kommun=view.kommun_name)
    facts = {
        "who": who,
        "before": text.kr(view.from_ore),
        "first": run_name(view.run_from).lower(),
        "after": text.kr(view.to_ore),
        "last": run_name(view.run_to).lower(),
        "change": text.signed_kr(view.difference_ore),
    }
    if view.difference_ore == 0:
        opening = _("{who} får {after} enligt {last}, lika mycket som enligt {first}.").format(**facts)
    else:
        opening = _("{who} får {after} enligt {last} mot {before} enligt {first}: {change}.").format(**facts)
    months = next((one for one in view.parts if one.part == MONTHS), None)
    apart = ""
    if months is not None:
        apart = _("Av det är {sum} månader som bara den ena körningen har räknat.").format(
            sum=text.signed_kr(months.shown_ore)
        )
    return " ".join(part for part in (opening, apart, sentences.main_reasons(view.largest())) if part)


def about(part: ChangePart, view: ChangeView) -> str:
    """Return what a bar is, in a sentence of its own."""
    return {
        MONTHS: _months,
        "units": _units,
        "volume": _volume,
    }.get(part.part, lambda _view: _plain(part.part))(view)


def _months(view: ChangeView) -> str:
    return _("{first} räknar {n} månader och {last} {m}: det här är vad de månader ger som bara den ena har.").format(
        first=run_name(view.run_from),
        n=view.run_from.through_month,
        last=run_name(view.run_to),
        m=view.run_to.through_month,
    )


def _units(view: ChangeView) -> str:
    said = [
        _(
            "Enheter som finns, eller har elever, bara i den ena körningen, med hela sitt belopp, och vad det ändrade "
            "för andra i gemensamma potter."
        )
    ]
    if view.opened:
        said.append(_("Nya: {names}.").format(names=text.joined(view.opened)))
    if view.closed:
        said.append(_("Borta: {names}.").format(names=text.joined(view.closed)))
    return " ".join(said)


def _volume(view: ChangeView) -> str:
    said = _("Fler eller färre elever i varje verksamhet, med samma fördelning på årskurser och kategorier.")
    if view.elever_from is None or view.elever_to is None:
        return said
    counts = {"before": text.elever(view.elever_from), "after": text.elever(view.elever_to)}
    return f"{said} {_('I medeltal {before} förut och {after} nu.').format(**counts)}"


def _plain(part: str) -> str:
    return {
        "correction": _("Antal i månader som redan var räknade, och som en senare inläsning har ändrat."),
        "mix": _("Samma antal elever i andra årskurser, åldrar, timmar eller program, eller med andra tillägg."),
        "price": _("Priserna per elev och när på året de gäller: uppräkning, nya prislistor, påslag."),
        "index": _("Index och andra uppgifter om enheterna. I en pott påverkar också andras index vad var och en får."),
        "rule": _("Potternas storlek, enhetsbelopp, satser och vikter, och steg som är nya eller borttagna."),
        "guarantee": _("Garantier och deras utgångslägen."),
        "decided": _("Belopp som beslutas för sig, och det som räknas på dem."),
        "pooled": _(
            "Allt som har ändrat potter som delas efter ett index som inte får visas; delarna var för sig skulle "
            "visa indexet."
        ),
    }[part]
