"""`eqsolve schema`: the JSON Schema of game specs, for editors."""

from __future__ import annotations

from eqsolve.cli.options import Debug
from eqsolve.cli.streams import say


def schema(debug: Debug = False) -> None:
    """Print the JSON Schema (draft 2020-12) of game specs, for editors that check YAML while you write.

    \b
    eqsolve schema > eqsolve.schema.json
    """
    import json

    from eqsolve.spec.schema import json_schema

    say(json.dumps(json_schema(), indent=2, ensure_ascii=False))
