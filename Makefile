# The two commands that matter: `make run` (see it) and `make test` (trust it). `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run setup setup-run test coverage lint types quality models bench faults guards screenshots locks clean

help: ## say what each command does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: setup-run ## the whole site with demonstration data, on http://127.0.0.1:8000 (PORT changes it)
	@$(BIN)/hscb-voice demo --port $(PORT)

setup-run: $(VENV)/run.stamp static/vendor/.stamp

setup: $(VENV)/dev.stamp static/vendor/.stamp node_modules/.stamp ## everything that working on the project needs
	@sh tests/support/install_system_packages.sh

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Set PYTHON=python3.11, say.") if sys.version_info < (3, 11) else None'
	@echo "Making the virtual environment ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements/run.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the program needs (a minute the first time) ..."
	@$(PIP) --require-hashes --no-deps -r requirements/run.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.lock $(VENV)/run.stamp | $(VENV)/bin/python
	@echo "Installing what the tests need ..."
	@$(PIP) --require-hashes --no-deps -r requirements/dev.lock
	@touch $@

static/vendor/.stamp: package-lock.json hscb_voice/web/assets.py hscb_voice/web/respondent_script.py $(wildcard static/js/respondent/*.js) $(VENV)/run.stamp
	@echo "Installing the staff pages' styles, and making the respondents' script small ..."
	@$(BIN)/python -m hscb_voice.web.assets
	@touch $@

node_modules/.stamp: package-lock.json $(VENV)/dev.stamp static/vendor/.stamp
	@$(BIN)/python -m hscb_voice.web.assets --with-test-tools
	@touch $@

test: setup ## the whole suite: lint, types, imports, both databases, a real browser
	@bash tests/run_all.sh

coverage: setup ## which lines no test reaches; at least 95 of 100 must be (twice as long as without)
	@$(BIN)/pytest -n 2 --dist worksteal tests/unit tests/web tests/migrations --cov --cov-report=term --cov-fail-under=95 --quiet

lint: $(VENV)/dev.stamp ## ruff and the import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: $(VENV)/dev.stamp ## mypy, strict
	@$(BIN)/mypy

quality: $(VENV)/dev.stamp ## how well comments are read, beside simpler ways
	@echo "== open comments: looked at while the rules were written, and learned from"
	@$(BIN)/python -m tests.quality.score --changes tests/quality/open/*.jsonl
	@echo "== locked comments: never looked at, by a person or by the models; totals only"
	@$(BIN)/python -m tests.quality.score --changes tests/quality/locked/*.jsonl
	@echo "== names and worries, short comments by one hand, the open part looked at; dense with names and lookalikes"
	@for part in open/names open/worries locked/names_first locked/names_second locked/worries_first locked/worries_second; \
		do echo "-- $$part"; $(BIN)/python -m tests.quality.score tests/quality/names_and_worries/$$part.jsonl; done
	@echo "== learning from people: never below the rules alone"
	@$(BIN)/python -m tests.quality.learning_curve
	@echo "== Polish, Romanian and Welsh: written by the hand that widened their lexicons, which flatters both halves"
	@$(BIN)/python -m tests.quality.other_languages

models: $(VENV)/dev.stamp ## train the small models anew, after a change in corpus, rules or features (minutes)
	@OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m tests.quality.train_names
	@OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m tests.quality.train

bench: setup ## the measured claims of the README
	@$(BIN)/python -m bench.all

faults: setup ## tests that break things on purpose (minutes)
	@$(BIN)/pytest -n 2 -m faults tests/faults --quiet -rA --show-capture=no --durations=10

guards: setup ## take each guard out in turn, in a copy, and see its test fail (longer; ONLY=C2 takes those of C2)
	@$(BIN)/pytest -n 2 -m guards tests/faults --quiet -k "$(ONLY)" --durations=10

screenshots: setup ## the pictures of the README and docs
	@$(BIN)/python -m bench.screenshots

locks: $(VENV)/bin/python ## write the pinned dependencies anew, after a change in pyproject.toml (needs uv)
	@for set in run dev; do \
	  groups="--group setup"; [ $$set = dev ] && groups="$$groups --group dev"; \
	  uv pip compile pyproject.toml $$groups --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-annotate --no-header --quiet --output-file requirements/$$set.lock; \
	done

clean: ## remove what the commands made, but no data
	@rm -rf $(VENV) node_modules static/vendor build *.egg-info .mypy_cache .ruff_cache .pytest_cache
