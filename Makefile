# Two commands for everybody: `make run` and `make test`. The rest is for people who work on the portal.
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
DEV := $(VENV)/.installed-dev
RUN := $(VENV)/.installed
export PYTHONDONTWRITEBYTECODE ?= 1
export PYTHONPATH := $(CURDIR)

.PHONY: run test check nightly bench screenshots messages requirements workflows clean

$(VENV)/bin/python:
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Python 3.11 or newer is needed"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUN): requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(DEV): requirements-dev.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@ $(RUN)

run: $(RUN)  ## the portal with demonstration data on http://localhost:$(PORT)
	PORTAL_DEMO=$${PORTAL_DEMO:-1} PORTAL_PORT=$(PORT) $(BIN)/python -m portal serve --prepare

test: $(DEV)  ## everything, the browser included
	$(BIN)/python tools/find_chromium.py
	$(BIN)/python -m pytest -q -n 2 -m "not nightly"

check: $(DEV)  ## style, types, layers, translations, migrations
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/messages.py --check
	$(BIN)/python tools/workflows.py --check

messages: $(DEV)  ## extract message ids into the catalogue
	$(BIN)/python tools/messages.py

workflows: $(DEV)  ## write docs/workflows.md from the transition tables
	$(BIN)/python tools/workflows.py

nightly: $(DEV)  ## the full counts
	$(BIN)/python tools/find_chromium.py
	$(BIN)/python -m pytest -q -m nightly

bench: $(DEV)  ## measure speed and memory, write docs/benchmarks.md
	$(BIN)/python -m tools.bench

screenshots: $(DEV)  ## take the pictures of every page again
	$(BIN)/python -m tools.screenshots

requirements: pyproject.toml  ## resolve and pin again
	uv pip compile --universal --no-emit-index-url --no-header --no-annotate -q pyproject.toml -o requirements.txt
	uv pip compile --universal --no-emit-index-url --no-header --no-annotate -q --extra dev pyproject.toml -o requirements-dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
