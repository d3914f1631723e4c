"""What `validate` will run: trials, each a case or a variant of it in one mode, and the runs they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from breachflow.case import Case, load_case
from breachflow.errors import CaseError, UsageError
from breachflow.shipped import CASE, EXPECTED, ShippedCase, cases, find_case, find_cases, unknown_case
from breachflow.validation.expected import Expectations, Expected, Overrides, Variant, read_expectations


class ValidationMode(StrEnum):
    """How much is run."""

    FAST = "fast"
    """Every case with its fast overrides."""
    WRITTEN = "as written"
    """Every case as written, without the slow ones."""
    FULL = "full"
    """Every case as written."""

    @property
    def leaves_out(self) -> str:
        """What is said of a case that this mode does not run."""
        return "left out of --fast" if self is ValidationMode.FAST else "only run with --full"


TrialKey: TypeAlias = tuple[Path, tuple[str, ...]]
"""What makes a run: the folder of the case and the overrides."""


@dataclass(frozen=True)
class ValidationCase:
    """A case with what it must give."""

    name: str
    """Of a shipped case that of its group and folder; of another one its folder as it was given."""
    folder: Path
    shipped: bool
    expectations: Expectations

    def overrides(self, variant: Variant | None, mode: ValidationMode) -> Overrides:
        """What replaces keys of the case in this mode; False where it is left out."""
        full = self.expectations.full or (variant is not None and variant.full)
        if full and mode is not ValidationMode.FULL:
            return False
        own: tuple[str, ...] = tuple(variant.set) if variant else ()
        if mode is not ValidationMode.FAST:
            return own
        fast = self.expectations.fast
        if variant is not None and variant.fast is not None:
            fast = variant.fast
        return False if fast is False else (*own, *fast)

    def load(self, overrides: tuple[str, ...] = ()) -> Case:
        """The case."""
        return load_case(self.folder / CASE, overrides)


@dataclass(frozen=True)
class Trial:
    """A case, or a variant of it, as it is run in one mode."""

    case: ValidationCase
    variant: Variant | None
    overrides: tuple[str, ...]

    @property
    def name(self) -> str:
        """As `like` would name it."""
        return f"{self.case.name}:{self.variant.name}" if self.variant else self.case.name

    @property
    def expected(self) -> Sequence[Expected]:
        return self.variant.expected if self.variant else self.case.expectations.expected

    @property
    def key(self) -> TrialKey:
        return self.case.folder, self.overrides


@dataclass
class ValidationPlan:
    """Everything that will be run, each run once, and what is left out."""

    mode: ValidationMode
    trials: list[Trial] = field(default_factory=list)
    likes: dict[tuple[str, str], Trial] = field(default_factory=dict)
    """By the name of a case and what its `like` says: the trial whose numbers are the reference."""
    runs: dict[TrialKey, Case] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    @property
    def is_fast(self) -> bool:
        return self.mode is ValidationMode.FAST

    def like(self, trial: Trial, expected: Expected) -> Trial | None:
        """The trial that computes the reference."""
        return self.likes[trial.case.name, expected.like] if expected.like else None

    def needed_by(self, trial: Trial) -> set[TrialKey]:
        """The runs without which a trial cannot be judged."""
        others = (self.like(trial, expected) for expected in trial.expected)
        return {trial.key, *(other.key for other in others if other is not None)}


def make_plan(names: Sequence[str], mode: ValidationMode) -> ValidationPlan:
    """Read and check everything before anything is run. Raises UsageError or CaseError."""
    plan = ValidationPlan(mode)
    for candidate in _candidates(names):
        for variant in _forms(candidate.expectations):
            _add(plan, candidate, variant)
    if not plan.trials:
        raise UsageError(f"nothing to run; {mode.leaves_out}: {', '.join(plan.left_out)}")
    for trial in plan.trials:
        for expected in trial.expected:
            if expected.like:
                _add_like(plan, trial, expected.like)
    return plan


def _candidates(names: Sequence[str]) -> list[ValidationCase]:
    """Each once, in the order asked for; every shipped case if none is asked for."""
    found = [candidate for name in names for candidate in _named(name)] if names else _shipped(cases())
    return list({candidate.folder: candidate for candidate in found}.values())


def _named(name: str) -> Iterable[ValidationCase]:
    """A shipped case or group, or else a folder."""
    if shipped := find_cases(name):
        return _shipped(shipped)
    folder = Path(name)
    if not (folder / CASE).is_file():
        if folder.is_dir():
            raise UsageError(f"{name}: has no {CASE}; give the folder of a case or the name of a shipped one")
        raise unknown_case(name, group=True)
    return [ValidationCase(name, folder.resolve(), False, read_expectations(folder / EXPECTED))]


def _shipped(found: Iterable[ShippedCase]) -> list[ValidationCase]:
    return [
        ValidationCase(case.name, case.folder, True, read_expectations(case.folder / EXPECTED))
        for case in found
    ]


def _forms(expectations: Expectations) -> Iterator[Variant | None]:
    """The case itself, if anything is expected of it, and its variants."""
    if expectations.expected:
        yield None
    yield from expectations.variant


def _add(plan: ValidationPlan, candidate: ValidationCase, variant: Variant | None) -> None:
    overrides = candidate.overrides(variant, plan.mode)
    if overrides is False:
        plan.left_out.append(f"{candidate.name}:{variant.name}" if variant else candidate.name)
        return
    trial = Trial(candidate, variant, overrides)
    plan.trials.append(trial)
    _add_run(plan, trial)


def _add_run(plan: ValidationPlan, trial: Trial) -> None:
    if trial.key not in plan.runs:
        plan.runs[trial.key] = trial.case.load(trial.overrides)


def _add_like(plan: ValidationPlan, trial: Trial, like: str) -> None:
    """Run the other case too, in the same mode."""
    label = f'{trial.case.folder / EXPECTED}: like = "{like}"'
    name, _, variant_name = like.partition(":")
    other = _like_candidate(trial.case, name, label)
    variant = other.expectations.variant_named(variant_name)
    if variant_name and variant is None:
        raise CaseError(f'{label}: the case has no variant "{variant_name}"')
    overrides = other.overrides(variant, plan.mode)
    if overrides is False:
        raise CaseError(f"{label}: that case is {plan.mode.leaves_out}; let this one be so too")
    found = plan.likes[trial.case.name, like] = Trial(other, variant, overrides)
    _add_run(plan, found)


def _like_candidate(candidate: ValidationCase, name: str, label: str) -> ValidationCase:
    """The case that a `like` names: a shipped one, or the same case if it names none."""
    if name in ("", candidate.name):
        return candidate
    try:
        return _shipped([find_case(name)])[0]
    except UsageError as error:
        raise CaseError(f"{label}: {error}") from None
