"""What a reader calls what the audit chain tells of: every action that the program writes, in words."""

from __future__ import annotations

ACTION_LABELS: dict[str, str] = {
    "access.account": "Lade upp ett konto",
    "access.close": "Stängde ett konto",
    "access.end": "Tog tillbaka en roll",
    "access.grant": "Gav en roll",
    "access.invite": "Bjöd in en person",
    "access.jav": "Anmälde jäv",
    "access.open": "Öppnade ett konto igen",
    "access.redeem": "Använde en inbjudan",
    "access.withdraw": "Tog tillbaka en inbjudan",
    "audit.download": "Hämtade händelseloggen",
    "audit.view": "Läste händelseloggen",
    "batch.accepted": "Godkände en inläsning",
    "batch.import": "Läste in en fil",
    "batch.rejected": "Avvisade en inläsning",
    "batch.reverted": "Tog en inläsning ur bruk",
    "decision.decide": "Förde in ett beslut om bidrag",
    "decision.deliver": "Förde in delgivning eller överklagande",
    "decision.prepare": "Tog fram ett beslut om bidrag",
    "flag.answer": "Svarade på en fråga om underlaget",
    "flag.correct": "Visade effekten av en rättelse",
    "flag.link": "Angav vilken inläsning som rättar",
    "flag.raise": "Sade till om en uppgift",
    "flag.withdraw": "Tog tillbaka en fråga om underlaget",
    "keys.renew": "Tog en ny nyckel i bruk",
    "keys.rotate": "Skrev om fritext med ny nyckel",
    "kommun.add": "Lade upp kommunen",
    "local.close": "Stängde ett lokalt konto",
    "local.failed": "Misslyckades att logga in med lokalt konto",
    "local.open": "Öppnade ett lokalt konto",
    "login.begin": "Loggade in",
    "login.end": "Loggade ut",
    "login.refused": "Nekades inloggning",
    "payment.approve": "Godkände en utbetalning",
    "payment.prepare": "Tog fram, avbröt eller bokförde en utbetalning eller ett återkrav",
    "recovery.decide": "Beslutade eller avslutade ett återkrav",
    "register_rows.view": "Läste registerrader",
    "retention.carry_out": "Gallrade uppgifter",
    "run.create": "Räknade en körning",
    "run.decide": "Ändrade en körnings status",
    "scenario.archive": "Lade undan ett försök",
    "scenario.save": "Sparade ett försök",
}


def in_words(action: str) -> str:
    """Return what was done in words; an action that no label is written for stands as it is."""
    return ACTION_LABELS.get(action, action)
