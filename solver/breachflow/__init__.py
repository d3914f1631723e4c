"""How gas leaves a pressurized hull through a breach: mass flow, discharge coefficient, thrust, near field.

A case says what the hole, the gas and the two sides are; a result has the numbers and the fields of its flow.
All numbers are in SI units. Every error of this package is a `BreachflowError` with one clear line.
"""

from __future__ import annotations

from os import PathLike

from breachflow.errors import (
    BreachflowError,
    CaseError,
    MeshError,
    MissingColumn,
    NonPhysicalState,
    NotConverged,
    NotEnoughMemory,
    OutOfRange,
    OutputLocked,
    PointsFailed,
    ResultError,
    SlowerThanBefore,
    Stopped,
    UsageError,
    ValidationFailed,
)
from breachflow.version import __version__

TYPE_CHECKING = False
"""As in `typing`, which takes as long to import as the rest: until it is, Python answers an interrupt."""

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any, Final, TypeAlias

    from breachflow.cabin.answer.result import CabinResult
    from breachflow.cabin.grammar.schema import CabinCase
    from breachflow.case.schema import Case
    from breachflow.inference.answer.answer import Inference
    from breachflow.inference.detect.answer import Detection
    from breachflow.inference.detect.arguments import Several
    from breachflow.inference.locate.answer import LeakLocation
    from breachflow.inference.locate.grammar.schema import LocateCase
    from breachflow.inference.record.select import TimeArgument
    from breachflow.inference.repair.answer import Repair
    from breachflow.leak.answer import Estimate
    from breachflow.leak.arguments.estimate import LawArgument
    from breachflow.leak.arguments.gas import GasArgument
    from breachflow.leak.arguments.values import Quantified
    from breachflow.leak.fitted.law import LeakLaw
    from breachflow.leak.reserve.answer import Reserve
    from breachflow.mesh.mesh import Mesh
    from breachflow.results.files.cabin.series import CabinSeries
    from breachflow.results.result import Result
    from breachflow.results.table import SweepTable
    from breachflow.runs.progress import StopRequest, Watcher
    from breachflow.runs.setup.meshes import RunPlan
    from breachflow.sweeps.progress import SweepWatcher
    from breachflow.sweeps.result import SweepResult
    from breachflow.validation.validate import Begin, ValidationReport

FilePath: TypeAlias = str | PathLike[str]

__all__ = [
    "BreachflowError", "CabinCase", "CabinResult", "CabinSeries", "Case", "CaseError", "Detection",
    "Estimate", "Inference", "LeakLaw", "LeakLocation", "LocateCase", "Mesh", "MeshError",
    "MissingColumn",
    "NonPhysicalState", "NotConverged", "NotEnoughMemory", "OutOfRange", "OutputLocked", "PointsFailed",
    "Repair", "Reserve", "Result", "ResultError", "SlowerThanBefore", "Stopped", "SweepResult", "SweepTable",
    "UsageError", "ValidationFailed", "ValidationReport", "__version__", "check", "detect", "estimate",
    "infer", "load_cabin", "load_case", "load_locate", "locate", "parse_case", "read_cabin", "read_law",
    "read_result", "read_table", "repair", "reserve", "run", "solve_cabin", "sweep", "validate",
    "write_mesh",
]  # fmt: skip

_CLASSES: Final = {
    "CabinResult": "breachflow.cabin.answer.result",
    "CabinCase": "breachflow.cabin.grammar.schema",
    "CabinSeries": "breachflow.results.files.cabin.series",
    "Case": "breachflow.case.schema",
    "Detection": "breachflow.inference.detect.answer",
    "Estimate": "breachflow.leak.answer",
    "Inference": "breachflow.inference.answer.answer",
    "LeakLaw": "breachflow.leak.fitted.law",
    "LeakLocation": "breachflow.inference.locate.answer",
    "LocateCase": "breachflow.inference.locate.grammar.schema",
    "Mesh": "breachflow.mesh.mesh",
    "Repair": "breachflow.inference.repair.answer",
    "Reserve": "breachflow.leak.reserve.answer",
    "Result": "breachflow.results.result",
    "SweepResult": "breachflow.sweeps.result",
    "SweepTable": "breachflow.results.table",
    "ValidationReport": "breachflow.validation.validate",
}
"""The classes that are imported on first use, with their modules: `import breachflow` loads no numpy."""


def load_case(path: FilePath, overrides: Sequence[str] = (), *, allow_outside: bool = False) -> Case:
    """Read and check a case file.

    Args:
        path: The case file, in TOML.
        overrides: Keys that are replaced, as in "orifice.diameter=3 mm".
        allow_outside: Let paths in the case leave its folder and project.

    Returns:
        The case, complete and in SI units.

    Raises CaseError where the file cannot be read or is not a valid case; the message names the line.

    >>> case = load_case("leak/case.toml", ["orifice.diameter=3 mm"])  # doctest: +SKIP
    """
    from breachflow.case.read import load_case as load

    return load(_path(path), overrides, allow_outside=allow_outside)


def load_cabin(path: FilePath, overrides: Sequence[str] = (), *, allow_outside: bool = False) -> CabinCase:
    """Read and check the case of a cabin.

    Args:
        path: The case file, in TOML.
        overrides: Keys that are replaced, as in "run.end_time=2 h".
        allow_outside: Let paths in the case leave its folder and project.

    Returns:
        The case, complete and in SI units.

    Raises CaseError where the file cannot be read or is not a valid case; the message names the line.

    >>> case = load_cabin("station/case.toml", ["leak.hole.diameter=3 mm"])  # doctest: +SKIP
    """
    from breachflow.cabin.grammar.read import load_cabin as load

    return load(_path(path), overrides, allow_outside=allow_outside)


def solve_cabin(case: CabinCase, *, varied: bool = True) -> CabinResult:
    """Follow the compartments of a cabin to the end of its case; no file is written.

    Args:
        case: What `load_cabin` gives.
        varied: Whether the reserve time gets its interval and sensitivities, which take further marches.

    Returns:
        The result: `summary` has all numbers in SI units by name, `text` the lines that the command prints,
        `series` the quantities over time; `write` makes a file of it.

    Raises CaseError where the law of a leak ends on the way, NonPhysicalState where the equations cannot be
    solved, ResultError where the table of a leak cannot be read, and UsageError where `case` is none.

    >>> solve_cabin(load_cabin("station/case.toml")).summary["reserve_time"]  # doctest: +SKIP
    """
    from breachflow.cabin.answer.result import CabinResult
    from breachflow.cabin.grammar.schema import CabinCase

    if not isinstance(case, CabinCase):
        raise UsageError(
            f"solve_cabin() takes a cabin, not {case!r}: read it with breachflow.load_cabin(path)"
        )
    return CabinResult(case, varied)


def read_cabin(path: FilePath) -> CabinSeries:
    """Read the result of a cabin.

    Args:
        path: The file that `breachflow cabin` wrote.

    Returns:
        Its axes, variables and attributes; `to_xarray()` gives a dataset.

    Raises ResultError where the file is damaged, unsafe or no such result.

    >>> read_cabin("station/cabin.h5").variables["pressure"].values[-1]  # doctest: +SKIP
    """
    from breachflow.results.files.cabin.series import read_series

    return read_series(path)


def load_locate(path: FilePath, overrides: Sequence[str] = (), *, allow_outside: bool = False) -> LocateCase:
    """Read and check the case of a leak to be located.

    Args:
        path: The case file, in TOML.
        overrides: Keys that are replaced, as in "suspect.two_leaks=0.2".
        allow_outside: Let paths in the case leave its folder and project.

    Returns:
        The case, complete and in SI units.

    Raises CaseError where the file cannot be read or is not a valid case; the message names the line.

    >>> case = load_locate("leak/case.toml", ["suspect.rate=1.2 kg/day"])  # doctest: +SKIP
    """
    from breachflow.inference.locate.grammar.read import load_locate as load

    return load(_path(path), overrides, allow_outside=allow_outside)


def locate(case: LocateCase) -> LeakLocation:
    """Tell where a leak is by the tests of a case, and which hatch to shut next.

    Args:
        case: What `load_locate` gives.

    Returns:
        The probability of each compartment and of each place, and the hatches that may be shut next, best
        first: attributes are in SI units; `print` shows practical units.

    Raises UsageError where `case` is none.

    >>> locate(load_locate("leak/case.toml")).next[0].hatch  # doctest: +SKIP
    """
    from breachflow.inference.locate.compute import location_of
    from breachflow.inference.locate.grammar.schema import LocateCase

    if not isinstance(case, LocateCase):
        raise UsageError(
            f"locate() takes a leak to be located, not {case!r}: read it with breachflow.load_locate(path)"
        )
    return location_of(case)


def parse_case(
    text: str, *, path: FilePath | None = None, overrides: Sequence[str] = (), allow_outside: bool = False
) -> Case:
    """Read and check the text of a case.

    Args:
        text: The case in TOML.
        path: The file that the text stands for: paths in it are relative to the folder of that file; to the
            working directory if absent.
        overrides: Keys that are replaced, as in "orifice.diameter=3 mm".
        allow_outside: Let paths in the case leave its folder and project.

    Returns:
        The case, complete and in SI units.

    Raises CaseError where the text is not a valid case; the message names the line.

    >>> parse_case('''
    ... gas = "air"
    ... orifice = { shape = "round", diameter = "2 mm" }
    ... [boundary]
    ... cabin = { kind = "reservoir", pressure = "1 atm", temperature = "20 degC" }
    ... space = { kind = "vacuum" }
    ... ''').orifice.diameter
    0.002
    """
    from breachflow.case.read import parse_case as parse

    place = None if path is None else _path(path)
    return parse(text, path=place, overrides=overrides, allow_outside=allow_outside)


def check(case: Case) -> RunPlan:
    """Make the meshes of a case and estimate what its run will cost; nothing is solved.

    Args:
        case: What `load_case` or `parse_case` gives.

    Returns:
        The plan: the cells of each mesh, the memory in bytes, the time in seconds, the quality of the finest
        mesh, the faces of its patches, and notes.

    Raises CaseError, MeshError, or UsageError where `case` is not a case.

    >>> check(case).memory_bytes  # doctest: +SKIP
    """
    from breachflow.case.read import require_case
    from breachflow.runs.setup.meshes import plan

    return plan(require_case(case, "check"))


def run(
    case: Case,
    *,
    output: FilePath | None = None,
    threads: int | None = None,
    watch: Watcher | None = None,
    stop: StopRequest | None = None,
    fresh: bool = False,
    start: FilePath | None = None,
) -> Result:
    """Solve a case and write its result.

    A run that did not converge or was stopped has a result too, which says so: `result.converged`,
    `result.stopped`. One that was stopped or killed goes on from its last checkpoint, bit for bit.

    Args:
        case: What `load_case` or `parse_case` gives.
        output: The result file (.vtkhdf or .h5) instead of the one that the case names.
        threads: Threads to compute with; all cores if absent.
        watch: Called with a `Progress` after every iteration.
        stop: Called before every iteration; a text that it returns ends the run, and is the reason given.
        fresh: Start over: discard the checkpoint of a run that was stopped.
        start: A result that a steady run starts from, of a neighboring case or of this one.

    Returns:
        The result, read back from its file.

    Raises UsageError, CaseError, MeshError, NotEnoughMemory, NonPhysicalState, ResultError or OutputLocked.

    >>> result = run(case, output="leak/three.vtkhdf", threads=2)  # doctest: +SKIP
    """
    from breachflow.runs.run import run as solve

    place = None if output is None else _path(output)
    return solve(
        case,
        output=place,
        threads=threads,
        watch=watch,
        stop=stop,
        fresh=fresh,
        start=None if start is None else _path(start),
    )


def sweep(
    case: Case | CabinCase,
    *,
    workers: int | None = None,
    threads: int = 1,
    scheduler: str | None = None,
    output: FilePath | None = None,
    watch: SweepWatcher | None = None,
    stop: StopRequest | None = None,
) -> SweepResult:
    """Compute every point of the table [sweep] of a case, and write a table of them.

    Answers are kept in a ledger: a sweep that was stopped goes on where it was. A point that fails is a row
    of the table with its error.

    Args:
        case: A case of a flow or of a cabin, with a table [sweep].
        workers: Processes; as many as there are cores for if absent.
        threads: Threads of each worker.
        scheduler: Address of a dask scheduler, such as "tcp://host:8786", whose workers compute instead.
        output: Folder of ledger, solutions and table, instead of NAME.sweep beside the case.
        watch: Called with a `SweepProgress` after every solution.
        stop: Called several times a second; a text that it returns ends the sweep, and is the reason given.

    Returns:
        The counts of points by status, the table, and for flows the law fitted to it where there is one.

    Raises UsageError, ResultError, or CaseError where the case has no table [sweep].

    >>> sweep(case, workers=2).table.column("discharge_coefficient")  # doctest: +SKIP
    """
    from breachflow.document.sweep.rules import SweptDocument
    from breachflow.sweeps.driver import sweep as compute

    if not isinstance(case, SweptDocument):
        raise UsageError(f"sweep() takes a case, not {case!r}: read it with breachflow.load_case(path)")
    place = None if output is None else _path(output)
    return compute(
        case, workers=workers, threads=threads, scheduler=scheduler, output=place, watch=watch, stop=stop
    )


def estimate(
    *,
    pressure: Quantified,
    temperature: Quantified,
    diameter: Quantified | None = None,
    width: Quantified | None = None,
    length: Quantified | None = None,
    wall_thickness: Quantified = 0.0,
    edge_radius: Quantified = 0.0,
    angle: Quantified = 0.0,
    mass_flow: Quantified | None = None,
    rate: Quantified | None = None,
    gas: GasArgument = "air",
    outside: Quantified = "vacuum",
    law: LawArgument | None = None,
    discharge_coefficient: float | None = None,
    volume: Quantified | None = None,
    until: Quantified | None = None,
) -> Estimate:
    """Estimate from closed forms how gas leaves through a hole: mass flow, thrust, regime. No mesh is made.

    The expected flow is continuous from the smallest crack to the largest hole. A quantity is text with a
    unit, such as "2 mm", or a number in SI units: m, rad, Pa, K, m3, kg/s, Pa/s.

    Where a flow was measured instead of an opening, `mass_flow` or `rate` asks which opening has it: a round
    hole, or with `length` a slit or crack.

    Args:
        pressure: Pressure of the gas at rest inside.
        temperature: Temperature of that gas, and of the walls.
        diameter: Diameter of a round hole or tube.
        width: Width of a slit or opening of a crack; with `length`.
        length: Length of a slit or crack along the wall, at least twice its width.
        wall_thickness: Depth along the flow: of the wall, a tube or a crack.
        edge_radius: Radius of the upstream edge; 0 is a sharp edge.
        angle: Between the bore of a round hole and the normal of the wall, at most 70 deg; only with a `law`
            that was fitted to a sweep over `orifice.angle`, or a `discharge_coefficient`.
        mass_flow: The measured flow, such as "1.6 kg/day", or "1.6 +- 0.3 kg/day" with one standard
            deviation, instead of a size.
        rate: How fast the pressure in `volume` falls, such as "1.3 mmHg/h", with or without its deviation,
            instead of a size; at constant temperature.
        gas: The name of a gas ("air", "helium", ...), a `Species`, a table of numbers with the keys gamma,
            molar_mass (number: kg/mol) and, if known, viscosity at 300 K (number: Pa s) and name, or the mole
            fractions of a mixture such as {"nitrogen": 0.79, "oxygen": 0.21}.
        outside: Pressure outside, or "vacuum".
        law: Only this law, within its range: a name of `breachflow estimate --list`, the table.h5 of a sweep
            to which a law was fitted, or a `Law`. Without it the best estimate of all.
        discharge_coefficient: Coefficient to compute the flow with, above 0 and at most 1, instead of a law.
        volume: Volume that empties; adds the rate of the pressure.
        until: Pressure, with `volume`; adds the time until the pressure has fallen to it.

    Returns:
        The estimate: its attributes are in SI units; `print` shows it in the units that people use.

    Raises UsageError where an argument is missing, cannot be read or contradicts another, OutOfRange where
    the law that was asked for does not hold or a liquid is inside, and ResultError where a file has no law.

    A thin 2 mm hole of a cabin at 1 atm, 295 K loses 53.7 kg/day with a discharge coefficient of 0.83:

    >>> found = estimate(diameter="2 mm", pressure="1 atm", temperature=295.0, discharge_coefficient=0.83)
    >>> round(found.mass_flow * 86400, 1), found.regime
    (53.7, 'continuum')

    A hole that loses 1.6 kg/day:

    >>> found = estimate(pressure="730 mmHg", temperature=295.0, mass_flow="1.6 kg/day")
    >>> round(1e3 * found.size, 3)
    0.352
    """
    from breachflow.leak.arguments.estimate import (
        read_breach,
        read_choice,
        read_drain,
        read_family,
        read_measured,
        read_state,
    )
    from breachflow.leak.estimate import estimate_leak
    from breachflow.leak.inverse.opening import estimate_opening

    opening = (diameter, width, length, wall_thickness, edge_radius, angle)
    state = read_state(gas, pressure, temperature, outside)
    drain = read_drain(volume, until, pressure, state)
    choice = read_choice(law, discharge_coefficient)
    measured = read_measured(mass_flow, rate, drain, state)
    if measured is None:
        return estimate_leak(read_breach(*opening), state, choice, drain)
    return estimate_opening(read_family(*opening), state, choice, measured, drain)


def reserve(
    *,
    rate: Quantified | None = None,
    pressure: Quantified | None = None,
    from_pressure: Quantified | None = None,
    to_pressure: Quantified | None = None,
    after: Quantified | None = None,
    resolution: Quantified | None = None,
    wander: Quantified | None = None,
    diameter: Quantified | None = None,
    discharge_coefficient: float | None = None,
    until: Quantified | None = None,
    volume: Quantified | None = None,
    temperature: Quantified | None = None,
    gas: GasArgument = "air",
    feed: Quantified | None = None,
) -> Reserve:
    """Time until the pressure of a cabin that leaks into vacuum has fallen to a limit. No case, no mesh.

    The leak is known in one of three ways: by a rate and the pressure, by two readings, or by a hole, the
    volume and the pressure. From a rate the time needs no volume, but the law by which the flow falls with
    the pressure: the answer has four. A quantity is text with a unit, such as "745 mmHg", or a number in SI
    units: Pa, Pa/s, s, m, m3, K, kg/s.

    Args:
        rate: How fast the pressure falls, such as "1 mmHg/h", or "1 +- 0.2 mmHg/h" with one standard
            deviation; with `volume` also a mass flow, such as "1.6 kg/day".
        pressure: Pressure now; with `rate` or `diameter`.
        from_pressure: The earlier of two readings.
        to_pressure: The later one: the pressure now.
        after: Time between them.
        resolution: Step in which the gauge reads; by the digits of the readings if absent.
        wander: Standard deviation by which the pressure wanders in an hour without a leak, growing with the
            root of the time; "0.12 mmHg" in an open station. Not in the interval if absent.
        diameter: Diameter of a thin round hole.
        discharge_coefficient: Its coefficient, above 0 and at most 1; the best estimate if absent.
        until: Pressure until which the time is; 490 mmHg if absent, which nobody has verified.
        volume: Volume that empties; with a rate or readings it adds the mass flow and the equivalent hole.
        temperature: Temperature of the gas; 295 K if absent. A time from a rate does not depend on it.
        gas: As for `estimate`.
        feed: Mass flow of the same gas into the cabin from now on, which the rate does not hold yet; needs
            `volume`.

    Returns:
        The times, with a 90 % interval and the leak rate: its attributes are in SI units; `print` shows it in
        the units that people use. Readings that show no fall give a least time and "not a rate yet".

    Raises UsageError where an argument is missing, cannot be read or contradicts another, and where the
    pressure rises or is not above the limit; OutOfRange where a liquid is inside or a formula does not hold.

    From 760 to 758 mmHg in 90 minutes, 248 h are left until 490 mmHg through a hole:

    >>> found = reserve(from_pressure="760 mmHg", to_pressure="758 mmHg", after="90 min", until="490 mmHg")
    >>> round(found.time.hole_isothermal / 3600), round(found.time.linear / 3600)
    (248, 201)
    """
    from breachflow.leak.reserve.arguments import ReserveArguments, read_question
    from breachflow.leak.reserve.compute import reserve_time

    given = ReserveArguments(
        rate, pressure, from_pressure, to_pressure, after, resolution, wander, diameter,
        discharge_coefficient, until, volume, temperature, gas, feed,
    )  # fmt: skip
    return reserve_time(*read_question(given))


def detect(
    *,
    volume: Several = None,
    length: Several = None,
    leak: Quantified | None = None,
    noise: Quantified | None = None,
    noise_time: Quantified | None = None,
    resolution: Quantified | None = None,
    every: Quantified | None = None,
    wander: Quantified | None = None,
    noise_from: Any = None,
    false_alarm: float = 0.05,
    miss: float = 0.05,
    pressure: Quantified | None = None,
    temperature: Quantified | None = None,
    gas: GasArgument = "air",
) -> Detection:
    """The smallest leak that a pressure record shows, by volume and length of the record. No case, no mesh.

    The noise is that of the sensor and of the air; where none is given, the wander of an open station. A
    quantity is text with a unit, such as "0.05 mmHg", or a number in SI units.

    Args:
        volume: What leaks: one volume or several; 7, 75, 260 and 1005 m3 if absent.
        length: Length of the record: one or several; 1, 3, 6, 12, 24 and 72 h if absent.
        leak: A leak, as a mass flow or a rate of the pressure: adds how long a record must be to show it.
        noise: Standard deviation of noise that lasts; with `noise_time`.
        noise_time: How long it lasts: it forgets by exp(-t/time).
        resolution: Step in which the gauge reads.
        every: Time between two readings; 1 min if absent.
        wander: Standard deviation by which the pressure wanders in an hour without a leak.
        noise_from: A quiet record whose wander, step and time between readings count: a path as `infer` takes
            it, or a pair of times, s, and pressures, Pa.
        false_alarm: Probability that a record without a leak shows one.
        miss: Probability that a record with the smallest leak does not show it.
        pressure: Pressure of the gas, for the equivalent hole; 760 mmHg if absent.
        temperature: Temperature of the gas; 295 K if absent.
        gas: As for `estimate`.

    Returns:
        The smallest leaks: attributes are in SI units, tables have a row for each volume and a column for
        each length; `print` shows them in practical units.

    Raises UsageError where an argument is missing, cannot be read or contradicts another, OutOfRange where
    the equivalent hole is not known for the gas, and CaseError where the quiet record cannot be read.

    In a tunnel of 7 m3 a day's record shows 1.6 g/day:

    >>> found = detect(volume="7 m3", length="1 day", noise="0.05 mmHg", noise_time="1 h")
    >>> f"{found.smallest_kg_per_day[0][0]:.5f}"
    '0.00161'
    """
    from breachflow.inference.detect.arguments import DetectArguments, read_detection
    from breachflow.inference.detect.compute import detection_of
    from breachflow.inference.sensor import SensorArguments

    sensor = SensorArguments(noise, noise_time, resolution, every, wander, noise_from)
    given = DetectArguments(volume, length, leak, sensor, false_alarm, miss, pressure, temperature, gas)
    return detection_of(read_detection(given))


def repair(
    record: FilePath | tuple[Any, Any] | None = None,
    *,
    at: TimeArgument | None = None,
    before: Quantified | None = None,
    after: Quantified | None = None,
    before_pressure: Quantified | None = None,
    after_pressure: Quantified | None = None,
    exponent: float | None = None,
    planned: Quantified | None = None,
    since: Quantified | None = None,
    left: float = 0.0,
    from_time: TimeArgument | None = None,
    to_time: TimeArgument | None = None,
    exclude: Sequence[Any] = (),
    step: TimeArgument | Sequence[TimeArgument] | None = None,
    known: Any = None,
    temperature_weight: str | float | None = None,
    period: Quantified | None = None,
    background: str | None = None,
    noise: Quantified | None = None,
    noise_time: Quantified | None = None,
    resolution: Quantified | None = None,
    every: Quantified | None = None,
    wander: Quantified | None = None,
    noise_from: Any = None,
    volume: Quantified | None = None,
    temperature: Quantified | None = None,
    gas: GasArgument = "air",
) -> Repair:
    """Tell whether a repair has worked, from a pressure record, or from the leak rates before and after.

    Rates are text with their standard deviation, such as "1.70 +- 0.08 kg/day" or "0.3 +- 0.05 mmHg/h"; the
    rate after may be below 0. Other quantities are text with a unit, or numbers in SI units.

    Args:
        record: The path of a record as `infer` takes it, or a pair of times, s, and pressures, Pa; with `at`.
        at: Time of the repair in the record: a date, "6 h", or s.
        before: Leak rate before the repair, in place of a record; with `after`.
        after: Leak rate after it.
        before_pressure: Pressure at which the rate before was measured, where the pressures differ.
        after_pressure: Pressure at which the rate after was measured.
        exponent: Exponent of the law: 1 of a hole, 2 of a crack. Of a record it is found, if absent.
        planned: Loss that is planned for: the repair has worked only if less than it is left.
        since: Length of the record after the repair so far, where rates are given.
        left: Share of the leak that is assumed to be left, for the length of the record that is needed.
        from_time: First time of the record that counts, as for `infer`; so are the next seven.
        to_time: Last time that counts.
        exclude: Pairs of times between which readings are left out.
        step: Times at which the pressure jumps by an unknown amount.
        known: Gas that was let in.
        temperature_weight: How far the temperature sensor speaks for the mean temperature.
        period: Period of a wave, such as an orbit's.
        background: Rate of fall without a leak.
        noise: Standard deviation of noise that lasts, where rates are given; with `noise_time`.
        noise_time: How long it lasts: it forgets by exp(-t/time).
        resolution: Step in which the gauge reads.
        every: Time between two readings; 1 min if absent.
        wander: Standard deviation by which the pressure wanders in an hour without a leak.
        noise_from: A quiet record that the wander is read from.
        volume: What leaks; needed where one rate is a mass flow and another a rate of the pressure.
        temperature: Temperature of the gas; by the record's sensor, else 295 K, if absent.
        gas: As for `estimate`.

    Returns:
        The verdict, the probabilities that the leak fell by half, three quarters and nine tenths, what is
        left at most, and how long to wait: attributes are in SI units; `print` shows practical units.

    Raises UsageError where an argument is missing, cannot be read or contradicts another, and CaseError where
    the record cannot be read, is frozen, steps, or has too few readings on a side.

    >>> found = repair(before="1.70 +- 0.08 kg/day", after="0.35 +- 0.12 kg/day")
    >>> found.verdict, round(found.residual_upper_kg_per_day, 5)
    ('worked', 0.54749)
    """
    from breachflow.inference.repair.arguments import RepairArguments, ToldOfRecord
    from breachflow.inference.repair.question import answered
    from breachflow.inference.sensor import SensorArguments

    told = ToldOfRecord(
        record, at, from_time, to_time, exclude, step, known, temperature_weight, period, background,
        noise_from,
    )  # fmt: skip
    sensor = SensorArguments(noise, noise_time, resolution, every, wander, noise_from)
    given = RepairArguments(
        before, after, before_pressure, after_pressure, exponent, planned, since, left, sensor, volume,
        temperature, gas,
    )  # fmt: skip
    return answered(given, told)


def infer(
    times: Any,
    pressures: Any = None,
    temperatures: Any = None,
    *,
    time_unit: str = "s",
    pressure_unit: str = "Pa",
    temperature_unit: str = "K",
    volume: Quantified | None = None,
    volume_uncertainty: float | None = None,
    gas: GasArgument = "air",
    temperature: Quantified | None = None,
    from_time: TimeArgument | None = None,
    to_time: TimeArgument | None = None,
    exclude: Sequence[Any] = (),
    step: TimeArgument | Sequence[TimeArgument] | None = None,
    known: Any = None,
    temperature_weight: str | float | None = None,
    period: Quantified | None = None,
    exponent: str | float = "any",
    background: str | None = None,
    until: Quantified | None = None,
    wander: Quantified | None = None,
    noise_from: Any = None,
    length: Quantified | None = None,
    depth: Quantified | None = None,
    pressure_column: str | None = None,
    temperature_column: str | None = None,
) -> Inference:
    """Tell a leak from a pressure record: how large, hole-like or crack-like, changed, or not known.

    Quantities are numbers in SI units or texts with a unit ("7 m3"). Arrays, lists and pandas serve.

    Args:
        times: Times of the readings, which rise: numbers, dates, or texts of ISO 8601; or the path of a CSV
            file, which then has the pressures too.
        pressures: As many pressures, absolute.
        temperatures: As many temperatures of a sensor, if there is one.
        time_unit: Unit of times that are numbers.
        pressure_unit: Unit of the pressures; the answer is printed in it.
        temperature_unit: Unit of the temperatures.
        volume: What empties; without it there are rates and times, but no mass flow and no size.
        volume_uncertainty: Its relative standard deviation; 0.1 if absent.
        gas: As for `estimate`.
        temperature: Of the gas; by the sensor, else 295 K, if absent.
        from_time: First time that counts: a date, "6 h", or s as in `times`.
        to_time: Last time that counts.
        exclude: Pairs of times between which readings are left out.
        step: Times at which the pressure jumps by an unknown amount: a repress, a docking.
        known: Gas that was let in: the path of a CSV file (`time`, and `mass [kg]` or `flow [kg/h]`), or a
            pair of times, s, and masses, kg, let in until then.
        temperature_weight: How far the sensor speaks for the mean temperature; "1 +- 0.25" if absent, "none"
            leaves the sensor out.
        period: Of a wave in the pressure, such as an orbit's; "92.9 min" if absent, "none" for none.
        exponent: "any", or the n of flow ~ pressure^n if it is known.
        background: Rate of fall without a leak, with its standard deviation: "0 +- 0.05 mmHg/h".
        until: Pressure until which the time is; 490 mmHg if absent, which nobody has verified.
        wander: By how much the pressure wanders in an hour without a leak; if absent "0.12 mmHg" for an open
            station (above 300 m3, or of unknown volume), else 0.
        noise_from: A quiet record that the wander is read from: a path, or a pair of times and pressures.
        length: Of a crack; with `depth` the opening of a crack that leaks as much is given.
        depth: Of a crack: the thickness of the wall.
        pressure_column: Heading of the pressure in a file with several sensors.
        temperature_column: Heading of the temperature there.

    Returns:
        The answer: its verdict, and numbers in SI units with 90 % intervals; `print` shows it in practical
        units. A record that is frozen, steps, is too short or does not fit any leak gives a verdict without
        a size.

    Raises UsageError where an argument is wrong, CaseError where a record cannot be read or its times do not
    rise.

    A module of 7 m3 whose pressure falls as through a crack:

    >>> times = [600.0 * step for step in range(109)]
    >>> pressures = [round(97325.0 / (1.0 + time / 365236.0), -1) for time in times]
    >>> found = infer(times, pressures, volume="7 m3", volume_uncertainty=0.0)
    >>> found.verdict, found.law, round(found.mass_flow.median * 86400, 1)
    ('leak', 'crack-like', 1.9)
    """
    from breachflow.inference.arguments import InferArguments, read_question
    from breachflow.inference.infer import infer_question

    given = InferArguments(
        times, pressures, temperatures, (time_unit, pressure_unit, temperature_unit), volume,
        volume_uncertainty, gas, temperature, from_time, to_time, exclude, step, known, temperature_weight,
        period, exponent, background, until, wander, noise_from, length, depth, pressure_column,
        temperature_column,
    )  # fmt: skip
    return infer_question(read_question(given))


def validate(
    names: str | Sequence[str] = (),
    mode: str = "as written",
    *,
    begin: Begin | None = None,
    stop: StopRequest | None = None,
) -> ValidationReport:
    """Run cases with known answers and compare their numbers with references.

    Args:
        names: Shipped cases ("orifice/slit"), groups of them ("orifice"), or folders of your own with a
            case.toml and an expected.toml; all shipped cases if empty.
        mode: "fast" (coarse meshes, wider tolerances), "as written", or "full" (the slow cases too).
        begin: Called before each run with its number and its trial; returns a watcher of the run, or None.
        stop: Called before every iteration; a text that it returns ends the validation.

    Returns:
        The report: a finding for each number, with its reference, its tolerance and whether it passed.

    Raises UsageError where a name or the mode is not known, CaseError where an expected.toml is not valid.

    >>> [finding.status for finding in validate("orifice/slit", "fast").findings]  # doctest: +SKIP
    """
    from breachflow.validation.plan import ValidationMode, make_plan
    from breachflow.validation.validate import validate as judge
    from breachflow.words import allowed

    if mode not in list(ValidationMode):
        raise UsageError(f"mode = {mode!r}: {allowed(map(repr, map(str, ValidationMode)))}")
    asked = [names] if isinstance(names, str) else names
    return judge(make_plan(asked, ValidationMode(mode)), begin=begin, stop=stop)


def read_result(path: FilePath) -> Result:
    """Read the result of a run.

    Args:
        path: The file (.vtkhdf or .h5) that `run` wrote.

    Returns:
        The result. Any name of its summary is an attribute, in SI units: `result.mass_flow`.

    Raises ResultError where the file cannot be read, is damaged or is no result of this program.

    >>> read_result("leak/result.vtkhdf").field("mach")  # doctest: +SKIP
    """
    from breachflow.results.files.read import read_result as read

    return read(path)


def read_table(path: FilePath) -> SweepTable:
    """Read the table of a sweep.

    Args:
        path: The file table.h5 that `sweep` wrote.

    Returns:
        The table: every quantity over the swept axes.

    Raises ResultError where the file cannot be read, is damaged or is no table of this program.

    >>> read_table("sizes/case.sweep/table.h5").column("thrust")  # doctest: +SKIP
    """
    from breachflow.results.files.tables import read_table as read

    return read(path)


def read_law(path: FilePath) -> LeakLaw:
    """Read the law of the discharge coefficient that was fitted to a sweep.

    Args:
        path: The file table.h5 that `sweep` wrote.

    Returns:
        The law; `law.discharge_coefficient` gives the value and its uncertainty.

    Raises ResultError where the file cannot be read, is damaged, or its table has no law.

    >>> read_law("sizes/case.sweep/table.h5").discharge_coefficient(0.0, 0.8, 1.4)  # doctest: +SKIP
    """
    from breachflow.leak.fitted.law_file import read_law as read

    return read(path)


def write_mesh(source: Case | Mesh, path: FilePath) -> None:
    """Write a mesh for a look or for another program.

    Args:
        source: A case, whose finest mesh is written, or a mesh.
        path: The file: .msh (Gmsh 2.2) or .vtu (VTK).

    Raises CaseError or MeshError where the mesh cannot be made or written, ResultError or MeshError where
    another file lies there, and UsageError where `path` is no name for a mesh or is the mesh file that the
    case reads.

    >>> write_mesh(load_case("leak/case.toml"), "leak/mesh.vtu")  # doctest: +SKIP
    """
    from breachflow.case.read import require_case
    from breachflow.mesh.files.write import write_mesh as write
    from breachflow.mesh.mesh import Mesh
    from breachflow.runs.output import write_case_mesh

    if isinstance(source, Mesh):
        write(source, path)
    else:
        write_case_mesh(require_case(source, "write_mesh"), _path(path))


def _path(path: FilePath) -> Path:
    from pathlib import Path

    return Path(path)


def __getattr__(name: str) -> Any:
    """Import a public class on first use."""
    if name not in _CLASSES:
        raise AttributeError(f"module 'breachflow' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_CLASSES[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return list(__all__)
