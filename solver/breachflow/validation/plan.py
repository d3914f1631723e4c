"""The plan of a validation: its trials, each a case or a variant in one mode, and the runs they need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeAlias

from breachflow.cabin.grammar.read import load_cabin
from breachflow.cabin.grammar.schema import CabinCase
from breachflow.case import Case, load_case
from breachflow.case_kinds import CASE_FILE, CaseKind, kind_of_file
from breachflow.errors import CaseError, UsageError
from breachflow.inference.case.read import load_record_case
from breachflow.inference.case.schema import RecordCase
from breachflow.inference.locate.grammar.read import load_locate
from breachflow.inference.locate.grammar.schema import LocateCase
from breachflow.shipped import EXPECTED, ShippedCase, cases, find_case, find_cases, unknown_case
from breachflow.validation.expected import Expectations, Expected, Overrides, Variant, read_expectations


class ValidationMode(StrEnum):
    """Which cases are run, and with which overrides."""

    FAST = "fast"
    """Every case with its fast overrides."""
    WRITTEN = "as written"
    """Every case as written, except those marked `full`."""
    FULL = "full"
    """Every case as written."""

    @property
    def leaves_out(self) -> str:
        """Reason why a case is not run in this mode."""
        return "left out of --fast" if self is ValidationMode.FAST else "only run with --full"


AnyCase: TypeAlias = Case | CabinCase | LocateCase | RecordCase
"""The case of a flow, of a cabin, of a leak to be located, or of a record."""

_LOADERS: Final[dict[CaseKind, Callable[[Path, tuple[str, ...]], AnyCase]]] = {
    CaseKind.CABIN: load_cabin,
    CaseKind.LOCATION: load_locate,
    CaseKind.RECORD: load_record_case,
}
"""Readers of kinds of cases; that of flows tells which command computes any other kind."""

TrialKey: TypeAlias = tuple[Path, tuple[str, ...]]
"""The folder of a case and the overrides. Trials with equal keys share one run."""


@dataclass(frozen=True)
class ValidationCase:
    """A case with the content of its `expected.toml`."""

    name: str
    """Group and folder of a shipped case; the folder as given of any other case."""
    folder: Path
    shipped: bool
    """Whether the case comes with the program."""
    expectations: Expectations

    def overrides(self, variant: Variant | None, mode: ValidationMode) -> Overrides:
        """Overrides of the case, or of a variant, in a mode; False where the mode leaves it out."""
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

    @property
    def kind(self) -> CaseKind:
        """The kind of the case, by its keys."""
        return kind_of_file(self.folder / CASE_FILE)

    def load(self, overrides: tuple[str, ...] = ()) -> AnyCase:
        """The case with overrides. Raises CaseError where it is not valid."""
        return _LOADERS.get(self.kind, load_case)(self.folder / CASE_FILE, overrides)


@dataclass(frozen=True)
class Trial:
    """A case, or a variant of it, with the overrides of the mode."""

    case: ValidationCase
    variant: Variant | None
    overrides: tuple[str, ...]

    @property
    def name(self) -> str:
        """CASE or CASE:VARIANT, as `like` names it."""
        return f"{self.case.name}:{self.variant.name}" if self.variant else self.case.name

    @property
    def expected(self) -> Sequence[Expected]:
        """The expected numbers."""
        return self.variant.expected if self.variant else self.case.expectations.expected

    @property
    def key(self) -> TrialKey:
        """Key of the run that the trial needs."""
        return self.case.folder, self.overrides


@dataclass
class ValidationPlan:
    """The trials of a validation and their runs, each of which is done once."""

    mode: ValidationMode
    trials: list[Trial] = field(default_factory=list)
    likes: dict[tuple[str, str], Trial] = field(default_factory=dict)
    """Trials that compute a reference, by the name of a case and the text of a `like` in it."""
    runs: dict[TrialKey, AnyCase] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    """Names of the trials that the mode leaves out."""

    @property
    def is_fast(self) -> bool:
        """Whether the fast overrides and tolerances apply."""
        return self.mode is ValidationMode.FAST

    def like(self, trial: Trial, expected: Expected) -> Trial | None:
        """The trial that computes the reference of an expected number; None where the reference is stated."""
        return self.likes[trial.case.name, expected.like] if expected.like else None

    def asks(self, key: TrialKey, beginning: str) -> bool:
        """Whether a number whose name begins so is expected of a run."""
        trials = [trial for trial in (*self.trials, *self.likes.values()) if trial.key == key]
        return any(one.quantity.startswith(beginning) for trial in trials for one in trial.expected)

    def needed_by(self, trial: Trial) -> set[TrialKey]:
        """Keys of the runs without which a trial cannot be judged."""
        others = (self.like(trial, expected) for expected in trial.expected)
        return {trial.key, *(other.key for other in others if other is not None)}


def make_plan(names: Sequence[str], mode: ValidationMode) -> ValidationPlan:
    """The plan for shipped cases, groups and folders; for all shipped cases if no name is given.

    All cases are read and checked before any is run. Raises UsageError for an unknown name, or where the mode
    leaves out all cases; CaseError for a case or an `expected.toml` that is not valid.
    """
    plan = ValidationPlan(mode)
    for case in _cases_named(names):
        for variant in _forms(case.expectations):
            _add(plan, case, variant)
    if not plan.trials:
        raise UsageError(f"nothing to run; {mode.leaves_out}: {', '.join(plan.left_out)}")
    for trial in plan.trials:
        for expected in trial.expected:
            if expected.like:
                _add_like(plan, trial, expected.like)
    return plan


def _cases_named(names: Sequence[str]) -> list[ValidationCase]:
    """The cases that the names stand for, each once; every shipped case if there is no name."""
    found = [case for name in names for case in _named(name)] if names else _shipped(cases())
    return list({case.folder: case for case in found}.values())


def _named(name: str) -> Iterable[ValidationCase]:
    """The shipped cases of this name or group, or else the case in the folder."""
    if shipped := find_cases(name):
        return _shipped(shipped)
    folder = Path(name)
    if not (folder / CASE_FILE).is_file():
        if folder.is_dir():
            raise UsageError(
                f"{name}: has no {CASE_FILE}; give the folder of a case or the name of a shipped one"
            )
        raise unknown_case(name, group=True)
    return [ValidationCase(name, folder.resolve(), False, read_expectations(folder / EXPECTED))]


def _shipped(found: Iterable[ShippedCase]) -> list[ValidationCase]:
    return [
        ValidationCase(case.name, case.folder, True, read_expectations(case.folder / EXPECTED))
        for case in found
    ]


def _forms(expectations: Expectations) -> Iterator[Variant | None]:
    """None for the case as written, if it has expected numbers; then its variants."""
    if expectations.expected:
        yield None
    yield from expectations.variant


def _add(plan: ValidationPlan, case: ValidationCase, variant: Variant | None) -> None:
    overrides = case.overrides(variant, plan.mode)
    if overrides is False:
        plan.left_out.append(f"{case.name}:{variant.name}" if variant else case.name)
        return
    trial = Trial(case, variant, overrides)
    plan.trials.append(trial)
    _add_run(plan, trial)


def _add_run(plan: ValidationPlan, trial: Trial) -> None:
    if trial.key not in plan.runs:
        plan.runs[trial.key] = trial.case.load(trial.overrides)


def _add_like(plan: ValidationPlan, trial: Trial, like: str) -> None:
    """Add the case that a `like` names, in the same mode."""
    label = f'{trial.case.folder / EXPECTED}: like = "{like}"'
    name, _, variant_name = like.partition(":")
    other = _like_case(trial.case, name, label)
    variant = other.expectations.variant_named(variant_name)
    if variant_name and variant is None:
        raise CaseError(f'{label}: the case has no variant "{variant_name}"')
    overrides = other.overrides(variant, plan.mode)
    if overrides is False:
        raise CaseError(f"{label}: that case is {plan.mode.leaves_out}; let this one be so too")
    found = plan.likes[trial.case.name, like] = Trial(other, variant, overrides)
    _add_run(plan, found)


def _like_case(case: ValidationCase, name: str, label: str) -> ValidationCase:
    """The case that a `like` names: a shipped case; the same case if it names none."""
    if name in ("", case.name):
        return case
    try:
        return _shipped([find_case(name)])[0]
    except UsageError as error:
        raise CaseError(f"{label}: {error}") from None
