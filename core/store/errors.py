"""What can go wrong in the store that a person can mend."""

from __future__ import annotations

from core.base import CoreError, Sentence


class RowRefusedError(CoreError):
    """A constraint of the database refused a row; ``constraint`` is the engine's own words for which."""

    def __init__(self, constraint: str) -> None:
        self.constraint = constraint
        super().__init__(
            Sentence(
                "Databasen tog inte emot uppgifterna ({constraint}). Inget har sparats. Rätta uppgiften och försök "
                "igen.",
                constraint=constraint,
            )
        )


class ValueUnfitError(CoreError):
    """A number is larger, or a text holds a sign, than any column takes: typed into an address, or a damaged file."""

    def __init__(self) -> None:
        super().__init__(
            Sentence(
                "Ett tal är för stort eller en text innehåller ett tecken som inte går att läsa. Kontrollera adressen "
                "eller det du skrev."
            )
        )


class DatabaseBusyError(CoreError):
    """Another writer held the database for longer than we wait."""

    def __init__(self) -> None:
        super().__init__(
            Sentence("Databasen är upptagen av en annan skrivning. Vänta tills den är klar och försök igen.")
        )


class DatabaseUnreachableError(CoreError):
    """The database cannot be opened; ``said`` is the driver's own words."""

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__(
            Sentence(
                "Databasen går inte att nå ({said}). Kontrollera SKOLKRONAN_DATABASE_URL och att servern är igång.",
                said=said,
            )
        )


class DatabaseAddressError(CoreError):
    """The database's address cannot be understood; it is not repeated, for it may hold a password."""

    def __init__(self) -> None:
        super().__init__(
            Sentence(
                "Databasens adress i SKOLKRONAN_DATABASE_URL går inte att använda. Skriv sqlite:///mapp/fil.db eller "
                "postgresql://användare@värd/databas."
            )
        )


class DatabaseReadOnlyError(CoreError):
    """The database may be read but not written; ``said`` is the driver's own words."""

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__(
            Sentence(
                "Databasen går inte att skriva i ({said}). Ingenting har sparats. Ge den som kör programmet skrivrätt "
                "till databasfilen och mappen den ligger i.",
                said=said,
            )
        )


class DatabaseFullError(CoreError):
    """There is no room for what was to be written."""

    def __init__(self) -> None:
        super().__init__(
            Sentence("Disken där databasen ligger är full. Ingenting har sparats. Frigör plats och försök igen.")
        )


class DatabaseDamagedError(CoreError):
    """The file is no database, or a damaged one; ``said`` is the driver's own words."""

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__(
            Sentence(
                "Databasfilen är skadad eller inte en databas ({said}). Kontrollera SKOLKRONAN_DATABASE_URL, eller "
                "lägg tillbaka filen från säkerhetskopian.",
                said=said,
            )
        )


class KommunExistsError(CoreError):
    """A kommun is there already."""

    def __init__(self, kommun: str) -> None:
        self.kommun = kommun
        super().__init__(Sentence("Kommunen {kommun} finns redan i databasen. Ingenting ändrades.", kommun=kommun))


class KommunUnknownError(CoreError):
    """A kommun is not set up in this database."""

    def __init__(self, kommun: str) -> None:
        self.kommun = kommun
        super().__init__(
            Sentence(
                "Kommunen {kommun} finns inte i databasen. Lägg upp den innan något läses in för den.", kommun=kommun
            )
        )


class BatchUnknownError(CoreError):
    """A batch is not there."""

    def __init__(self, kommun: str, number: int) -> None:
        self.kommun, self.number = kommun, number
        super().__init__(
            Sentence(
                "Leverans {number} finns inte för kommun {kommun}. Se listan över leveranser i Underlag.",
                number=number,
                kommun=kommun,
            )
        )


class BatchStateError(CoreError):
    """A batch is in a state from which the change asked for cannot be made."""

    def __init__(self, number: int, state: str, wanted: str) -> None:
        self.number, self.state, self.wanted = number, state, wanted
        super().__init__(
            Sentence(
                "Leverans {number} har läget ”{state}” och kan därför inte bli ”{wanted}”.",
                number=number,
                state=state,
                wanted=wanted,
            )
        )


class BatchUnfinishedError(CoreError):
    """A batch was never written to its end and cannot be accepted."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(Sentence("Leverans {number} blev aldrig färdigläst. Läs in filen igen.", number=number))


class RunUnknownError(CoreError):
    """A run is not there."""

    def __init__(self, kommun: str, number: int) -> None:
        self.kommun, self.number = kommun, number
        super().__init__(
            Sentence(
                "Körning {number} finns inte för kommun {kommun}. Se listan över körningar i Underlag.",
                number=number,
                kommun=kommun,
            )
        )


class RunStateError(CoreError):
    """A run is in a state from which the change asked for cannot be made."""

    def __init__(self, number: int, state: str, wanted: str) -> None:
        self.number, self.state, self.wanted = number, state, wanted
        super().__init__(
            Sentence(
                "Körning {number} har läget ”{state}” och kan därför inte bli ”{wanted}”.",
                number=number,
                state=state,
                wanted=wanted,
            )
        )


class ModelUnknownError(CoreError):
    """A kommun has no such funding model for the year."""

    def __init__(self, kommun: str, year: int, version: int | None = None) -> None:
        self.kommun, self.year, self.version = kommun, year, version
        which = (
            Sentence("beslutad resursfördelningsmodell")
            if version is None
            else Sentence("modellversion {version}", version=version)
        )
        super().__init__(
            Sentence(
                "Kommun {kommun} har ingen {which} för {year}. Läs in och godkänn modellen först.",
                kommun=kommun,
                which=which,
                year=year,
            )
        )
