"""docs/kommandon.md, written from the commands' own help: ``python -m core.cli.guide``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from core.cli.main import main
from core.settings import PROJECT_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

GUIDE = PROJECT_FOLDER / "docs" / "kommandon.md"
WIDTH = 110
_INTRODUCTION = """# Kommandon

Den här sidan skrivs av `python -m core.cli.guide` ur kommandonas egen hjälp; ändra texten i koden, inte här.

Kommandona frågar samma behörighet som sidorna. Den som kör dem har rollerna controller och förvaltningschef i
kommunen, och händelserna loggas som `kommandorad`. Fel går till standard error; det som ska sparas eller läsas av ett
program går till standard output.

"""


def commands(group: click.Group | None = None, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its name as it is written."""
    for name, command in (group or main).commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


def guide() -> str:
    """Return the whole page."""
    with click.Context(
        main, info_name="python -m core", terminal_width=WIDTH, help_option_names=["--help", "-h"]
    ) as root:
        parts = [_INTRODUCTION, f"```\n{main.get_help(root)}\n```\n"]
        for name, command in commands():
            with click.Context(command, info_name=name, parent=root, terminal_width=WIDTH) as context:
                parts.append(f"\n## {name}\n\n```\n{command.get_help(context)}\n```\n")
    return "".join(parts)


if __name__ == "__main__":
    GUIDE.write_text(guide(), encoding="utf-8")
