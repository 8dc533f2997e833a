"""Reference pages written from the code, so that they cannot drift: commands, game specs, algorithms, files, API.

`write_all(folder)` writes one Markdown file per subject; pages of `docs/reference/` include them. `docs/conf.py`
calls it before each build. What stands in a page itself, between comments that name it, is renewed by
`python docs/generate.py`; a test compares.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # the modules of the pages lie beside this file

from pages import algorithms, commands, files, python, specs


def write_all(folder: Path) -> None:
    """Writes every generated page into `folder`; files whose text is unchanged are left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in PAGES.items():
        text = "\n".join(lines()) + "\n"
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


#: What stands between `<!-- generated: NAME -->` and `<!-- end of generated -->` in pages of the docs.
MARKED = re.compile(r"(?<=<!-- generated: )(\w+) -->\n.*?(?=<!-- end of generated -->)", re.DOTALL)


def with_marked(page: str) -> str:
    """Returns the text of a page with its marked parts as the code has them now."""
    return MARKED.sub(lambda found: "\n".join([f"{found[1]} -->", *PARTS[found[1]]()]), page)


PAGES: Mapping[str, Callable[[], Iterator[str]]] = {
    "command-line.md": commands.command_line,
    "game-specs.md": specs.game_specs,
    "algorithms.md": algorithms.algorithms,
    "policy-meta.md": files.policy_file,
    "checkpoint-meta.md": files.checkpoint_file,
    "result.schema.json": files.result_schema,
    "info.schema.json": files.info_schema,
    "comparison.schema.json": files.comparison_schema,
    "evaluation.schema.json": files.evaluation_schema,
    "python-api.md": python.python_api,
    "records.md": python.records,
    "solver-protocol.md": python.solver_protocol,
}

#: Name of a marked part -> its lines.
PARTS: Mapping[str, Callable[[], Iterator[str]]] = {"choices": algorithms.choices}


if __name__ == "__main__":
    for page in Path(__file__).parent.rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        if (renewed := with_marked(text)) != text:
            page.write_text(renewed, encoding="utf-8")
