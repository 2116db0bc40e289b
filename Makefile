# Two commands on a fresh machine: `make run` and `make test`. Each sets up .venv by itself; only python3 >= 3.11 with
# venv, and make, must be there.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.stamp
SAMPLE := services/hunter/samples/demo.csv
RUN := $(BIN)/swarm run --mode staging --namespace demo --input $(SAMPLE)
UP := $(BIN)/swarm up --link --namespace demo
WORKERS ?= 3
COMPILE := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header

.PHONY: help setup run test check format lock bench shots schema clean

help: ## What each target is for.
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: $(STAMP) ## Make .venv with the locked packages; instant when it is up to date.

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; try: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	@echo "setup: making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv || { echo "setup: $(PYTHON) has no venv; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@if ! $(BIN)/pip install -q --disable-pip-version-check uv 2> /dev/null; then echo "setup: uv cannot be had here, using pip"; fi
	@echo "setup: installing $$(grep -c '==' requirements.lock) locked packages"
	@{ test -x $(BIN)/uv && $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock; } \
	  || $(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@echo "setup: installing alpha-swarm itself, editable"
	@# Without isolation: the build backend is among the locked packages.
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: setup ## Walk the sample leads through the whole swarm, then serve the page; nothing leaves the machine.
	@$(RUN)
	@if [ -t 0 ] && [ -t 1 ]; then echo; exec $(UP); else printf '\nThe page: %s\n' '$(UP)'; fi

test: setup ## Every test.
	@$(BIN)/pytest -q -n $(WORKERS) --dist worksteal

check: setup ## Formatting, lint, types, unit and architecture tests: before each commit.
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/pytest -q -n $(WORKERS) tests/unit tests/architecture

format: setup ## Rewrite the sources in the house format.
	@$(BIN)/ruff check --fix-only -q .
	@$(BIN)/ruff format .

lock: setup ## Resolve pyproject.toml anew; the locks name hashes and no registry.
	@$(COMPILE) --extra dev pyproject.toml -o requirements.lock
	@# What the image installs and builds with: the same versions, without the tools of development.
	@$(COMPILE) -c requirements.lock pyproject.toml -o deploy/runtime.lock
	@sed -nE 's/^requires = \["(.*)"\]$$/\1/p' pyproject.toml | $(COMPILE) -c requirements.lock - -o deploy/build.lock

bench: setup ## Measure the swarm on this machine.
	@$(BIN)/swarm bench

shots: setup ## Picture every page in every state, theme and width; needs Chromium. SHOTS=folder keeps them elsewhere.
	@$(BIN)/python -m tests.page.shots $(SHOTS)

schema: setup ## Write the schemas of all facts and commands.
	@$(BIN)/swarm schema

clean: ## Remove what can be made again; data under .swarm stays.
	@rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
