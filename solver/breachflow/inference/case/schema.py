"""The case of a record as a model: the file, and the options of `breachflow infer`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import Field

from breachflow.cabin.grammar.quantities import OneLine
from breachflow.document.document import Document
from breachflow.document.paths import PathField
from breachflow.document.table import Misplaced, Table

OptionText: TypeAlias = Annotated[str, Field(max_length=200)]
OptionValue: TypeAlias = OptionText | float


class InferOptions(Table):
    """What is known beside a record: the options of `breachflow infer`, of the same names and meanings."""

    volume: OptionValue | None = Field(default=None, description="What empties.")
    volume_uncertainty: float | None = Field(default=None, description="Relative standard deviation.")
    gas: OptionText = Field(default="air", description="The gas.")
    temperature: OptionValue | None = Field(default=None, description="Of the gas.")
    until: OptionValue | None = Field(default=None, description="The limit.")
    length: OptionValue | None = Field(default=None, description="Length of a crack.")
    depth: OptionValue | None = Field(default=None, description="Depth of a crack.")
    from_time: OptionValue | None = Field(default=None, alias="from", description="First time that counts.")
    to_time: OptionValue | None = Field(default=None, alias="to", description="Last time that counts.")
    exclude: list[list[OptionValue]] = Field(default=[], description="Stretches to leave out.")
    step: list[OptionValue] = Field(default=[], description="Times at which the pressure jumps.")
    known: Annotated[Path | None, PathField()] = Field(default=None, description="Gas that was let in.")
    temperature_weight: OptionValue | None = Field(default=None, description="Of the sensor.")
    period: OptionText | None = Field(default=None, description="Of a wave.")
    exponent: OptionValue = Field(default="any", description="n of flow ~ p^n.")
    background: OptionText | None = Field(default=None, description="Rate of fall without a leak.")
    wander: OptionValue | None = Field(default=None, description="Of the pressure in an hour.")
    noise_from: Annotated[Path | None, PathField()] = Field(default=None, description="A quiet record.")
    pressure_column: OptionText | None = Field(default=None, description="Heading of the pressure.")
    temperature_column: OptionText | None = Field(default=None, description="Heading of the temperature.")


class RecordCase(Document):
    """A whole case of a record."""

    misplaced: ClassVar = {
        name: Misplaced("stands in the table [infer]") for name in InferOptions.model_fields
    }

    title: OneLine = Field(default="", max_length=200, description="One line that says what leaks.")
    record: Annotated[Path, PathField()] = Field(description="The file of the record.")
    infer: InferOptions = Field(default=InferOptions(), description="What is known beside it.")

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of `breachflow.infer` that the case gives."""
        return {name: getattr(self.infer, name) for name in sorted(self.infer.model_fields_set)}
