"""A law fitted to a sweep: values at, between and outside its points, and storage."""

from __future__ import annotations

import copy
import math
import pickle
import random
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from breachflow import estimate
from breachflow.constants import SPECIES
from breachflow.errors import OutOfRange, ResultError
from breachflow.leak.blend.best_estimate import best_estimate_of
from breachflow.leak.breach import Breach, Leak, LeakState, Section
from breachflow.leak.fitted.interpolant import NOISES, Correlation, Interpolant, chosen_correlation, design
from breachflow.leak.fitted.law import ASSUMED_UNCERTAINTY, FlowSample, HoleShape, LeakLaw, fit_law
from breachflow.leak.fitted.law_file import leak_law, read_law
from breachflow.leak.laws import judge
from breachflow.results.files.tables import write_table
from breachflow.results.table import SweepTable, TableAxis
from breachflow.theory.slit.table import tabulated_discharge_coefficient

ROUND = HoleShape("round")
RATIOS = (0.0, 0.2, 0.4, 0.55, 0.7, 0.9)
DEPTHS = (0.0, 0.1, 0.3, 1.0)
GAMMA = 1.4


def sample(ratio: float, depth: float = 0.0, gamma: float = GAMMA, relative: float = 0.002) -> FlowSample:
    """The coefficient of the exact slit, increased with the wall thickness."""
    value = tabulated_discharge_coefficient(ratio, gamma) * (1.0 + 0.1 * ratio * depth / (depth + 0.1))
    return FlowSample(ratio, depth, gamma, value, relative * value)


def grid(relative: float = 0.002) -> list[FlowSample]:
    return [sample(ratio, depth, relative=relative) for ratio in RATIOS for depth in DEPTHS]


def mappings_agree(one: LeakLaw, other: LeakLaw) -> bool:
    """Bitwise."""
    pairs = zip(one.to_mapping().items(), other.to_mapping().items(), strict=True)
    return all(name == same and np.array_equal(a, b, equal_nan=_floats(a)) for (name, a), (same, b) in pairs)


def _floats(value: object) -> bool:
    return isinstance(value, np.ndarray)


# ---------------------------------------------------------------- at the points


def test_points_are_met_with_their_own_uncertainty() -> None:
    samples = grid()
    law = fit_law(samples, ROUND)
    for known in samples:
        found = law.discharge_coefficient(*known[:3])
        assert found.value == pytest.approx(known.discharge_coefficient, abs=1e-6)
        # The interpolation error at a point is the rounding that the regularization of kriging allows.
        assert known.uncertainty <= found.uncertainty < known.uncertainty + 1e-4


def test_every_order_gives_bitwise_the_same_law() -> None:
    samples = grid()
    law = fit_law(samples, ROUND)
    place = (0.33, 0.17, GAMMA)
    for seed in range(3):
        shuffled = random.Random(seed).sample(samples, len(samples))
        other = fit_law(shuffled, ROUND)
        assert mappings_agree(law, other)
        assert other.discharge_coefficient(*place) == law.discharge_coefficient(*place)


def test_a_law_can_be_copied_and_pickled() -> None:
    law = fit_law(grid(), ROUND)
    for twin in (copy.deepcopy(law), pickle.loads(pickle.dumps(law))):
        assert mappings_agree(twin, law)


def test_flows_given_twice_count_once_and_the_better_known_one_counts() -> None:
    # Diameters and walls scaled together: the same ratios, except for the rounding of the division.
    scaled = [known._replace(pressure_ratio=known.pressure_ratio + 1e-15) for known in grid()]
    vague = [
        known._replace(discharge_coefficient=0.9, uncertainty=u) for known in grid() for u in (0.1, math.nan)
    ]
    law = fit_law(vague + scaled + grid(), ROUND)
    assert law.points == len(grid())
    assert mappings_agree(law, fit_law(grid(), ROUND))


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_no_flow_is_left_out(value: float) -> None:
    bad = [sample(0.5)._replace(discharge_coefficient=value), sample(0.5)._replace(pressure_ratio=1.0)]
    assert mappings_agree(fit_law(grid() + bad, ROUND), fit_law(grid(), ROUND))


# ---------------------------------------------------------------- its error


@pytest.mark.parametrize("noise", [NOISES[0], NOISES[-1]])
def test_points_left_out_are_missed_as_a_fit_without_them_misses_them(noise: float) -> None:
    rng = np.random.default_rng(1)
    places = np.array([[a, b] for a in (0.0, 0.3, 0.7, 1.0) for b in (0.0, 0.5, 0.8, 1.0)])
    values, correlation = rng.random(len(places)), Correlation(np.array([0.5, 1.0]), noise)
    whole = Interpolant(design(places), values, correlation)
    left_out = [np.array([row]) for row in range(len(places))] + list(whole.design.rows)
    assert [len(rows) for rows in left_out] == [1] * 16 + [4] * 8
    expected = []
    for rows in left_out:
        rest = np.delete(np.arange(len(places)), rows)
        without = Interpolant(design(places[rest]), values[rest], correlation)
        expected += [
            (values[row] - found.value, found.spread) for row in rows for found in [without.at(places[row])]
        ]
    errors, spreads = whole.left_out_errors
    assert errors == pytest.approx([error for error, _ in expected], rel=1e-5, abs=1e-7)
    assert spreads == pytest.approx([spread for _, spread in expected], rel=1e-5)


def test_a_trend_is_found_exactly() -> None:
    places = np.random.default_rng(2).random((12, 2))
    values = 3.0 - 2.0 * places[:, 0] + 0.5 * places[:, 1]
    found = Interpolant(design(places), values, chosen_correlation(design(places), values))
    assert found.left_out_errors.largest < 1e-6
    assert found.at(np.array([0.4, 0.6])).value == pytest.approx(3.0 - 0.8 + 0.3, abs=1e-8)


def test_scatter_of_the_points_is_smoothed() -> None:
    # Two pressures near zero: the difference due to their meshes must not become a slope.
    rng = np.random.default_rng(3)
    ratios = (0.0, 1e-5, 1e-3, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
    exact = [sample(ratio, depth, relative=0.005) for ratio in ratios for depth in DEPTHS]
    scattered = [
        known._replace(discharge_coefficient=known.discharge_coefficient * (1.0 + error))
        for known, error in zip(exact, rng.uniform(-0.005, 0.005, len(exact)), strict=True)
    ]
    law = fit_law(scattered, ROUND)
    assert law.correlation.noise > NOISES[0]
    places = [(ratio, depth) for ratio in np.linspace(0.0, 0.9, 19) for depth in (0.05, 0.2, 0.6)]
    for place in places:
        found, truth = law.discharge_coefficient(*place, GAMMA), sample(*place).discharge_coefficient
        assert abs(found.value - truth) < min(0.005, found.uncertainty)
        assert found.uncertainty < 0.03


def test_mesh_errors_that_all_points_share_are_allowed_for() -> None:
    samples = [known._replace(uncertainty=0.01 + 0.03 * known.pressure_ratio) for known in grid()]
    law = fit_law(samples, ROUND)
    for place in ((0.1, 0.05), (0.5, 0.2), (0.8, 0.9)):
        assert law.discharge_coefficient(*place, GAMMA).uncertainty > 0.01 + 0.03 * place[0]


def test_the_uncertainty_grows_between_points_and_with_fewer_of_them() -> None:
    law = fit_law(grid(relative=0.0), ROUND)
    at, between = law.discharge_coefficient(0.4, 0.1, GAMMA), law.discharge_coefficient(0.3, 0.2, GAMMA)
    assert at.uncertainty < 1e-4 < between.uncertainty
    fewer = fit_law([known for known in grid(relative=0.0) if known.pressure_ratio != 0.4], ROUND)
    assert fewer.discharge_coefficient(0.35, 0.2, GAMMA).uncertainty > 1.2 * between.uncertainty


def test_leave_one_out_is_the_largest_error_of_a_law_without_a_point() -> None:
    law = fit_law(grid(), ROUND)
    errors = []
    for row in range(law.points):
        without = LeakLaw(law.shape, np.delete(law.samples, row, axis=0), law.correlation)
        try:
            value = without.discharge_coefficient(*law.samples[row, :3]).value
        except OutOfRange:  # a corner
            continue
        errors.append(abs(value - law.samples[row, 3]))
    assert len(errors) == law.points - 4
    assert max(errors) <= law.leave_one_out < 0.02


@pytest.mark.parametrize("stated", [0.001, 0.05])
def test_an_uncertainty_that_was_not_estimated_is_assumed(stated: float) -> None:
    known = grid(relative=stated)
    law = fit_law([known[0], *(one._replace(uncertainty=math.nan) for one in known[1:])], ROUND)
    assert law.not_estimated == len(known) - 1
    expected = max(stated, ASSUMED_UNCERTAINTY) * law.samples[1:, 3]
    assert law.uncertainty == pytest.approx([known[0].uncertainty, *expected], rel=1e-12)
    assert law.discharge_coefficient(*known[5][:3]).uncertainty >= expected[4]


# ---------------------------------------------------------------- range


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ((0.95, 0.0, 1.4), "p_outside/p0 = 0.95 is outside the sweep's 0 to 0.9"),
        ((-0.1, 0.0, 1.4), "p_outside/p0 = -0.1 is outside the sweep's 0 to 0.9"),
        ((math.nan, 0.0, 1.4), "p_outside/p0 = nan is outside the sweep's 0 to 0.9"),
        ((0.5, 1.01, 1.4), "depth/size = 1.01 is outside the sweep's 0 to 1"),
        ((0.5, 0.5, 1.402), "heat-capacity ratio = 1.402 is outside the sweep's 1.4"),
        ((0.5, 0.5, math.nan), "heat-capacity ratio = nan is outside the sweep's 1.4"),
    ],
)
def test_outside_the_range_of_a_group(place: tuple[float, float, float], message: str) -> None:
    with pytest.raises(OutOfRange) as error:
        fit_law(grid(), ROUND).discharge_coefficient(*place)
    assert str(error.value) == message


def test_the_hull_is_that_of_the_points_and_they_lie_in_it() -> None:
    triangle = [known for known in grid() if known.pressure_ratio + known.thickness_ratio < 1.1]
    law = fit_law(triangle, ROUND)
    for known in triangle:
        law.discharge_coefficient(*known[:3])
    law.discharge_coefficient(0.45, 0.499, GAMMA)
    with pytest.raises(OutOfRange) as error:
        law.discharge_coefficient(0.6, 0.9, GAMMA)
    assert str(error.value) == "p_outside/p0 = 0.6, depth/size = 0.9: outside the hull of the sweep's points"


def test_a_fixed_group_may_differ_by_rounding_and_gamma_by_a_thousandth() -> None:
    law = fit_law([sample(ratio, 0.5) for ratio in RATIOS], ROUND)
    expected = law.discharge_coefficient(0.3, 0.5, 1.4)
    assert law.discharge_coefficient(0.3, 0.5 + 4e-7, 1.4009) == expected
    with pytest.raises(OutOfRange) as error:
        law.discharge_coefficient(0.3, 0.50001, 1.4)
    assert str(error.value) == "depth/size = 0.50001 is outside the sweep's 0.5"


def test_a_group_with_two_values_is_known_at_these_alone() -> None:
    two_gases = [sample(ratio, gamma=gamma) for ratio in RATIOS for gamma in (1.4, 5.0 / 3.0)]
    law = fit_law(two_gases, HoleShape("slit"))
    for gamma in (1.4, 5.0 / 3.0):
        found = law.discharge_coefficient(0.3, 0.0, gamma - 9e-4)
        assert found.value == pytest.approx(sample(0.3, gamma=gamma).discharge_coefficient, abs=1e-3)
    with pytest.raises(OutOfRange) as error:
        law.discharge_coefficient(0.3, 0.0, 1.5)
    assert str(error.value) == "heat-capacity ratio = 1.5 is outside the sweep's 1.4 or 1.66667"
    assert law.description == (
        "slit with a sharp edge, p_outside/p0 0 to 0.9, depth/size 0, heat-capacity ratio 1.4 or 1.66667"
    )


@pytest.mark.parametrize(
    ("samples", "reason"),
    [
        ([], "there is no converged flow to fit a law to"),
        ([sample(0.5)] * 9, "all converged flows are the same flow: a law has nothing to depend on"),
        (
            [sample(ratio) for ratio in RATIOS[:5]],
            "5 different converged flows are too few for a law over p_outside/p0: it takes 6",
        ),
        (
            grid()[:8],
            "8 different converged flows are too few for a law over p_outside/p0 and depth/size: it takes 12",
        ),
        (
            [sample(ratio / 10.0, ratio / 5.0) for ratio in range(10)],
            "p_outside/p0 and depth/size vary together: the points leave no room between them",
        ),
        (
            [*(sample(ratio / 12.0) for ratio in range(11)), sample(0.5, 0.1)],
            "all points but one lie on a line or in a plane: add points beside it",
        ),
    ],
)
def test_no_law_without_enough_points(samples: Iterable[FlowSample], reason: str) -> None:
    with pytest.raises(OutOfRange) as error:
        fit_law(samples, ROUND)
    assert str(error.value) == reason


# ---------------------------------------------------------------- storage


def stored(path: Path, law: LeakLaw | None) -> Path:
    table = SweepTable(
        (TableAxis("point", np.arange(2), "1", "number"),),
        {},
        {"title": "Holes\x1b of a station", "program": "breachflow 0"},
        None if law is None else law.to_mapping(),
    )
    write_table(path, table)
    return path


def test_a_table_gives_its_law_back(tmp_path: Path) -> None:
    law = fit_law(
        [*grid(), sample(0.3, 0.2)._replace(uncertainty=math.nan)], HoleShape("round", rounding_ratio=0.05)
    )
    back = read_law(stored(tmp_path / "table.h5", law))
    assert mappings_agree(law, back)
    assert back.shape == law.shape
    assert back.discharge_coefficient(0.33, 0.17, 1.4) == law.discharge_coefficient(0.33, 0.17, 1.4)
    assert back.description == (
        "round hole with edge radius/size 0.05, p_outside/p0 0 to 0.9, depth/size 0 to 1,"
        " heat-capacity ratio 1.4"
    )


def test_a_table_without_a_law_says_so(tmp_path: Path) -> None:
    path = stored(tmp_path / "table.h5", None)
    with pytest.raises(ResultError) as error:
        read_law(path)
    assert str(error.value) == (
        f"{path}: this table has no law (/law): that takes 6 different converged flows or more,"
        " over which p_outside/p0, depth/size, the slant, width/length, the gas or, in laminar flow, the"
        " Reynolds number varies"
    )


OUTDATED = (
    "the law has a form that this version does not read: use the version that fitted it, or run "
    "`breachflow sweep` again"
)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"form": "another"}, OUTDATED),
        ({"lengths": np.array([0.5])}, "the law is damaged: lengths: 1 value for 2 groups"),
        ({"lengths": np.array([0.5, -1.0])}, "the law is damaged: lengths: value 2 is not between 1e-06"),
        ({"noise": 0.0}, "the law is damaged: noise: 0 is not above 0 and at most 1"),
        ({"lengths": np.array([[0.5, 1.0]])}, "the law is damaged: lengths: has the shape (1, 2)"),
        ({"shape": "square"}, "the law is damaged: shape: no shape 'square'"),
        (
            {"chamfer_ratio": "none"},
            "the law is damaged: chamfer_ratio: could not convert string to float: 'none'",
        ),
        (
            {"pressure_ratio": np.full(24, math.nan)},
            "the law is damaged: pressure_ratio: value 1 is not from 0 to 1",
        ),
        ({"uncertainty": np.full(24, -1.0)}, "the law is damaged: uncertainty: value 1 is not from 0 to 10"),
        (
            {"heat_capacity_ratio": np.full(24, 0.5)},
            "the law is damaged: heat_capacity_ratio: value 1 is not from 1 to 1.66667",
        ),
        ({"chamfer_ratio": math.nan}, "the law is damaged: chamfer_ratio: nan is no ratio of lengths"),
        ({"noise": 1e300}, "the law is damaged: noise: 1e+300 is not above 0 and at most 1"),
        ({"pressure_ratio": np.zeros(24)}, "the law is damaged: lengths: 2 values for 1 group"),
        ({"pressure_ratio": np.zeros(3)}, "the law is damaged: thickness_ratio: 24 values beside 3"),
    ],
)
def test_a_damaged_law_is_refused(change: dict[str, object], message: str) -> None:
    mapping = fit_law(grid(), ROUND).to_mapping()
    with pytest.raises(ResultError) as error:
        LeakLaw.from_mapping({**mapping, **change})
    assert str(error.value).startswith(message)
    name = next(iter(change))
    with pytest.raises(ResultError):
        LeakLaw.from_mapping({key: value for key, value in mapping.items() if key != name})


# ---------------------------------------------------------------- among the other laws


def leak(size: float = 2e-3, depth: float = 0.0, edge: float = 0.0, section: Section = Section.ROUND) -> Leak:
    length = None if section is Section.ROUND else 1.0
    state = LeakState(SPECIES["air"], 101325.0, 295.0, 0.3 * 101325.0)
    return Leak(Breach(section, size, depth, length, edge), state)


def test_a_stored_law_judges_leaks_as_every_law_does(tmp_path: Path) -> None:
    law = leak_law(stored(tmp_path / "table.h5", fit_law(grid(), ROUND)))
    assert law.name == str(tmp_path / "table.h5")
    assert law.title.startswith("fitted to 24 computed flows, leave-one-out error 0.0")
    assert law.source == "Holes? of a station, breachflow 0"
    assert law.range.endswith("heat-capacity ratio 1.4, Kn <= 0.01")
    here = leak(depth=0.4e-3)
    flow = judge(law, here).flow
    expected = fit_law(grid(), ROUND).discharge_coefficient(0.3, 0.2, 1.4)
    assert flow is not None
    distance = abs(expected.value - best_estimate_of(here).discharge_coefficient)
    allowed = max(expected.uncertainty, distance) * here.ideal
    assert flow == pytest.approx((expected.value * here.ideal, allowed), rel=1e-9)


def test_the_band_covers_the_distance_to_the_best_estimate_of_a_leak(tmp_path: Path) -> None:
    # 25 um in a wall as thick: the points know no friction, which takes a tenth of this leak (Re 400).
    law = leak_law(stored(tmp_path / "table.h5", fit_law(grid(), ROUND)))
    small, large = (judge(law, leak(size=size, depth=size)).flow for size in (25e-6, 50e-3))
    best = best_estimate_of(leak(size=25e-6, depth=25e-6)).mass_flow
    assert small is not None
    assert large is not None
    assert small.uncertainty >= abs(small.value - best) * (1.0 - 1e-12)
    assert small.uncertainty / small.value > 1.2 * large.uncertainty / large.value


def test_the_band_covers_the_distances_of_points_to_their_closed_forms() -> None:
    far = [known._replace(distance=0.1 if known.thickness_ratio > 0.2 else 0.0) for known in grid()]
    law = fit_law(far + grid(), ROUND)  # of equal flows the largest distance counts
    assert law.discharge_coefficient(0.4, 0.3, GAMMA).uncertainty == pytest.approx(0.1, abs=1e-4)
    assert law.discharge_coefficient(0.45, 0.6, GAMMA).uncertainty > 0.1
    assert law.discharge_coefficient(0.4, 0.0, GAMMA).uncertainty < 0.01


@pytest.mark.parametrize(
    ("fixed", "here", "why_not"),
    [
        (ROUND, leak(section=Section.SLIT), "for round holes"),
        (HoleShape("slit"), leak(), "for slits"),
        (ROUND, leak(depth=1e-3, edge=2e-4), "edge radius/size = 0.1 is not 0"),
        (HoleShape("round", rounding_ratio=0.1), leak(depth=1e-3), "edge radius/size = 0 is not 0.1"),
        (HoleShape("round", rounding_ratio=0.1), leak(depth=1e-3, edge=2e-4), ""),
        (HoleShape("round", chamfer_ratio=0.1), leak(depth=1e-3), "for an edge with a chamfer of 0.1 sizes"),
        (ROUND, leak(size=2e-6), "rarefied gas: Kn 0.049 above 0.01"),
        (ROUND, leak(depth=3e-3), "depth/size = 1.5 is outside the sweep's 0 to 1"),
    ],
)
def test_a_stored_law_says_why_it_does_not_hold(
    fixed: HoleShape, here: Leak, why_not: str, tmp_path: Path
) -> None:
    law = leak_law(stored(tmp_path / "table.h5", fit_law(grid(), fixed)))
    assert judge(law, here).why_not == why_not


# ---------------------------------------------------------------- laminar flow


def crack_coefficient(depth: float, delta: float) -> float:
    """C_d of a narrow crack with slip and a loss at the entry: 1/C_d = 1.2 + 20 depth/(delta + 6)."""
    return 1.0 / (1.2 + 20.0 * depth / (delta + 6.0))


def laminar_grid() -> list[FlowSample]:
    depths, deltas = np.geomspace(5.0, 200.0, 6), np.geomspace(30.0, 3000.0, 6)
    places = [(depth, delta) for depth in depths for delta in deltas]
    coefficients = [crack_coefficient(*place) for place in places]
    return [
        FlowSample(0.0, depth, GAMMA, value, 0.002 * value, rarefaction=delta)
        for (depth, delta), value in zip(places, coefficients, strict=True)
    ]


def test_a_law_of_laminar_flow_depends_on_the_rarefaction_parameter(tmp_path: Path) -> None:
    law = fit_law(laminar_grid(), HoleShape("slit"))
    for depth, delta in ((8.0, 50.0), (30.0, 200.0), (100.0, 700.0), (150.0, 1500.0)):
        found, truth = law.discharge_coefficient(0.0, depth, GAMMA, delta), crack_coefficient(depth, delta)
        assert found.value == pytest.approx(truth, rel=0.02)  # 36 points over decades of both groups
        assert abs(found.value - truth) <= found.uncertainty <= 0.2 * truth
    assert law.description.endswith(
        "depth/size 5 to 200, heat-capacity ratio 1.4, rarefaction parameter 30 to 3000"
    )
    back = read_law(stored(tmp_path / "table.h5", law))
    assert mappings_agree(law, back)
    assert back.is_laminar
    assert leak_law(tmp_path / "table.h5").inviscid is False


@pytest.mark.parametrize(
    ("delta", "words"),
    [
        (20.0, "rarefaction parameter = 20 is outside the sweep's 30 to 3000"),
        (math.inf, "rarefaction parameter = inf"),
    ],
)
def test_a_law_of_laminar_flow_has_a_range_of_rarefaction(delta: float, words: str) -> None:
    with pytest.raises(OutOfRange, match=words):
        fit_law(laminar_grid(), HoleShape("slit")).discharge_coefficient(0.0, 50.0, GAMMA, delta)


def test_depth_and_rarefaction_that_vary_together_make_no_law() -> None:
    """Cracks of one depth and many openings: depth/size times delta is one number."""
    together = [one._replace(rarefaction=6000.0 / one.thickness_ratio) for one in laminar_grid()]
    line = [
        one._replace(thickness_ratio=one.rarefaction, rarefaction=one.rarefaction)
        for one in laminar_grid()[:6]
    ]
    for samples in (together, line * 2):
        with pytest.raises(OutOfRange):
            fit_law(samples, HoleShape("slit"))


def one_size(coefficient: float = 0.82) -> LeakLaw:
    """A law whose points have the rarefaction parameter of 2 mm in air at 1 atm."""
    depths = np.linspace(0.0, 2.0, 8)
    rows = [FlowSample(0.0, depth, GAMMA, coefficient, 0.001, 0.0, 13_600.0) for depth in depths]
    return fit_law(rows, HoleShape("round"))


def test_a_law_of_one_size_holds_near_it_with_a_wider_band() -> None:
    """Computed with friction, thin holes: C_d falls by 0.2 % from delta = 13 600 to 33 000."""
    law = one_size()
    here, beside = (law.discharge_coefficient(0.0, 0.5, GAMMA, delta) for delta in (13_600.0, 33_000.0))
    assert beside.value == pytest.approx(here.value, rel=0.01)
    decades = math.log10(33_000.0 / 13_600.0)
    assert beside.uncertainty == pytest.approx(here.uncertainty + 0.03 * decades * 0.82, rel=0.02)
    thin = law.discharge_coefficient(0.0, 0.5, GAMMA, 13_600.0 / 3.0)
    assert thin.uncertainty > here.uncertainty


@pytest.mark.parametrize("delta", [4000.0, 44_000.0])
def test_a_law_of_one_size_refuses_sizes_of_another_kind(delta: float) -> None:
    with pytest.raises(OutOfRange, match=r"rarefaction parameter = .* is outside the sweep's 13600"):
        one_size().discharge_coefficient(0.0, 0.5, GAMMA, delta)


def slanted() -> list[FlowSample]:
    """Holes whose coefficient falls by the square of their slant."""
    return [
        FlowSample(0.0, 1.0, GAMMA, 0.82 - 1e-5 * angle**2, 0.004, slant=angle)
        for angle in np.linspace(0.0, 60.0, 7).tolist()
    ]


def test_a_law_of_slanted_holes_depends_on_the_square_of_the_slant(tmp_path: Path) -> None:
    law = fit_law(slanted(), HoleShape("round"))
    for angle in (0.0, 7.0, 35.0, 58.0):
        found, truth = law.discharge_coefficient(0.0, 1.0, GAMMA, slant=angle), 0.82 - 1e-5 * angle**2
        assert found.value == pytest.approx(truth, rel=1e-6)  # the trend is linear in the square
        assert found.uncertainty >= 0.004 * (1.0 - 1e-9)
    assert law.description.endswith("heat-capacity ratio 1.4, slant/degrees 0 to 60")
    with pytest.raises(OutOfRange, match="slant/degrees = 65 is outside the sweep's 0 to 60"):
        law.discharge_coefficient(0.0, 1.0, GAMMA, slant=65.0)
    path = stored(tmp_path / "table.h5", law)
    assert mappings_agree(law, read_law(path))
    hole = {"diameter": "2 mm", "wall_thickness": "2 mm", "pressure": "1 atm", "temperature": "295 K"}
    found = estimate(**hole, angle="30 deg", law=path)
    assert found.discharge_coefficient == pytest.approx(0.811, rel=1e-6)
    assert found.shape == "slanted thick round hole"
    with pytest.raises(OutOfRange, match="no closed form holds for a slanted bore"):
        estimate(**hole, angle="30 deg")


def test_a_law_of_straight_holes_refuses_a_slanted_one() -> None:
    straight = fit_law(grid(), ROUND)
    with pytest.raises(OutOfRange, match="slant/degrees = 30 is outside the sweep's 0"):
        straight.discharge_coefficient(0.3, 0.2, GAMMA, slant=30.0)
    assert not {"slant", "width_ratio"} & set(straight.to_mapping())


def test_a_law_of_slits_in_space_depends_on_their_length(tmp_path: Path) -> None:
    """A law of slits without ends holds for any length; one of slits in space within its lengths."""
    truth = {ratio: 0.849 - 0.015 * ratio for ratio in (0.02, 0.05, 0.1, 0.2, 0.3, 0.5)}
    samples = [FlowSample(0.0, 0.0, GAMMA, value, 0.002, width_ratio=ratio) for ratio, value in truth.items()]
    law = fit_law(samples, HoleShape("slit"))
    slit = {"width": "1 mm", "pressure": "1 atm", "temperature": "295 K"}
    path = stored(tmp_path / "table.h5", law)
    found = estimate(**slit, length="4 mm", law=path)
    assert found.discharge_coefficient == pytest.approx(0.849 - 0.015 * 0.25, rel=1e-6)
    with pytest.raises(OutOfRange, match=r"width/length = 0\.01 is outside the sweep's 0\.02 to 0\.5"):
        estimate(**slit, length="100 mm", law=path)
