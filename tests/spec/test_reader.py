"""The reader: YAML 1.2 scalars, what is refused, and where things stand."""

from __future__ import annotations

import gc
import json
import math
import subprocess
import sys
from collections.abc import Callable
from time import perf_counter, process_time
from typing import Any

import pytest

from eqsolve.errors import SpecError
from eqsolve.spec import reader
from eqsolve.spec.positions import Path
from eqsolve.spec.reader import decode, read


def value(text: str) -> Any:
    document = read(text, "g.yaml")
    assert document.problems == []
    return document.value


def refusal(text: str) -> str:
    """The first line of what is said about a text that cannot be read."""
    with pytest.raises(SpecError) as caught:
        read(text, "g.yaml")
    return caught.value.lines()[0]


def problems(text: str) -> list[tuple[int, int, str]]:
    return [(p.line, p.column, p.message) for p in read(text, "g.yaml").problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("12", 12),
        ("-12", -12),
        ("+12", 12),
        ("007", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("1e-6", 1e-6),
        ("1.", 1.0),
        (".5", 0.5),
        ("-1.5E+3", -1500.0),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2001-01-01", "2001-01-01"),
        ("1/3", "1/3"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("!!float 12", 12),
        ("! 12", "12"),
    ],
)
def test_scalars_follow_the_core_schema_of_yaml_1_2(text: str, expected: object) -> None:
    found = value(f"a: {text}")["a"]
    assert found == expected
    assert type(found) is type(expected)


def test_nan_is_a_number() -> None:
    assert math.isnan(value("a: .nan")["a"])


def test_keys_are_the_text_as_written() -> None:
    assert value("{1: a, no: b, 0x1: c, '': d}") == {"1": "a", "no": "b", "0x1": "c", "": "d"}


def test_a_merge_key_is_a_key_like_any_other() -> None:
    assert value("<<: {a: 1}") == {"<<": {"a": 1}}


def test_aliases_repeat_what_they_name() -> None:
    assert value("{a: &x [1, 2], b: *x, c: &y z, d: *y}") == {"a": [1, 2], "b": [1, 2], "c": "z", "d": "z"}


def test_repeated_keys_and_anchors_unknown_tags_and_numbers_out_of_range_are_all_reported_at_once() -> None:
    text = "a: 1\na: 2\nb: !foo 3\nc: !!int x\nd: !!set {e}\nf: 1e999\ng: " + "9" * 5000 + "\nh: [&x 1, &x 2]\n"
    assert problems(text) == [
        (2, 1, "the key 'a' is there twice"),
        (3, 4, "the tag '!foo' is not accepted"),
        (4, 4, "'x' is not what its tag says"),
        (5, 4, "the tag 'tag:yaml.org,2002:set' is not accepted"),
        (6, 4, "the number '1e999' is too long or too large for a float64"),
        (7, 4, f"the number '{'9' * 37}…' is too long or too large for a float64"),
        (8, 11, "the anchor &x is there twice"),
    ]


def test_the_first_of_two_equal_keys_counts() -> None:
    assert read("a: 1\na: 2\n", "g.yaml").value == {"a": 1}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "g.yaml: empty: expected a mapping with a `kind`"),
        ("# nothing\n", "g.yaml: empty: expected a mapping with a `kind`"),
        ("a: 1\n---\nb: 2\n", "g.yaml:2:1: a second document: one file is one game"),
        ("? [a]\n: 1\n", "g.yaml:1:3: a key must be text, not a list or a mapping"),
        ("{a: &x b, *x : 1}", "g.yaml:1:11: a key must be text, not an alias"),
        ("a: *x\n", "g.yaml:1:4: the alias *x has no anchor &x before it"),
        ("a: &x [*x]\n", "g.yaml:1:8: the alias *x stands inside what it names"),
        ("a: &x {b: {c: *x}}\n", "g.yaml:1:15: the alias *x stands inside what it names"),
        ("a: \x07\n", "g.yaml:1:4: not a text file: it holds a control character"),
        ("a: \x00\n", "g.yaml:1:4: not a text file: it holds a control character"),
        ("a: \ud800\n", "g.yaml: not text: it holds half a surrogate pair"),
        ("%YAML 3.0\n---\na: 1\n", "g.yaml:1:1: not valid YAML: found incompatible YAML document"),
    ],
)
def test_what_cannot_be_read_is_one_line(text: str, expected: str) -> None:
    assert refusal(text) == expected


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a: [1, 2\nb: 3\n", "a comma or a closing bracket is missing before this place"),
        ("a: b: c\n", "put text that contains `: ` in quotes, and check the indentation"),
        ("a:\n\t- 1\n", "indent with spaces, not tabs; put text that starts with @, ` or % in quotes"),
        ("a: @x\n", "indent with spaces, not tabs; put text that starts with @, ` or % in quotes"),
    ],
)
def test_a_slip_of_syntax_comes_with_its_usual_cause(text: str, hint: str) -> None:
    with pytest.raises(SpecError) as caught:
        read(text, "g.yaml")
    assert caught.value.problems[0].hint == hint
    assert caught.value.problems[0].line > 0


def test_what_was_wrong_before_a_fatal_mistake_is_reported_too() -> None:
    with pytest.raises(SpecError) as caught:
        read("a: 1\na: 2\nb: *x\n", "g.yaml")
    assert [p.line for p in caught.value.problems] == [2, 3]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "[{a: "])
def test_deep_nesting_is_refused_before_any_stack_overflows(opening: str) -> None:
    # In a process of its own: an overflow of the C stack would take this one along.
    code = f"from eqsolve.spec.reader import read; read({opening!r} * 100_000, 'g')"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert "SpecError: g:1:" in run.stderr
    assert "nested deeper than 64 levels" in run.stderr


def test_aliases_cannot_multiply_beyond_the_limit() -> None:
    text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    for here, before in zip("bcdefghi", "abcdefgh", strict=True):
        text += f"{here}: &{here} [{', '.join([f'*{before}'] * 10)}]\n"
    began = perf_counter()
    assert "more than 4000000 values, aliases expanded" in refusal(text)
    assert perf_counter() - began < 1


def test_a_text_of_too_many_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_VALUES", 5)
    assert value("[1, 2, 3, 4]") == [1, 2, 3, 4]
    assert "more than 5 values" in refusal("[1, 2, 3, 4, 5]")


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_TEXT_BYTES", 2**20)
    with pytest.raises(SpecError, match="larger than 1 MiB"):
        decode(b"#" * (2**20 + 1), "g.yaml", 2**20)
    assert "larger than 1 MiB" in refusal("#" * (2**20 + 1))


def test_bytes_are_utf_8_with_or_without_a_mark() -> None:
    assert decode("é".encode(), "g.yaml") == "é"
    assert decode("é".encode("utf-8-sig"), "g.yaml") == "é"


@pytest.mark.parametrize("raw", ["é".encode("latin-1"), "a: 1".encode("utf-16"), b"a: \xff", b"\x93NUMPY\xff\x00"])
def test_bytes_that_are_no_utf_8_are_refused(raw: bytes) -> None:
    with pytest.raises(SpecError, match="not a text file in UTF-8"):
        decode(raw, "g.yaml")


def test_the_place_of_a_bad_byte_is_told() -> None:
    with pytest.raises(SpecError) as caught:
        decode(b"a: 1\nb: \xff", "g.yaml")
    assert (caught.value.problems[0].line, caught.value.problems[0].column) == (2, 4)


def test_every_value_and_key_can_be_located() -> None:
    document = read("kind: matrix\npayoffs:\n  - [[1, 2], x]\n  - é: {b: 1}\nc: {d: [1, 2]}\n", "g.yaml")
    paths: list[Path] = [("kind",), ("payoffs", 0, 0, 1), ("payoffs", 0, 1), ("payoffs", 1, "é", "b")]
    paths.append(("c", "d", 1))
    found = document.locate(paths)
    assert [found[path].value for path in paths] == [(1, 7), (3, 10), (3, 14), (4, 12), (5, 12)]
    assert [found[path].key for path in paths] == [(1, 1), (3, 10), (3, 14), (4, 9), (5, 12)]


def test_a_path_that_is_not_there_is_located_at_its_nearest_ancestor() -> None:
    document = read("a:\n  b: [1, 2]\n", "g.yaml")
    found = document.locate([("a", "b", 7), ("a", "x", 0), ("y",), ()])
    assert [place.value for place in found.values()] == [(2, 6), (2, 3), (1, 1), (1, 1)]


def test_what_an_alias_repeats_is_located_at_the_alias() -> None:
    document = read("a: &x [1, 2]\nb: [*x, 3]\n", "g.yaml")
    found = document.locate([("b", 0, 1), ("b", 1)])
    assert [place.value for place in found.values()] == [(2, 5), (2, 9)]


def test_the_first_of_two_equal_keys_is_located() -> None:
    assert read("a: 1\na: 2\n", "g.yaml").locate([("a",)])[("a",)].value == (1, 4)


@pytest.mark.benchmark
def test_a_bimatrix_of_200_by_200_reads_within_a_second() -> None:
    rows = [", ".join(f"[{i * j % 997}, {i / (j + 1):.6f}]" for j in range(200)) for i in range(200)]
    text = "kind: matrix\npayoffs:\n" + "".join(f"  - [{row}]\n" for row in rows)
    began = perf_counter()
    assert len(value(text)["payoffs"]) == 200
    assert perf_counter() - began < 1


@pytest.mark.benchmark
def test_a_tree_of_some_mb_in_json_s_style_is_read_in_three_times_what_json_takes() -> None:
    """Values against values, by processor time, with the collector paused for both; 160,000 nodes."""
    payoffs = [{"payoffs": [k % 7, f"{k % 5}/3"]} for k in range(80_000)]
    nodes = {
        f"n{k}": {"player": "0", "infoset": f"set {k}", "actions": {"l": ends, "r": ends}}
        for k, ends in enumerate(payoffs)
    }
    text = json.dumps({"kind": "extensive", "nodes": nodes})
    assert len(text) > 6_700_000
    gc.disable()
    try:
        ours, theirs = (min(taken(call, text) for _ in range(5)) for call in (lambda t: read(t, "t.yaml"), json.loads))
    finally:
        gc.enable()
    assert ours <= 3 * theirs


def taken(call: Callable[[str], object], text: str) -> float:
    """Seconds of processor time that a call takes."""
    began = process_time()
    call(text)
    return process_time() - began
