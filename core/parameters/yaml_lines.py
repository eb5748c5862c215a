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

from core.base import CoreError

Plain: TypeAlias = "str | int | bool | date | list[Plain] | dict[str, Plain] | None"
Path = tuple[str | int, ...]
_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)\Z")
MAX_NODES = 200_000
MAX_BYTES = 4_000_000
MAX_DEPTH = 100
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
            raise self.fault(node, f"märket {node.tag} kan inte läsas. Ta bort det.")
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
                raise self.fault(key_node, f"nyckeln ”{key}” står två gånger. Behåll en av dem.")
            values[key] = self.build(value_node, (*path, key))
            self.lines[(*path, key)] = key_node.start_mark.line + 1
        return values

    def _scalar(self, node: Node) -> str | int | bool | date | None:
        text: str = node.value
        if node.tag == _STR:
            return text
        if node.tag == _INT and _WHOLE.match(text):
            return int(text)
        if node.tag == _BOOL:
            return text.lower() in {"true", "yes", "on"}
        if node.tag == _NULL:
            return None
        if node.tag == _DATE:
            return self._date(node, text)
        if node.tag == _FLOAT:
            raise self.fault(node, f"talet {text} står utan citattecken. Skriv ”{text}” inom citattecken.")
        raise self.fault(node, f"värdet {text} kan inte läsas. Skriv det inom citattecken.")

    def _date(self, node: Node, text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise self.fault(node, f"{text} är inte ett datum. Skriv ÅÅÅÅ-MM-DD.") from error


def _composed(text: str) -> Node | None:
    """Return the text as nodes: by libyaml, ten times as quick, where that is safe.

    What libyaml will not take, PyYAML's own reader is given: its words are the ones that a fault shows.
    """
    if yaml.__with_libyaml__ and _is_shallow(text):
        try:
            return yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError:
            pass
    return yaml.compose(text, Loader=yaml.SafeLoader)


def _is_shallow(text: str) -> bool:
    """Say whether nothing is nested so deep that libyaml's recursion would bring the process down."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                return False
    except (yaml.YAMLError, UnicodeError):
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
        raise YamlFaultyError(file, line, f"filen är inte giltig YAML: {error.problem}.") from error
    except yaml.YAMLError as error:
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
