"""Environment of the tests: that of the jobs; all copies of the repository share the kernels of this one."""

from spinnet.environment import prepare

prepare()
