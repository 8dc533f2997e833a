"""Every page's commands and programs do what the page shows (README included)."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.doc_outputs import difference
from docs.doc_pages import FOLLOWED, blocks, commands, page_names, page_path, session

PAGES = [
    pytest.param(name, marks=() if name == "README.md" else pytest.mark.slow)
    for name in page_names()
    if name not in FOLLOWED
]


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_shows_is_what_comes_out(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = session(name, tmp_path / "folder")
    monkeypatch.chdir(run.folder)
    run.run(page_path(name))


def test_blocks_are_found_with_what_the_comment_before_them_says() -> None:
    page = """
<!-- file: a.yaml -->
```yaml
kind: x
```

<!-- not run -->
```console
$ rm
```

```console
$ ls
```
"""
    found = [(block.what, block.target, block.text) for block in blocks(page)]
    assert found == [("file", "a.yaml", "kind: x\n"), ("console", "", "$ ls\n")]


def test_a_command_keeps_its_here_document() -> None:
    block = "$ cat > a <<'EOF'\nx: 1\nEOF\n$ cat a\nx: 1\n"
    assert list(commands(block)) == [("cat > a <<'EOF'\nx: 1\nEOF", "", 3), ("cat a", "x: 1", 4)]


@pytest.mark.parametrize(
    ("shown", "printed", "alike"),
    [
        ("gap  1.5e-7 of", "gap 1.501e-07 of", True),
        ("gap 1.5e-7", "gap 1.6e-7", False),
        ("iterations 120", "iterations 121", False),
        ("gap 3.2e-17", "gap 0", True),
        ("hash ...", "hash 3fa9", True),
        ("a\n...\nz", "a\nb\nc\nz", True),
        ("a\n...\nz", "a\nb\nc", False),
        ("seconds 0.1 steps 2", "seconds 0.7 steps 3", True),
        ("done", "compiling a sweep (once)\n2 s  iteration 40\ndone", True),
        ("one", "one\ntwo", False),
    ],
)
def test_outputs_are_alike_within_the_documented_tolerance(shown: str, printed: str, alike: bool) -> None:
    assert (difference(shown, printed) is None) == alike
