from __future__ import annotations

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.parameters import YamlFaultyError, read_yaml
from core.parameters.yaml_lines import MAX_BYTES, MAX_NODES

BOMB = (
    "a: &a ["
    + "x, " * 9
    + "x]\n"
    + "".join(
        f"{new}: &{new} [" + f"*{old}, " * 9 + f"*{old}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
)  # ten to the ninth values, were they written out


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a: 1\na: 2\n", 2, "nyckeln ”a” står två gånger. Behåll en av dem."),
        ("a:\n  b: 1\n  c: 2\n  b: 3\n", 4, "nyckeln ”b” står två gånger"),
        ("x: {a: 1, a: 1}\n", 1, "nyckeln ”a” står två gånger"),
        ("a: 1\nb: 0.03\n", 2, "talet 0.03 står utan citattecken. Skriv ”0.03” inom citattecken."),
        ("b: [1, .inf]\n", 1, "talet .inf står utan citattecken"),
        ("b: 1.5e+3\n", 1, "står utan citattecken"),
        ("b: 1_000\n", 1, "värdet ”1_000” kan inte läsas. Skriv det inom citattecken."),
        ("b: 0x1f\n", 1, "värdet ”0x1f” kan inte läsas"),
        ("b: 0120\n", 1, "värdet ”0120” kan inte läsas"),
        ("b: 12:30\n", 1, "värdet ”12:30” kan inte läsas"),
        ("b: 2026-13-01\n", 1, "”2026-13-01” är inte ett datum. Skriv ÅÅÅÅ-MM-DD."),
        ("b: 2026-03-01 10:00:00\n", 1, "är inte ett datum"),
        ("b: !!binary aGVq\n", 1, "kan inte läsas"),
        ("a: 1\nb: !egen text\n", 2, "märket ”!egen” kan inte läsas. Ta bort det."),
        ("b: !egen {a: 1}\n", 1, "märket ”!egen” kan inte läsas"),
        ("b: !!python/object/apply:os.system [ls]\n", 1, "märket ”!!python/object/apply:os.system”"),
        ("b: !!python/name:os.system\n", 1, "kan inte läsas"),
        ("? [a, b]\n: 1\n", 1, "en nyckel måste vara en text."),
        ("a: *b\n", 1, "filen är inte giltig YAML"),
        ("a: [1\n", 2, "filen är inte giltig YAML"),
        ("a: 1\n---\nb: 2\n", 2, "filen är inte giltig YAML"),
        ("", 1, "filen är tom."),
        ("# bara en kommentar\n", 1, "filen är tom."),
        ("a: \x00\n", 1, "filen innehåller tecken som YAML inte tillåter."),
        ("a: &a [*a]\n", 1, "djupt nästlad eller hänvisar till sig själv"),
        ("[" * 5000, 1, "filen är för djupt nästlad."),
        (BOMB, 1, "filen vecklar ut sig till för många värden"),
        ("#" * (MAX_BYTES + 1), 1, "filen är större än 4 MB."),
    ],
    ids=lambda value: repr(value)[:40] if isinstance(value, str) else None,
)
def test_what_cannot_be_read_safely_is_refused_with_its_line(text: str, line: int, what: str) -> None:
    with pytest.raises(YamlFaultyError) as raised:
        read_yaml(text, "fil.yaml")
    error = raised.value
    assert what in error.what
    assert error.line == line or text in (BOMB, "a: &a [*a]\n")
    assert str(error) == f"fil.yaml, rad {error.line}: {error.what}"


def test_every_value_has_the_line_it_stands_on() -> None:
    read = read_yaml("a:\n  - b: 1\n    c: två\n  - {d: 2026-03-01}\n", "fil.yaml")
    assert read.data == {"a": [{"b": 1, "c": "två"}, {"d": date(2026, 3, 1)}]}
    assert read.line_of(("a", 0, "c")) == 3
    assert read.line_of(("a", 1, "d")) == 4
    assert read.line_of(("a", 1, "finns", "inte")) == 4
    assert read.line_of(("finns inte",)) == 1


def test_plain_values_keep_their_sort() -> None:
    text = 'a: ja\nb: true\nc: -12\nd:\ne: "0.03"\nf: 0180\n=: y\non: x\n'
    expect = {"a": "ja", "b": True, "c": -12, "d": None, "e": "0.03", "f": "0180", "=": "y", "on": "x"}
    assert read_yaml(text, "fil.yaml").data == expect


def test_an_alias_reads_as_what_it_points_to() -> None:
    assert read_yaml("a: &x {b: 1}\nc: [*x, *x]\n", "fil.yaml").data == {"a": {"b": 1}, "c": [{"b": 1}, {"b": 1}]}


def test_as_many_values_as_a_large_model_has_are_fine() -> None:
    assert MAX_NODES > 100_000
    assert len(read_yaml("a: [" + "1, " * 3000 + "1]\n", "fil.yaml").lines) == 3003


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.dates()
    | st.text(st.characters(codec="latin-1", categories=("L", "N"))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcåä", min_size=1), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text("abcåä", min_size=1), PLAIN, min_size=1, max_size=4))
def test_what_is_written_as_yaml_is_read_back_the_same(content: dict[str, object]) -> None:
    assert read_yaml(yaml.safe_dump(content, allow_unicode=True), "fil.yaml").data == content


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_but_never_a_crash(text: str) -> None:
    try:
        read_yaml(text, "fil.yaml")
    except YamlFaultyError as error:
        assert error.line >= 1  # noqa: PT017 - either outcome is right, neither is a crash
