"""Calibration of averages over chains: exact values, independent replicas, and a burn-in too short is caught."""

import numpy as np
import pytest
from scipy.stats import binom

from spinnet.calibration import samplers
from spinnet.calibration.cases import join
from spinnet.calibration.judge import inside, pulls
from spinnet.exact import T_CRITICAL, enumerate_lattice, kaufman

REPLICAS = 300
FALSE_ALARM = 1e-5  # of one fraction
CONDITIONS = {str(c): c for c in samplers.CONDITIONS}
MODELS = {"local": samplers._local()}


def found(condition, numbers, seed=3):
    return join(samplers.cases_of(CONDITIONS[condition], numbers, seed, MODELS), numbers)


@pytest.mark.parametrize(
    "condition",
    ["8x8, T = 2.27, wolff", "8x8, T = 2.27, wolff, thinned", "4x4, T = 2, local"],
)
def test_errors_of_chains_cover_exact_values(condition):
    of = found(condition, range(REPLICAS))
    assert (of.role == "used").all()
    for level, allowed in ((68, 0.03), (95, 0.02)):
        counts = inside(of, level).sum("replica").values
        assert (binom.cdf(counts, REPLICAS, level / 100 - allowed) > FALSE_ALARM).all()
        assert (binom.sf(counts - 1, REPLICAS, level / 100 + allowed) > FALSE_ALARM).all()
    assert (abs(pulls(of).mean("replica")) < 0.15 + 4.5 * 1.15 / np.sqrt(REPLICAS)).all()


def test_a_burn_in_of_one_autocorrelation_time_is_caught():
    of = found("8x8, T = 2.27, metropolis after one tau", range(REPLICAS))
    assert (of.role == "compared").all()
    assert float(pulls(of).mean()) < -0.15 - 4.5 / np.sqrt(REPLICAS)


def test_exact_values_are_those_of_other_formulas():
    large, small = CONDITIONS["8x8, T = 2.27, wolff"], CONDITIONS["4x4, T = 2, wolff"]
    formula = kaufman(8, [T_CRITICAL])
    exact = samplers.truth(large, {})
    assert exact["energy"] == pytest.approx(formula.energy[0])
    assert exact["specific_heat"] == pytest.approx(formula.specific_heat[0])
    of_states, exact = enumerate_lattice(4, 2.0), samplers.truth(small, {})
    assert {name: exact[name] for name in ("energy", "specific_heat", "magnetization")} == pytest.approx(
        {name: of_states[name] for name in ("energy", "specific_heat", "magnetization")}
    )


def test_a_learned_hamiltonian_equal_to_the_energy_has_its_averages():
    condition = CONDITIONS["4x4, T = 2, local"]
    (_, header), window = MODELS["local"], np.arange(16)
    spins = 2 * ((window[:, None] >> np.arange(4)) & 1) - 1
    ising = {"field": (spins[:, 0] + spins[:, 2]) / header["temperature"]}, header
    learned = samplers.truth(condition, {"local": ising})
    exact = samplers.truth(CONDITIONS["4x4, T = 2, wolff"], {})
    assert {name: learned[name] for name in exact} == pytest.approx(exact)
    assert learned["learned_energy"] == pytest.approx(exact["energy"])


def test_replicas_do_not_depend_on_the_parts(monkeypatch):
    for condition in ("8x8, T = 2.27, wolff", "8x8, T = 2.27, wolff, thinned", "4x4, T = 2, local"):
        whole, part = found(condition, range(6)), found(condition, range(3, 6))
        np.testing.assert_array_equal(whole.value.sel(replica=[3, 4, 5]), part.value)
        monkeypatch.setattr(samplers, "BLOCK", 2)
        np.testing.assert_array_equal(found(condition, range(6)).error, whole.error)
        assert len(np.unique(whole.value[0])) == 6
        monkeypatch.undo()
