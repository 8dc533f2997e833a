"""`python -m eqsolve`: the same as the command `eqsolve`."""

from __future__ import annotations

import sys

from eqsolve.cli import main

sys.exit(main())
