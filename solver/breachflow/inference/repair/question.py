"""What a repair is judged by: two rates that are given, or a record with the time of the repair."""

from __future__ import annotations

from breachflow.inference.repair.answer import Repair
from breachflow.inference.repair.arguments import (
    RepairArguments,
    ToldOfRecord,
    read_repair,
    refuse_rates,
)
from breachflow.inference.repair.compute import of_normal_rates, repair_of
from breachflow.leak.arguments.values import ArgumentError


def answered(given: RepairArguments, told: ToldOfRecord) -> Repair:
    """What the rates or the record tell; without a record numpy is not needed.

    Raises ArgumentError where an argument is wrong, and RecordError where the record is.
    """
    if told.record is None:
        _refuse_record(told)
        question = read_repair(given)
        return repair_of(question, of_normal_rates(question))
    refuse_rates(given)
    if told.at is None:
        raise ArgumentError("a record needs {at}: the time of the repair", {"at": None})
    from breachflow.inference.repair.record import read_record_repair

    return repair_of(*read_record_repair(given, told))


def _refuse_record(told: ToldOfRecord) -> None:
    """Raises ArgumentError where something is told of a record that is not given."""
    names = [name for name in told._fields if name not in ("record", "noise_from") and getattr(told, name)]
    if names:
        message = f"{{{names[0]}}} says something of a record: give it, or remove {{{names[0]}}}"
        raise ArgumentError(message, dict.fromkeys(names[:1]))
