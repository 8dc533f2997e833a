"""What a run of the command line printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from jsonschema import Draft202012Validator

from eqsolve.report import result_schema

Cli = Callable[..., Any]


def document(run: Any) -> dict[str, Any]:
    assert run.code in (0, 4), run.err
    parsed = json.loads(run.out)
    Draft202012Validator(result_schema()).validate(parsed)
    return dict(parsed)
