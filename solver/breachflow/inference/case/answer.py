"""The answer to the case of a record, and its numbers by name, as `expected.toml` asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from breachflow.errors import CaseError
from breachflow.inference.answer.answer import Inference
from breachflow.inference.answer.as_json import as_object
from breachflow.inference.answer.values import InferVerdict, LeakLawName
from breachflow.inference.arguments import InferArguments, read_question
from breachflow.inference.case.schema import RecordCase
from breachflow.inference.infer import infer_question
from breachflow.leak.arguments.values import ArgumentError
from breachflow.results import Quantity


def inference_of(case: RecordCase) -> Inference:
    """The answer to a case. Raises CaseError where the record or an option cannot be read."""
    try:
        return infer_question(read_question(InferArguments(case.record, **case.arguments)))
    except ArgumentError as error:
        raise CaseError(f"{case.label}: {error}") from error


def quantities_of_inference(found: Inference) -> dict[str, Quantity]:
    """Numbers by dotted name; `verdict.NAME` and `law.NAME` are 1 where it is told, else 0."""
    told = {f"verdict.{name}": float(name == found.verdict) for name in InferVerdict}
    told |= {f"law.{name.replace(' ', '_')}": float(name == found.law) for name in LeakLawName}
    numbers = dict(_numbers("", as_object(found)))
    return {name: Quantity(value, "", name) for name, value in {**numbers, **told}.items()}


def _numbers(begin: str, table: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """All numbers of a table and of the tables in it."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _numbers(f"{begin}{name}.", value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{begin}{name}", float(value)
