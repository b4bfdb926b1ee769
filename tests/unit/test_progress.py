"""How far a run is: time left from a graph of jobs, and the line about the curve."""

import pytest
import xarray as xr

from spinnet.progress import distance, ending, remaining

DEPENDENCIES = {"a": [], "b": ["a"], "c": ["b"], "d": [], "e": ["c", "d"]}


def test_cores_share_the_work_unless_jobs_wait_for_each_other():
    seconds = dict.fromkeys("abcde", 10.0)
    assert remaining(seconds, DEPENDENCIES, 1) == 50
    assert remaining(seconds, DEPENDENCIES, 2) == 40  # a, b, c, e one after the other
    assert remaining(seconds | {"d": 100.0}, DEPENDENCIES, 2) == 110


def test_jobs_that_have_ended_are_not_waited_for():
    assert remaining({"c": 10.0, "e": 5.0}, DEPENDENCIES, 8) == 15
    assert remaining({}, DEPENDENCIES, 2) == 0


@pytest.fixture
def deviation(tmp_path):
    values = {"magnetization_deviation": [[0.9, 0.01], [0.9, -0.05]], "magnetization_deviation_error": [[1, 0.002]] * 2}
    data = {name: (("temperature", "start"), v) for name, v in values.items()}
    path = tmp_path / "deviation.nc"
    xr.Dataset(data, {"temperature": [2.0, 2.5], "start": ["hot", "all"]}).to_netcdf(path)
    return path


def test_the_largest_deviation_of_all_chains_is_named(deviation):
    assert distance(deviation) == "|m| is farthest from the exact one at T = 2.5, by -0.050 +- 0.002"


def test_the_end_says_where_how_far_and_what_next(deviation):
    lines = list(ending(["results/fig4.pdf"], deviation))
    assert [line.partition(":")[0] for line in lines] == ["ready", "Fig. 4, spins", "next"]
    assert lines[0].endswith("results/fig4.pdf")
    assert len(list(ending(["results/a.pdf", "results/b.pdf"], deviation.with_name("none.nc")))) == 2
