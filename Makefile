# Everything a developer runs. `make demo` and `make test` need only Python, git and make on the machine.
# PORT=8001 make demo · make unit ARGS="-k people" · DATABASE_URL=postgresql://… make test

PY := .venv/bin/python
# Workers for the unit tests: one a core, and not more than 8 (each holds a database of its own).
WORKERS ?= $(shell cores=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); echo $$((cores > 8 ? 8 : cores)))
# Each browser test process has a Chromium and a server of its own.
BROWSERS ?= $(shell echo $$(($(WORKERS) > 2 ? 2 : $(WORKERS))))
PORT ?= 8000
export PORT
# Each of many short processes would else compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

# The demo's database, and a quick one for tests that may be lost at any time.
ON_DEMO_DATABASE = $(PY) -m tools.postgres run --
ON_TEST_DATABASE = CRESCENDO_MODE=test $(PY) -m tools.postgres run --data test --fast --

.DEFAULT_GOAL := help
.PHONY: help demo test lint format format-check types prepare check-migrations unit browser migrate \
        makemigrations shell check-deploy bench lock clean

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | \
	    awk -F'|' '{ printf "%-24s %s\n", $$1, $$2 }'

.venv/installed: requirements-dev.txt
	@.venv/bin/python -c '' 2>/dev/null || bin/uv venv --quiet --clear --python '>=3.12,<3.15' .venv
	@echo "Installing what requirements-dev.txt locks ..."
	@bin/uv pip sync --quiet --require-hashes --python .venv requirements-dev.txt
	@touch $@

demo: .venv/installed ## run the demo on http://127.0.0.1:8000/ (PORT changes the port)
	@$(PY) -m tools.demo

test: .venv/installed ## all checks and tests, the browser's included
	@$(MAKE) --no-print-directory --output-sync --jobs 2 lint format-check types prepare
	@$(ON_TEST_DATABASE) $(MAKE) --no-print-directory unit browser

lint: .venv/installed ## find mistakes (ruff)
	@.venv/bin/ruff check .

format: .venv/installed ## put the code in the common form (ruff)
	@.venv/bin/ruff check --select I --fix --quiet .
	@.venv/bin/ruff format .

format-check: .venv/installed
	@.venv/bin/ruff format --check .

types: .venv/installed ## check types (mypy)
	@CRESCENDO_MODE=test .venv/bin/mypy

# While one core reads the code, the other finds a Chromium and makes the database that tests copy.
prepare: check-migrations
	@$(PY) -m tools.chromium >/dev/null
	@$(ON_TEST_DATABASE) $(PY) -m tests.migrated

check-migrations: .venv/installed ## fail when a model has changed and no migration says so
	@$(ON_TEST_DATABASE) $(PY) manage.py makemigrations --check --dry-run

unit: .venv/installed ## unit tests (ARGS="-k word" narrows them)
	@$(ON_TEST_DATABASE) .venv/bin/pytest --numprocesses $(WORKERS) --ignore=tests/browser $(ARGS)

# Playwright keeps an event loop on the main thread, which Django would take for a mistake: hence the variable,
# and hence a run of their own.
browser: .venv/installed ## browser tests, with a Chromium found or fetched
	@CHROMIUM="$$($(PY) -m tools.chromium)" && test -n "$$CHROMIUM" && export CHROMIUM && \
	    export STATIC_ROOT="$${CRESCENDO_LOCAL_DIR:-$(CURDIR)/.local}/browser-static" && \
	    export DJANGO_ALLOW_ASYNC_UNSAFE=true CRESCENDO_MODE=test && \
	    $(ON_TEST_DATABASE) $(PY) manage.py collectstatic --noinput --verbosity 0 && \
	    $(ON_TEST_DATABASE) .venv/bin/pytest tests/browser --numprocesses $(BROWSERS) $(ARGS)

migrate: .venv/installed ## bring the demo's database up to date
	@$(ON_DEMO_DATABASE) $(PY) manage.py migrate

makemigrations: .venv/installed ## write migrations for changed models
	@$(ON_DEMO_DATABASE) $(PY) manage.py makemigrations $(ARGS)

shell: .venv/installed ## a Python shell on the demo's database
	@$(ON_DEMO_DATABASE) $(PY) manage.py shell

check-deploy: .venv/installed ## Django's checks under production settings, warnings refused
	@$(ON_TEST_DATABASE) env CRESCENDO_MODE=production SMTP_HOST=localhost \
	    ALLOWED_HOSTS=crescendo.example SITE_URL=https://crescendo.example \
	    SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	    DEFAULT_FROM_EMAIL=hello@crescendo.example $(PY) manage.py check --deploy --fail-level WARNING

BENCH ?= live
bench: .venv/installed ## what the live room holds, beside other ways (BENCH=live; some 15 minutes)
	@$(PY) -m benchmarks.$(BENCH)

# The locks hold versions and hashes and name no index. UPGRADE=--upgrade takes newer versions.
LOCK = UV_CUSTOM_COMPILE_COMMAND="make lock" bin/uv pip compile --quiet --universal --python-version 3.12 \
       --generate-hashes --no-emit-index-url --no-emit-find-links $(UPGRADE)
lock: ## write requirements.txt and requirements-dev.txt anew from pyproject.toml
	@$(LOCK) pyproject.toml -o requirements.txt
	@$(LOCK) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

clean: ## remove the environment, the caches and the demo's data
	@if [ -x $(PY) ]; then $(PY) -m tools.postgres remove; fi
	@rm -rf .venv .uv .local .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
