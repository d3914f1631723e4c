"""CONTRIBUTING's recipe for a flux: one file in `physics/fluxes`, and its name in the user guide."""

from __future__ import annotations

import json

import pytest

from edited_package import EditedPackage

HLLC = "solver/breachflow/physics/fluxes/hllc.py"
CALM = "solver/breachflow/physics/fluxes/calm.py"
GUIDE = "docs/user_guide.md"
NAMES = ["calm", "hllc", "hlle", "rusanov"]
TUBE = ("cases/verification/riemann/case.toml", "--set=mesh.cells=[4, 1]", "--set=mesh.levels=1")
HOLE = "cases/orifice/thick_wall/case.toml"


@pytest.fixture(scope="module")
def with_calm(edited_package: EditedPackage) -> EditedPackage:
    """HLLC under another name."""
    source = (edited_package.folder / HLLC).read_text(encoding="utf-8")
    edited_package.append(CALM, source.replace("flux_hllc", "flux_calm"))
    assert edited_package.edited == {CALM}
    return edited_package


def errors_of_density(package: EditedPackage, plain: bool | None = None) -> list[float]:
    """Errors of a shock tube with the new flux, with the one that it equals, and with another."""
    errors = []
    for flux in ("calm", "hllc", "rusanov"):
        file = package.folder / f"{flux}.h5"
        package.breachflow("run", *TUBE, f"--set=numerics.flux={flux}", "-o", file, plain=plain)
        errors.append(json.loads(package.breachflow("show", file, "--json", plain=plain))["density_error"])
    return errors


def test_a_flux_is_offered(with_calm: EditedPackage) -> None:
    schema = json.loads(with_calm.breachflow("schema"))
    assert schema["$defs"]["Numerics"]["properties"]["flux"]["enum"] == NAMES
    checked = json.loads(with_calm.breachflow("check", *TUBE, "--set=numerics.flux=calm", "--json"))
    assert checked["case"].count('flux = "calm"') == 1
    error = with_calm.breachflow("check", *TUBE, "--set=numerics.flux=clam", status=3)
    assert 'allowed: "calm", "hllc", "hlle", "rusanov"; did you mean "calm"?' in error
    with_calm.breachflow("init", "leak")
    assert f"# {', '.join(NAMES)}\n" in (with_calm.folder / "leak" / "case.toml").read_text()


def test_a_flux_is_computed(with_calm: EditedPackage) -> None:
    calm, hllc, rusanov = errors_of_density(with_calm)
    assert calm == hllc != rusanov


@pytest.mark.slow
def test_a_flux_is_compiled(with_calm: EditedPackage) -> None:
    calm, hllc, rusanov = errors_of_density(with_calm, plain=False)
    assert calm == hllc != rusanov


def test_a_flux_is_swept_and_keeps_flows_apart(with_calm: EditedPackage) -> None:
    swept = f'--set=sweep={{ "numerics.flux" = {json.dumps(NAMES)} }}'
    plan = json.loads(with_calm.breachflow("sweep", HOLE, "--dry-run", "--json", swept, "-o", "out"))
    assert (plan["points"], plan["flows"]) == (4, 4)


@pytest.mark.slow
def test_a_flux_is_tested_and_documented(with_calm: EditedPackage) -> None:
    """A test asks for the name in the guide; the properties of fluxes are tested for the new one."""
    choice = ("tests/cases/test_documents.py", "-k", "choice and calm")
    with pytest.raises(AssertionError, match=r"test_guide_describes_every_choice\[calm\]"):
        with_calm.tests(*choice)
    with_calm.replace(GUIDE, '`"hlle"`, `"rusanov"`', '`"hlle"`, `"calm"`, `"rusanov"`')
    with_calm.tests(*choice)
    properties = ("tests/properties/test_fluxes.py", "-k", "calm and (consistency or leaves_one_side)")
    assert "2 passed" in with_calm.tests(*properties)
    assert with_calm.edited == {CALM, GUIDE}
