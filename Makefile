# What one can do here, one command each; `make` alone lists them.
PYTHON ?= python3
DATA ?= data
PORT ?= 8000
BIN := .venv/bin
SOURCES := src tests tools $(wildcard bench)
SETTINGS := DJANGO_SETTINGS_MODULE=sipuma.config.settings SIPUMA_DATA=build/data SIPUMA_DATABASE_URL=sqlite://:memory:
# Whole files in their order go to one process, so that each server that a file needs is started once. Three for
# two cores: much is waiting for browsers and killed servers.
PYTEST := $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -p no:cacheprovider

PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# pip takes longer, but knows where this machine is told to get packages from.
install = $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python $(1) || $(PIP) install $(1)

# Tests start processes by the hundred: each would compile all of this anew.
unexport PYTHONDONTWRITEBYTECODE

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo run check test test-sqlite test-postgresql test-s3 format bench audit css messages lock

help: ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18

# What looks into files and writes PDFs; without these a file stays as it came, and says so.
FILE_TOOLS := libmagic1 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation mat2 \
	bubblewrap libimage-exiftool-perl ffmpeg

# What puts evidence into the storage and takes it out again.
EVIDENCE := tests/unit/cases/test_evidence.py tests/flow/test_public_evidence.py \
	tests/flow/test_staff_evidence.py tests/flow/test_staff_uploads.py

# What asks nothing of a database runs once.
ANY_DATABASE := $(addprefix tests/unit/,vault worktime files docs web) \
	tests/peers/test_clamd.py tests/peers/test_s3.py

demo: .venv/run ## serve SIPUMA with sample data (PORT=8000 DATA=data)
	@tools/need --wish $(FILE_TOOLS)
	exec $(BIN)/sipuma demo --data "$(DATA)" --port "$(PORT)"

run: .venv/run ## serve SIPUMA from the data folder, web and worker together (PORT=8000 DATA=data)
	SIPUMA_DATA="$(DATA)" SIPUMA_PORT="$(PORT)" exec $(BIN)/sipuma up

check: .venv/dev node_modules/.installed ## everything that can be said without running it
	@tools/need gettext postgresql
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy $(SOURCES)
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint src
	$(SETTINGS) $(BIN)/python -m django check --fail-level WARNING
	$(SETTINGS) $(BIN)/python -m django makemigrations --check --dry-run
	$(SETTINGS) $(BIN)/python -m tools.with_postgres $(BIN)/python -m tools.check_migrations
	$(BIN)/python -m tools.check_catalogue
	$(BIN)/python -m tools.check_styles
	$(BIN)/python -m tools.check_locks
	$(SETTINGS) $(BIN)/sipuma diagram --check docs/procedure.md

test: test-sqlite test-postgresql test-s3 ## all tests, on SQLite and again on PostgreSQL; evidence also on S3

test-sqlite: .venv/dev build
	@tools/need chromium-headless-shell postgresql clamav-daemon $(FILE_TOOLS)
	$(PYTEST) --cov --cov-report=term --cov-report=json:build/coverage.json
	$(BIN)/python -m tools.check_coverage build/coverage.json

test-postgresql: .venv/dev
	@tools/need chromium-headless-shell postgresql clamav-daemon $(FILE_TOOLS)
	$(BIN)/python -m tools.with_postgres $(PYTEST) -m "not looks" $(ANY_DATABASE:%=--ignore=%)

test-s3: .venv/dev
	@tools/need $(FILE_TOOLS)
	$(BIN)/python -m tools.with_s3 $(BIN)/python -m pytest -p no:cacheprovider -m "not folder" $(EVIDENCE)

format: .venv/dev ## bring code and templates into shape
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

bench: .venv/dev ## measure and print ratios
	$(BIN)/python -m bench

audit: .venv/tools ## look the locked packages up among known weaknesses (slow, needs the network)
	@python=0 npm=0; \
	$(BIN)/uv tool run pip-audit --strict --require-hashes --disable-pip -r requirements/run.lock || python=$$?; \
	npm audit --package-lock-only || npm=$$?; \
	echo "Exit codes: pip-audit $$python, npm audit $$npm. Not 0 is a weakness found, or a look-up that failed."; \
	exit $$((python + npm))

css: node_modules/.installed ## build the style sheet
	npm run --silent build

messages: .venv/dev ## collect the texts to translate, and compile the translations
	@tools/need gettext
	cd src/sipuma && ../../$(BIN)/python -m django makemessages -l id --no-location --no-obsolete
	cd src/sipuma && ../../$(BIN)/python -m django compilemessages -l id

lock: .venv/tools ## write the locks anew, with the newest versions that pyproject.toml allows
	$(BIN)/python -m tools.lock

# Stamps: each holds what the ones before it hold, and more.
.venv/bin/python:
	@tools/need python3-venv
	$(PYTHON) -m venv .venv

.venv/tools: requirements/tools.lock | .venv/bin/python
	$(PIP) install --require-hashes -r $<
	@touch $@

.venv/run: requirements/run.lock .venv/tools pyproject.toml
	$(call install,--require-hashes -r $<)
	$(call install,--no-build-isolation --no-deps --editable .)
	@touch $@

.venv/dev: requirements/dev.lock .venv/run
	$(call install,--require-hashes -r $<)
	@touch $@

node_modules/.installed: package-lock.json package.json
	@tools/need nodejs npm
	npm ci --silent
	@touch $@

build:
	@mkdir -p $@
