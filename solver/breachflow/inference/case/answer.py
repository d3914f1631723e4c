"""The answer to the case of a record, and its numbers by name, as `expected.toml` asks for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from breachflow.document.faults import Fault
from breachflow.inference.answer.answer import Inference
from breachflow.inference.answer.as_json import as_object
from breachflow.inference.answer.values import InferVerdict, LeakLawName
from breachflow.inference.arguments import InferArguments, read_question
from breachflow.inference.case.schema import InferOptions, RecordCase
from breachflow.inference.infer import infer_question
from breachflow.inference.question import InferQuestion
from breachflow.inference.record.select import gaps
from breachflow.leak.arguments.values import ArgumentError
from breachflow.results import Quantity


class RecordGate(NamedTuple):
    """What a record is before it is fitted."""

    readings: int
    length: float
    """s."""
    gaps: int
    verdict: str | None
    """frozen, unmarked_step or too_short; None where the record passes."""
    reason: str


def inference_of(case: RecordCase) -> Inference:
    """The answer to a case. Raises CaseError where the record or an option cannot be read."""
    return infer_question(_question_of(case))


def gate_of(case: RecordCase) -> RecordGate:
    """What the gate says of the record. Raises CaseError where the record or an option cannot be read."""
    question = _question_of(case)
    record, (_, gate) = question.record, question.through_gate()
    verdict = None if gate.verdict is None else str(gate.verdict)
    return RecordGate(len(record), record.length, gaps(record.times), verdict, gate.reason)


def _question_of(case: RecordCase) -> InferQuestion:
    with told_of_case(case):
        return read_question(InferArguments(case.record, **case.arguments))


@contextmanager
def told_of_case(case: RecordCase, beside: Collection[str] = ()) -> Iterator[None]:
    """Raise CaseError, with the line, in place of ArgumentError where the case gives what is wrong.

    `beside` are arguments that are given beside the case and count in its place.
    """
    try:
        yield
    except ArgumentError as error:
        given = [name for name in error.arguments if name in case.arguments and name not in beside]
        if not given and beside:
            raise
        raise case.origin.source.error([_fault(error, given)]) from error


def _fault(error: ArgumentError, given: Sequence[str]) -> Fault:
    """What is wrong, at the first of the keys that are given."""
    keys = {name: field.alias or name for name, field in InferOptions.model_fields.items()}
    said = error.spelled(lambda name, _: keys.get(name, name))
    if not given:
        return Fault(("infer",), said)
    return Fault(("infer", keys[given[0]]), said.removeprefix(keys[given[0]]).lstrip(": "))


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
