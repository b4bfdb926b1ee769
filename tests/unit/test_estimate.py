"""How long a run still takes: list scheduling between its bounds, and what is known of a job's time."""

import pickle

import numpy as np
import pytest

from spinnet.estimate import LEAST, OVERDUE, PRIOR, Minutes, asked, chains, left_of, measured, speed, time_left

DIAMOND = {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"]}


def test_one_core_takes_the_sum():
    left = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0}
    assert time_left(left, DIAMOND, {}, 1) == 10.0


def test_many_cores_take_the_longest_chain():
    left = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0}
    assert time_left(left, DIAMOND, {}, 9) == 8.0
    assert chains(left, DIAMOND) == {"a": 8.0, "b": 6.0, "c": 7.0, "d": 4.0}


def test_the_longest_chain_starts_first():
    left = {"short": 1.0, "other": 1.0, "long": 2.0}
    assert time_left(left, dict.fromkeys(left, ()), {}, 2) == 2.0


def test_running_jobs_hold_their_cores():
    left = {"running": 5.0, "new": 1.0}
    assert time_left(left, dict.fromkeys(left, ()), {"running": 3.0}, 1) == 6.0
    assert time_left({}, {}, {}, 2) == 0.0


@pytest.mark.parametrize("cores", [1, 2, 5])
def test_random_graphs_stay_within_grahams_bounds(cores):
    """No schedule beats max(sum / cores, chain); list scheduling takes at most sum / cores + (1 - 1 / cores) chain."""
    rng = np.random.default_rng(19)
    for _ in range(50):
        left = dict(enumerate(rng.uniform(0.1, 10, 20)))
        after = {job: [other for other in range(job) if rng.random() < 0.15] for job in left}
        share, chain = sum(left.values()) / cores, max(chains(left, after).values())
        found = time_left(left, after, {}, cores)
        assert max(share, chain) - 1e-9 <= found <= share + (1 - 1 / cores) * chain + 1e-9


def test_a_benchmark_tells_the_seconds(tmp_path):
    path = tmp_path / "job.tsv"
    assert measured(path) is None
    path.write_text("")
    assert measured(path) is None
    path.write_text("s\th:m:s\tmax_rss\n12.96\t0:00:12\t166.98\n13.5\t0:00:13\t-\n")
    assert measured(path) == 13.5


def test_minutes_know_the_seconds_behind_them_and_reach_a_job_as_a_number():
    minutes = Minutes(5, 23.0)
    assert (minutes, asked(minutes), asked(20)) == (5, 23.0, 10)
    assert asked(Minutes(5, 0.1)) == LEAST
    assert type(pickle.loads(pickle.dumps(minutes))) is int


def test_ended_jobs_correct_the_others():
    assert speed(0.0, 0.0) == 1.0
    assert speed(1e6, 2e6) == pytest.approx(2.0, abs=1e-3)
    assert 1.0 < speed(PRIOR, 2 * PRIOR) < 2.0


def test_an_overdue_job_is_not_expected_to_end_at_once():
    assert left_of(100.0, 30.0) == 70.0
    assert left_of(100.0, 200.0) == OVERDUE * 200.0
