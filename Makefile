# One target for each thing people do. `make run` and `make test` need python3 (3.11+), python3-venv and make.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CODE := config accounts riskregistry reports tests manage.py

.PHONY: run test test-sqlite test-postgres check format lock score bench load clean help

help: ## Show what there is
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 16

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新版本"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.development: requirements-dev.txt $(VENV)/.runtime
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

var/static/.collected: $(VENV)/.runtime config/assets.py config/settings.py $(shell find static -type f)
	$(BIN)/python manage.py collectstatic --noinput --clear --verbosity 0
	@touch $@

run: $(VENV)/.runtime var/static/.collected ## Set up what is missing and start the web server and the worker
	@exec $(BIN)/python -m config.serve

test: test-sqlite test-postgres ## All tests, on SQLite and (where its binaries or DATABASE_URL are present) PostgreSQL

# C.UTF-8: names of files and the PostgreSQL cluster are in Chinese-capable encodings everywhere.
test-sqlite: $(VENV)/.development
	env -u DATABASE_URL LC_ALL=C.UTF-8 $(BIN)/python -m pytest -n 2 --dist loadgroup

test-postgres: $(VENV)/.development
	@case "$$DATABASE_URL" in \
	postgres*) LC_ALL=C.UTF-8 $(BIN)/python -m pytest -n 2 --dist loadgroup -m "not chromium80 and not own_database" ;; \
	*) if command -v pg_virtualenv >/dev/null; then \
	  LC_ALL=C.UTF-8 pg_virtualenv -t -o fsync=off sh -c 'DATABASE_URL="postgres://$$PGUSER:$$PGPASSWORD@$$PGHOST:$$PGPORT/$$PGDATABASE" \
	    $(BIN)/python -m pytest -n 2 --dist loadgroup -m "not chromium80 and not own_database"'; \
	  elif [ -n "$$REQUIRE_TOOLS" ]; then echo "PostgreSQL: pg_virtualenv not found"; exit 1; \
	  else echo "PostgreSQL: skipped (pg_virtualenv not found and DATABASE_URL not set)"; fi ;; \
	esac

check: $(VENV)/.development ## Lint, types, templates, migrations, deployment settings, architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(CODE)
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python manage.py makemigrations --check --dry-run
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') HTTPS=1 \
	  ALLOWED_HOSTS=qingyu.example $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python -m pytest -q tests/test_architecture.py

format: $(VENV)/.development ## Put the code in its standard form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

score: $(VENV)/.development ## Precision and recall of the reader on the sample reports
	@$(BIN)/python -m tests.samples.score --half both

bench: $(VENV)/.development ## Timings as ratios; figures go to docs/measurements.md
	env -u DATABASE_URL $(BIN)/python -m pytest tests/benchmarks -q -s -p no:xdist

load: $(VENV)/.development var/static/.collected ## 50 clients at once, and a server killed in the middle; figures go to docs/measurements.md
	$(BIN)/python -m pytest tests/load -q -s -p no:xdist

lock: $(VENV)/.development ## Pin requirements anew, with hashes
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt

clean: ## Remove what was built; var/ (data) stays
	rm -rf $(VENV) var/static .mypy_cache .ruff_cache .pytest_cache
