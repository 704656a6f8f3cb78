# The commands of Samrom; `make help` lists them.

PYTHON ?=
SAMROM_RESTART ?= systemctl restart samrom
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
STEP = $(BIN)/python scripts/step.py
CATALOGUES := $(wildcard booking/translations/*/LC_MESSAGES/*.po)
CODE := booking config.py wsgi.py
TESTS ?= tests

# Without .pyc files every start imports three times as slowly.
export PYTHONDONTWRITEBYTECODE =
export PYTHON SAMROM_RESTART

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test test-clients check lint bench format lock translations snapshots screenshots install upgrade clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s%s\n", $$1, $$2}' Makefile

run: .make/run .make/catalogues ## serve the demo district on http://127.0.0.1:8000 (PORT and WORKERS change it)
	@exec $(BIN)/python scripts/serve.py

test: .make/dev .make/catalogues .make/readers ## the whole suite: SQLite, PostgreSQL and a browser (TESTS=tests/core for a part)
	@$(BIN)/python -m tests.support.postgres >.make/postgres
	@$(BIN)/python -m tests.support.browser >.make/browser
	@$(BIN)/python -m tests.support.libical >.make/libical
	@$(BIN)/pytest -n auto $(TESTS)

test-clients: .make/dev .make/catalogues .make/clients ## feeds in real Thunderbird, Evolution, khal and vdirsyncer (minutes)
	@$(BIN)/python -m tests.real_clients.provide
	@$(BIN)/pytest -v -rP -m clients tests/real_clients

check: lint test ## all that must hold before a change is taken in: format, lint, types, contracts, security, tests

lint: .make/dev
	@$(STEP) "Checking format" $(BIN)/ruff format --check .
	@$(STEP) "Linting" $(BIN)/ruff check .
	@$(STEP) "Checking types" $(BIN)/mypy $(CODE)
	@$(STEP) "Checking import contracts" $(BIN)/lint-imports
	@$(STEP) "Looking for dead code" $(BIN)/vulture
	@$(STEP) "Looking for security slips" $(BIN)/bandit -q -c pyproject.toml -r $(CODE) scripts

bench: .make/dev .make/catalogues ## what things cost at three sizes on both databases (BENCH="--size 10k" for a part)
	@$(BIN)/python -m bench $(BENCH)

format: .make/dev ## put the code in its one format and mend what lint can mend
	@$(BIN)/ruff check --fix-only -q .
	@$(BIN)/ruff format .

lock: .make/dev ## choose dependencies anew (after a change in pyproject.toml; UPGRADE=--upgrade for the newest)
	@$(STEP) "Locking dependencies" sh scripts/lock.sh $(UPGRADE)

translations: .make/dev ## bring the catalogues up to date with the sentences in the code
	@sh scripts/translations.sh update

snapshots: .make/dev .make/catalogues ## write the ARIA snapshots of the flows anew
	@UPDATE_SNAPSHOTS=1 $(BIN)/pytest -q -n auto tests/browser

screenshots: .make/dev .make/catalogues ## photograph the pages, into docs/screenshots
	@$(BIN)/python -m tests.support.browser >.make/browser
	@$(BIN)/python -m scripts.screenshots

install: .make/run .make/catalogues ## on a server: the environment, ready to serve

upgrade: ## on a server: back up, migrate, restart, and go back to PREVIOUS=<revision> when that fails
	@python3 scripts/upgrade.py

clean: ## remove the environment and all caches; the data in instance/ stays
	@rm -rf .venv .make tests/support/node/node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} +

# What is installed, each with a stamp so that it is done once.

.venv/bin/python:
	@python=$$(sh scripts/find_python.sh) && \
	"$$python" scripts/step.py "Making .venv" "$$python" -m venv --clear .venv

.make/venv: .venv/bin/python requirements/bootstrap.txt
	@mkdir -p .make
	@$(STEP) "Installing the installer" $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

.make/run: .make/venv requirements/run.txt
	@$(STEP) "Installing dependencies" $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/run.txt
	@touch $@

.make/dev: .make/venv requirements/dev.txt
	@$(STEP) "Installing dependencies for development" $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@ .make/run

.make/readers: .make/dev tests/support/node/package-lock.json
	@$(STEP) "Installing calendar readers" $(BIN)/python -m tests.support.node
	@touch $@

.make/clients: .make/venv requirements/clients.txt
	@$(STEP) "Making an environment for khal" $(BIN)/python -m venv --clear .make/clients-venv
	@$(STEP) "Installing khal and vdirsyncer" $(BIN)/uv pip install -q --python .make/clients-venv/bin/python --require-hashes -r requirements/clients.txt
	@touch $@

.make/catalogues: .make/venv $(CATALOGUES) scripts/translations.sh
	@sh scripts/translations.sh compile
	@touch $@
