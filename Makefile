# The two commands are `make run` and `make test`; `make help` lists the rest.
.DEFAULT_GOAL := help
PYTHON ?= python3
PYTEST := .venv/bin/python -m pytest
WORKERS ?= 2

.PHONY: help setup dev run test test-sqlite test-postgres journeys search bench lint format messages docs lock clean

help: ## List what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 18

setup: ## Set up what running needs
	@$(PYTHON) scripts/setup.py

dev: ## Set up what developing needs
	@$(PYTHON) scripts/setup.py --dev

run: setup ## Serve a living demo neighbourhood on http://127.0.0.1:8000
	@.venv/bin/linli up

test: test-sqlite test-postgres journeys ## Run every test, on SQLite, on PostgreSQL, in a browser

test-sqlite: dev ## Run the tests on SQLite
	env -u DATABASE_URL $(PYTEST) -q -n $(WORKERS) -m "not journey"

test-postgres: dev ## Run the tests on a private PostgreSQL
	.venv/bin/python scripts/postgres.py run -- $(PYTEST) -q -n $(WORKERS) -m "not journey and not realdata and not demo and not sqlite"

journeys: dev ## Drive every journey in a headless browser
	LINLI_BROWSER="$$(sh scripts/browser.sh)" env -u DATABASE_URL $(PYTEST) -q -m journey

search: dev ## Let the property tests look for examples nobody thought of; takes an hour
	env -u DATABASE_URL LINLI_EXAMPLES=searching $(PYTEST) -q -n $(WORKERS) -m "not journey and not demo" tests/engines tests/kernel tests/mechanisms

bench: dev ## Measure speed and memory; prints JSON
	.venv/bin/python -m bench

lint: dev ## Check style, types, layers, templates, migrations, translations, references
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	git ls-files '*.html' | xargs .venv/bin/djade --check --target-version 5.2
	.venv/bin/linli makemigrations --check --dry-run
	sh scripts/browser.sh >/dev/null
	.venv/bin/python scripts/translations.py
	.venv/bin/linli docs --check
	.venv/bin/linli pack check

format: dev ## Format the code
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	git ls-files '*.html' | xargs .venv/bin/djade --target-version 5.2 || true

messages: dev ## Bring the message catalogues up to date
	.venv/bin/python scripts/translations.py --update

docs: dev ## Write the generated reference pages
	.venv/bin/linli docs

LOCK := .boot/bin/uv pip compile --quiet pyproject.toml --universal --generate-hashes --no-header --no-emit-index-url

lock: ## Lock the dependencies anew (UPGRADE=--upgrade for newer versions)
	$(LOCK) $(UPGRADE) -o requirements.lock
	$(LOCK) $(UPGRADE) --group dev -c requirements.lock -o requirements-dev.lock

clean: ## Remove what was set up, not the data in var/
	rm -rf .venv .boot node_modules
