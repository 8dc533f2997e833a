"""What docs/reference/stability.md calls public is as public-interface.txt says, and each place tells one version."""

from __future__ import annotations

import difflib
import tomllib
from typing import Any

import yaml

import eqsolve
from public_interface import FILE, RENEW, ROOT, keys, signature, text


def test_the_public_interface_is_as_it_is_written_down() -> None:
    written, found = FILE.read_text(encoding="utf-8").splitlines(), text().splitlines()
    changes = "\n".join(difflib.unified_diff(written, found, "written down", "found", lineterm="", n=2))
    assert not changes, (
        f"the public interface has changed; if on purpose, say so in CHANGELOG.md and run: {RENEW}\n{changes}"
    )


def test_it_says_nothing_of_the_machine_or_of_the_version() -> None:
    written = FILE.read_text(encoding="utf-8")
    assert str(ROOT) not in written
    assert eqsolve.__version__ not in written


def test_a_changed_parameter_default_or_kind_of_parameter_is_seen() -> None:
    def one(game: Any, *, tol: float = 0.1) -> int:
        return int(tol)

    assert list(signature("one", one)) == ["one -> int", "    game: Any", "    *", "    tol: float = 0.1"]


def test_keys_are_found_behind_references_alternatives_and_lists_even_where_they_repeat() -> None:
    node = {"type": "object", "properties": {"inner": {"$ref": "#/$defs/Node"}, "word": {"const": "a"}}}
    schema = {
        "$defs": {"Node": node},
        "properties": {"nodes": {"type": "array", "items": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]}}},
        "required": ["nodes"],
    }
    assert list(keys(schema, "it")) == ["it: nodes", "it.nodes[]: inner? word?", 'it.nodes[].word = "a"']


def test_the_package_its_metadata_and_its_citation_tell_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert eqsolve.__version__ == project["version"] == citation["version"]
    assert citation["license"] == project["license"]
