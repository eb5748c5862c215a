"""Read YAML strictly, keeping the line of every value.

Floats are refused (a figure is written in quotes and never passes through a float), so are
duplicate keys, unknown tags and alias bombs. Nothing in a file can run code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from core.base import CoreError, short

Plain: TypeAlias = "str | int | bool | date | list[Plain] | dict[str, Plain] | None"
Path = tuple[str | int, ...]
_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)\Z")
MAX_NODES = 200_000
MAX_BYTES = 4_000_000
MAX_DEPTH = 100
MAX_SLOW = 300_000
"""Characters that PyYAML's own reader is given to find better words for a fault; it takes a minute for a few MB."""
LONGEST_SHOWN = 60
LONGEST_WHOLE = 40  # digits; thousands of them would not even become a number
_WORDS = {
    "mapping values are not allowed": "ett kolon står fel. Rätta indraget, eller sätt citattecken om texten.",
    "could not find expected ':'": "det saknas ett kolon efter nyckeln på raden ovanför.",
    "expected <block end>": "indraget stämmer inte med raderna ovanför.",
    "mapping keys are not allowed": "indraget stämmer inte med raderna ovanför.",
    "sequence entries are not allowed": "ett streck står där det inte får stå. Rätta indraget.",
    "unexpected end of stream": "filen tar slut inne i en text. Avsluta den med ett citattecken.",
    "cannot start any token": "ett tecken får inte inleda ett värde. Sätt citattecken om texten.",
    "undefined alias": "ett alias (*) pekar på något som inte finns. Skriv ut värdet.",
    "duplicate anchor": "två ankare (&) har samma namn. Byt namn på det ena.",
    "expected ',' or": "en klammer är inte avslutad, eller så saknas ett kommatecken.",
    "node content": "ett värde saknas.",
    "document start": "det står mer än ett dokument i filen. Ta bort --- och det som följer.",
    "single document": "det står mer än ett dokument i filen. Ta bort --- och det som följer.",
    "unknown escape": "ett omvänt snedstreck står i en text inom dubbla citattecken. Byt till enkla citattecken.",
}
"""What a fault in the writing is, by words in what the reader of YAML says of it."""
_OTHERWISE = "skrivsättet går inte att tyda. Rätta indrag, kolon och citattecken på raden."
_TRUE, _FALSE, _ABSENT = {"true", "yes", "on"}, {"false", "no", "off"}, {"", "~", "null"}
_YAML = "tag:yaml.org,2002:"
_INT, _FLOAT = "tag:yaml.org,2002:int", "tag:yaml.org,2002:float"
_STR, _BOOL = "tag:yaml.org,2002:str", "tag:yaml.org,2002:bool"
_NULL, _DATE = "tag:yaml.org,2002:null", "tag:yaml.org,2002:timestamp"
_KNOWN = {_INT, _FLOAT, _STR, _BOOL, _NULL, _DATE} | {f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "value")}


class YamlFaultyError(CoreError):
    """A YAML file cannot be read as it stands; ``line`` counts from 1."""

    def __init__(self, file: str, line: int, what: str) -> None:
        self.file, self.line, self.what = file, line, what
        super().__init__(f"{file}, rad {line}: {what}")


@dataclass(frozen=True, slots=True)
class LinedYaml:
    """Plain data and the line where each path (``("prices", 3, "rate")``) stands."""

    file: str
    data: Plain
    lines: dict[Path, int]

    def line_of(self, path: Path) -> int:
        """Return the line of a path, or of its nearest known parent."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


@dataclass(slots=True)
class _Builder:
    file: str
    lines: dict[Path, int] = field(default_factory=dict)
    nodes: int = 0

    def fault(self, node: Node, what: str) -> YamlFaultyError:
        return YamlFaultyError(self.file, node.start_mark.line + 1, what)

    def build(self, node: Node, path: Path) -> Plain:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.fault(node, "filen vecklar ut sig till för många värden. Ta bort upprepade alias (&, *).")
        self.lines[path] = node.start_mark.line + 1
        if node.tag not in _KNOWN:
            raise self.fault(
                node, f"märket ”{short(_as_written(node.tag), LONGEST_SHOWN)}” kan inte läsas. Ta bort det."
            )
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.build(child, (*path, place)) for place, child in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Plain]:
        values: dict[str, Plain] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                raise self.fault(key_node, "en nyckel måste vara en text.")
            key = key_node.value
            if key in values:
                raise self.fault(key_node, f"nyckeln ”{short(key, LONGEST_SHOWN)}” står två gånger. Behåll en av dem.")
            values[key] = self.build(value_node, (*path, key))
            self.lines[(*path, key)] = key_node.start_mark.line + 1
        return values

    def _scalar(self, node: Node) -> str | int | bool | date | None:
        text: str = node.value
        if node.tag == _STR:
            return text
        if node.tag == _INT and _WHOLE.match(text) and len(text) <= LONGEST_WHOLE:
            return int(text)
        if node.tag == _BOOL and text.lower() in _TRUE | _FALSE:
            return text.lower() in _TRUE
        if node.tag == _NULL and text.lower() in _ABSENT:
            return None
        if node.tag == _DATE:
            return self._date(node, text)
        said = short(text, LONGEST_SHOWN)
        if node.tag == _FLOAT:
            raise self.fault(node, f"talet {said} står utan citattecken. Skriv ”{said}” inom citattecken.")
        raise self.fault(node, f"värdet ”{said}” kan inte läsas. Skriv det inom citattecken.")

    def _date(self, node: Node, text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise self.fault(node, f"”{short(text, LONGEST_SHOWN)}” är inte ett datum. Skriv ÅÅÅÅ-MM-DD.") from error


def _composed(text: str) -> Node | None:
    """Return the text as nodes: by libyaml, ten times as quick, where that is safe.

    What libyaml will not take, PyYAML's own reader is given: it finds the line of a fault more truly.
    """
    if yaml.__with_libyaml__ and _is_shallow(text):
        try:
            return yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError:
            if len(text) > MAX_SLOW:
                raise
    return yaml.compose(text, Loader=yaml.SafeLoader)


def _is_shallow(text: str) -> bool:
    """Say whether nothing is nested so deep that libyaml's recursion would bring the process down.

    Raises ``RecursionError`` when a text too long for the slower reader is nested so, and its fault when it has one.
    """
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                if len(text) > MAX_SLOW:
                    raise RecursionError
                return False
    except (yaml.YAMLError, UnicodeError):
        if len(text) > MAX_SLOW:
            raise
        return False
    return True


def read_yaml(text: str, file: str) -> LinedYaml:
    """Return the file's content with line numbers; raises ``YamlFaultyError``."""
    if len(text) > MAX_BYTES:
        raise YamlFaultyError(file, 1, f"filen är större än {MAX_BYTES // 1_000_000} MB.")
    try:
        node = _composed(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise YamlFaultyError(file, line, f"filen är inte giltig YAML: {_words(error)}") from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise YamlFaultyError(file, 1, "filen innehåller tecken som YAML inte tillåter.") from error
    except RecursionError as error:
        raise YamlFaultyError(file, 1, "filen är för djupt nästlad.") from error
    if node is None:
        raise YamlFaultyError(file, 1, "filen är tom.")
    builder = _Builder(file)
    try:
        data = builder.build(node, ())
    except RecursionError as error:
        raise YamlFaultyError(file, 1, "filen är för djupt nästlad eller hänvisar till sig själv.") from error
    return LinedYaml(file, data, builder.lines)


def _words(error: yaml.MarkedYAMLError) -> str:
    """Return what is wrong with the writing, in Swedish."""
    said = f"{error.problem} {error.context}"
    return next((words for known, words in _WORDS.items() if known in said), _OTHERWISE)


def _as_written(tag: str) -> str:
    """Return a tag as it stands in the file, not as YAML spells it out."""
    return f"!!{tag.removeprefix(_YAML)}" if tag.startswith(_YAML) else tag
