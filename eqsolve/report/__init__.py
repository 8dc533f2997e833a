"""Results shown: as JSON documents, as text made from these, as lines of a trace; and the schemas of the documents."""

from __future__ import annotations

from eqsolve.report.by_labels import labelled
from eqsolve.report.comparison import comparison_schema
from eqsolve.report.document import json_text, record_document, regret_document, result_document, row_count
from eqsolve.report.evaluation import evaluation_schema
from eqsolve.report.plain import text
from eqsolve.report.schema import info_schema, result_schema

__all__ = [
    "comparison_schema",
    "evaluation_schema",
    "info_schema",
    "json_text",
    "labelled",
    "record_document",
    "regret_document",
    "result_document",
    "result_schema",
    "row_count",
    "text",
]
