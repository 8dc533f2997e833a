"""Sphinx configuration: MyST pages, the furo theme, and reference pages written from the code before each build."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
# The checkout comes first, so these imports come late: the pages describe the code beside them, installed or not.
sys.path[:0] = [str(HERE.parent), str(HERE)]

from generate import write_all  # noqa: E402  (see above)

from eqsolve import __version__  # noqa: E402  (see above)

write_all(HERE / "reference" / "generated")

project = "eqsolve"
author = project_copyright = "the eqsolve authors"
release = version = __version__

extensions = ["myst_parser"]
# Links such as page.md#a-heading are checked against headings down to this level.
myst_heading_anchors = 4
# Generated pages are parts of other pages, never pages of their own.
exclude_patterns = ["_build", "reference/generated"]
nitpicky = True
# Primes and quotes of formulas stay as they are written.
smartquotes = False

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["width.css"]
html_title = f"eqsolve {release}"
# A transcript is not a program: only what names a language is highlighted.
highlight_language = "none"
