# Each target sets up what it needs: a virtual environment in .venv from requirements.lock, by uv or else by pip.
PYTHON ?= python3
CORES ?= $(shell nproc 2>/dev/null || sysctl -n hw.ncpu)
BIN := .venv/bin
# With --quiet, Snakemake's own lines go to its log, and a line a minute says how far it is.
SNAKEMAKE := $(BIN)/python -m snakemake --quiet host --cores $(CORES)
# A package is compiled by its first import, for all later ones: without that, each job would compile torch again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: fig4 encoder rg operators calibrate all ledger gallery report verify status crate test test-browser test-cluster test-faults reliability bench docs lint clean-environment

fig4: .venv/ready
	$(SNAKEMAKE) results/fig4.pdf

encoder: .venv/ready
	$(SNAKEMAKE) encoder

rg: .venv/ready
	$(SNAKEMAKE) rg

# The longest chain of jobs first, so that it does not end alone.
operators: .venv/ready
	$(SNAKEMAKE) operators --prioritize results/operators/chains/coulomb.nc

calibrate: .venv/ready
	$(SNAKEMAKE) calibrate

all: .venv/ready
	$(SNAKEMAKE)

# From what is there; `make all` makes everything first.
ledger: .venv/ready
	$(SNAKEMAKE) results/ledger.html

# The figures that are there beside the papers' numbers; `make all` makes everything first.
gallery: .venv/ready
	$(SNAKEMAKE) results/index.html

# The figures and tables that are there, with captions, code and run times, in one file.
report: .venv/ready
	$(SNAKEMAKE) --report results/report.html finished

# Whether every file in results/ is whole, under its own name, and made of what is there now.
verify: .venv/ready
	PYTHONPATH=workflow/scripts $(BIN)/python -m spinnet.verify results

# What is there, out of date, missing and running; also during a run. ARGS: target and options as in the run.
status: .venv/ready
	@PYTHONPATH=workflow/scripts $(BIN)/python -m spinnet.status $(ARGS)

# What is in results/ and what made it, as an RO-Crate: metadata of this folder, for an archive.
crate: .venv/ready
	@PYTHONPATH=workflow/scripts $(BIN)/python -m spinnet.crate

test: .venv/ready
	$(BIN)/python -m pytest -n $(CORES) --dist worksteal tests/workflow tests/unit tests/physics

# The pages of results in Chromium; what is missing for it is said.
test-browser: .venv/ready
	@$(BIN)/python tests/browser/browser.py
	$(BIN)/python -m pytest tests/browser

# SLURM of one node on loopback, as root; it is not installed here, but what is missing is said.
test-cluster: .venv/ready
	@$(BIN)/python tests/cluster/slurm.py
	$(BIN)/python -m pytest tests/cluster

# Kills, full disks, damaged files: half an hour on two cores. What root alone can do is skipped for others.
test-faults: .venv/ready
	$(BIN)/python -m pytest tests/faults

# The counts of docs/reliability.md, from a run of test-faults.
reliability: .venv/ready
	rm -f results/benchmarks/reliability.json; mkdir -p results/benchmarks
	RELIABILITY_COUNTS=$(CURDIR)/results/benchmarks/reliability.json $(BIN)/python -m pytest tests/faults
	PYTHONPATH=workflow/scripts:tests/unit $(BIN)/python tests/faults/report.py results/benchmarks/reliability.json docs/reliability.md

bench: .venv/ready .venv-peers/ready
	$(BIN)/python benchmarks/kernels.py .venv-peers/bin/python

# The documentation, in docs/_build/html. The library is parsed, not imported, so that it needs only an environment of its own.
docs: .venv-docs/ready
	rm -rf docs/_build
	.venv-docs/bin/python -m sphinx --fail-on-warning --quiet docs docs/_build/html

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow/Snakefile rules
	$(BIN)/python -m snakemake --lint

.venv/ready: requirements.lock
	$(PYTHON) envs/install.py .venv requirements.lock
	touch $@

# Other packages that sample the Ising model, for comparison alone.
.venv-peers/ready: benchmarks/requirements-peers.lock
	$(PYTHON) envs/install.py .venv-peers benchmarks/requirements-peers.lock
	touch $@

.venv-docs/ready: requirements-docs.lock
	$(PYTHON) envs/install.py .venv-docs requirements-docs.lock
	touch $@

clean-environment:
	rm -rf .venv .venv-peers .venv-docs
