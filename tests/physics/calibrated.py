"""What tests of the calibration share."""

from scipy.stats import binom

from spinnet.calibration import judge

FALSE_ALARM = 1e-5  # of one side of one interval


def assert_covered(case):
    """The intervals of a single case hold the truth as often as their levels say."""
    assert case.sizes["case"] == 1
    for level in judge.LEVELS:
        inside = int(judge.inside(case, level).sum())
        assert binom.cdf(inside, case.sizes["replica"], level / 100) > FALSE_ALARM
        assert binom.sf(inside - 1, case.sizes["replica"], level / 100) > FALSE_ALARM
