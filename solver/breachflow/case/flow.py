"""The table `[flow]`: which equations are solved."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from breachflow.document.table import Table

FlowModelName: TypeAlias = Literal["inviscid", "laminar"]


class Flow(Table):
    """The model of the flow."""

    model: FlowModelName | None = Field(
        default=None,
        description="Inviscid: no friction. Laminar: friction, heat conduction, slip at walls; the default "
        "of flow through a hole, where the viscosity of the gas is known.",
    )
    """Never None in a case that was read: `default_model` fills it in."""

    @property
    def name(self) -> FlowModelName:
        """The model of the flow."""
        return self.model or "inviscid"

    @property
    def is_viscous(self) -> bool:
        """Whether friction and heat conduction act."""
        return self.model == "laminar"
