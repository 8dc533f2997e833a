"""A page's outputs are renewed by what is printed, and all else in it stays as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.doc_pages import Session
from docs.update_pages import merged, update

PAGE = """# A page

Text before.

- in a list:

  ```console
  $ printf 'one  1\\ntwo  2\\nfree  7 s\\nthree  3\\nlast  4\\n'
  one  1
  ...
  third  3
  last  4.0
  $ printf 'same 1.001\\n'
  same 1.0
  ```

```pycon
>>> x = 3
>>> x, "now"
(2, 'then')
>>> x
3
```

Text after.
"""


def renewed(page: str, folder: Path) -> tuple[str, int, list[str]]:
    path = folder / "page.md"
    path.write_text(page)
    count, failures = update(path, Session(folder))
    return path.read_text(), count, failures


def test_outputs_that_differ_are_replaced_and_elisions_and_equal_lines_stay(tmp_path: Path) -> None:
    expected = PAGE.replace("  third  3", "  three  3").replace("(2, 'then')", "(3, 'now')")
    assert renewed(PAGE, tmp_path) == (expected, 2, [])


def test_a_page_that_holds_is_not_touched(tmp_path: Path) -> None:
    page, _, _ = renewed(PAGE, tmp_path)
    assert renewed(page, tmp_path) == (page, 0, [])


@pytest.mark.parametrize(
    ("block", "why"),
    [
        ("```console\n$ false\n```\n", "failed with 1"),
        ("```console\n$ (exit 7)\n$ echo $?\n3\n```\n", "the page shows the exit code 3, not 7"),
        ("```pycon\n>>> 1 / 0\n1\n```\n", "ZeroDivisionError"),
        ('```python\nraise SystemExit("no")\n```\n', "failed with 1"),
    ],
)
def test_what_fails_is_told_and_left_alone(block: str, why: str, tmp_path: Path) -> None:
    page, count, failures = renewed(block, tmp_path)
    assert (page, count) == (block, 0)
    assert len(failures) == 1
    assert why in failures[0]


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        ([], ["a  1"], ["a  1"]),
        (["a  1"], [], []),
        (["a  1", "b  2"], ["a  1", "new  3", "b  2"], ["a  1", "new  3", "b  2"]),
        (["a  1.0", "gone  2"], ["a  1.0001", "other  5"], ["a  1.0", "other  5"]),
        (["...", "key  old words here"], ["x", "y", "key  new words here"], ["...", "key  new words here"]),
        (["a    1.0", "b    2"], ["a  1.0001", "b  3"], ["a  1.0001", "b  3"]),
        (["hash  ...  digits", "b  2"], ["hash  77  digits", "b  3"], ["hash  ...  digits", "b  3"]),
    ],
)
def test_lines_are_put_beside_their_counterparts(shown: list[str], printed: list[str], expected: list[str]) -> None:
    assert merged(shown, printed) == expected
