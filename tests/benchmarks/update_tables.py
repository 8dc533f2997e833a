"""Write what benchmarks measured into the tables of the docs: `python tests/benchmarks/update_tables.py`."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    """Render all tables of all pages; say which pages changed."""
    for page in sorted((ROOT / "docs").rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        new = rendered(text)
        if new != text:
            page.write_text(new, encoding="utf-8")
            print(f"{page.relative_to(ROOT)}: written anew")  # noqa: T201  what it is for


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.tables import ROOT, rendered  # noqa: E402  (the path is set above)

if __name__ == "__main__":
    main()
