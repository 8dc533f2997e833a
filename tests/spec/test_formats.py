"""The table of file formats: how a text or a name tells its format."""

from __future__ import annotations

from importlib import import_module

import pytest

from eqsolve.spec.formats import FORMATS, Format, named, of_name, of_text, suffixes


@pytest.mark.parametrize(
    ("text", "origin", "expected"),
    [
        ("EFG 2 R", "policy.npz, its spec", "efg"),
        ("\n\t EFG 2", "-", "efg"),
        ("", "g.efg", "efg"),
        ("efg 2", "G.EFG", "efg"),
        ("kind: x", "G.EFG", None),
        ("kind: EFG", "g.yaml", None),
        ("EFGH", "-", None),
        ("NFG 1 R", "policy.npz, its spec", "nfg"),
        ("", "g.nfg", "nfg"),
        (" 2\n3 2 0", "policy.npz, its spec", "gam"),
        ("# from GAMUT\n\n# 2\n2 2 2", "-", "gam"),
        ("", "G.gam", "gam"),
        ("2 2\n1 2\n3 4\n5 6\n7 8", "policy.npz, its spec", "lrs"),
        ("2 2\n1 2\n3 4\n5 6\n7", "-", "lrs"),
        ("2 2\n1 2\n3 4\n5 6\n7", "g.gam", "gam"),
        ("2 3\n1 2\n\n3 4\n5 6", "-", "csv"),
        ("", "g.lrs", "lrs"),
        ("1,2\n3,4", "policy.npz, its spec", "csv"),
        (",L,R\nT,1,2", "-", "csv"),
        ("a: 1, 2", "-", None),
        ("'a': 1, 2", "-", None),
        ('"Selten: 1975"\n\n1\t2', "-", "tsv"),
        ("x, kind: y", "-", None),
        ("- 1, 2", "-", None),
        ("[1, 2]", "-", None),
        ("", "g.csv", "csv"),
        ("1,2", "g.yaml", None),
        ("3", "-", "csv"),
        ("2 x", "-", None),
        ("2 2: x", "-", None),
        ("# 2 2", "-", None),
        ("", "g.npz", None),
        ("", "g.yaml", None),
        ("", "-", None),
    ],
)
def test_a_format_is_told_by_how_it_begins_else_by_the_suffix(text: str, origin: str, expected: str | None) -> None:
    row = of_text(text, origin)
    assert (row.name if row else None) == expected


def test_names_and_suffixes_are_unique() -> None:
    assert len({row.name for row in FORMATS}) == len(FORMATS)
    every = [suffix for row in FORMATS for suffix in row.suffixes]
    assert len(set(every)) == len(every)
    assert suffixes().split(", ") == every
    assert all(of_name(f"x{suffix}") == row == named(row.name) for row in FORMATS for suffix in row.suffixes)
    assert named("agg") is of_name("x.txt") is None


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_every_target_exists(row: Format) -> None:
    for target in filter(None, (row.sniff, row.reader, row.unpacker, row.trees, row.tables)):
        module, _, name = target.partition(":")
        assert callable(getattr(import_module(module), name))
