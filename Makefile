# Two commands matter: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check
INDEX  := $(BIN)/python -m pip config list | sed -n "s/.*[.]index-url='\(.*\)'/--default-index=\1/p" | tail -1

.PHONY: help setup run test tests thorough lint bench dev lock words city clean

help:
	@echo "make run    set up, then run the nightly job on the sample city (about a minute)"
	@echo "make test   set up, then lint, type check and run all tests: what CI runs"
	@echo "make thorough   all tests with the fault laboratory and the damaged files in full numbers"
	@echo "make dev    open the Dagster UI on http://127.0.0.1:3000"
	@echo "make bench  measure reading, checking and building (ratios in one run)"
	@echo "make lock   renew requirements.lock after a change of dependencies"
	@echo "make words  compile what the command line says in Chinese, after a change of messages.po"

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@echo "==> setting up $(VENV) with $(PYTHON) (once; a few minutes on a slow line)"
	@$(PYTHON) -m venv $(VENV)
	@echo "==> installing the locked dependencies"
	@# uv, locked as well, takes a fifth of pip's time; it does not know pip's settings: where it fails, pip does it
	@{ sed -n '/^uv==/,/[^\\]$$/p' requirements.lock | $(PIP) --require-hashes -r /dev/stdin \
	   && $(BIN)/uv pip install --quiet --python $(BIN)/python $$($(INDEX)) --require-hashes -r requirements.lock; } 2> /dev/null \
	 || { echo "==> with pip, for uv cannot" && $(PIP) --upgrade pip \
	      && $(PIP) --progress-bar on --no-compile --require-hashes -r requirements.lock; }
	@# by all cores, where pip takes one; some packages hold files for other Pythons, which do not compile
	@$(BIN)/python -m compileall -q -j 0 -x '/site-packages/.*/tests/' $(VENV)/lib > /dev/null || true
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

run: $(READY)
	@$(BIN)/python -m tests.city.night

test: $(READY)
	@$(MAKE) --no-print-directory -j 2 lint tests

tests: $(READY)
	@echo "==> tests"
	@$(BIN)/python -m pytest -n auto

thorough: $(READY)
	@$(BIN)/python -m pytest -n auto --thorough

lint: $(READY)
	@echo "==> ruff"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo "==> mypy"
	@$(BIN)/mypy

bench: $(READY)
	@$(BIN)/python -m tests.bench

dev: $(READY)
	@$(BIN)/juesuan dev

lock:
	@$(BIN)/uv pip compile pyproject.toml --extra dev --extra ocr --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --quiet --custom-compile-command "make lock" -o requirements.lock

words: $(READY)
	@$(BIN)/pybabel --quiet compile -d assets/locale -D messages

city: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[city]"
	@$(BIN)/python -m tests.city.make

clean:
	rm -rf $(VENV) var dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
