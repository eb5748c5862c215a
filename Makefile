# Two commands matter: `make run` (the dashboard with its demo municipality) and `make test` (everything that is checked).
# The work is done by scripts/prepare, which says in plain Swedish what is missing.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
PYTHON := $(VENV)/bin/python
HOST ?= 127.0.0.1
PORT ?= 8501
# Two at a time; the tests of a file stay together, since they share what is dear to make, and come in the order of
# tests/conftest.py: the longest first. PYTEST_ARGS= runs one at a time.
PYTEST_ARGS ?= -n 2 --dist loadfile --no-loadscope-reorder
CODE := core pages tests app.py asgi.py
# The real material that some tests reproduce; not part of the repository.
ifeq ($(origin SKOLKRONAN_REFERENCE_DATA),undefined)
  ifneq ($(wildcard ../shared/data/.),)
    export SKOLKRONAN_REFERENCE_DATA := $(abspath ../shared/data)
  endif
endif

.PHONY: help run test nightly audit bench lint format lock clean

help:  ## visa vad som finns
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/' | expand -t 16

run: export SKOLKRONAN_DEMO := 1
run: export SKOLKRONAN_HOST := $(HOST)
run:  ## starta översikten med demokommunen på http://127.0.0.1:8501
	@scripts/prepare run
	@scripts/prepare port $(HOST) $(PORT)
	@$(PYTHON) -m core migrate
	@$(PYTHON) -m core demo --if-empty
	@echo "Skolkronan: http://$(HOST):$(PORT)  (avsluta med Ctrl+C)"
	@exec $(PYTHON) -m uvicorn asgi:app --host $(HOST) --port $(PORT) --ws websockets-sansio --ws-per-message-deflate false --no-access-log

test:  ## format, lint, typer och alla prov; slutar med provens slutrad
	@scripts/prepare test
	@$(PYTHON) -m ruff format --check --quiet $(CODE)
	@$(PYTHON) -m ruff check --quiet $(CODE)
	@$(PYTHON) -m mypy
	@$(PYTHON) -m scripts.audit_packages
	@$(PYTHON) -m pytest --cov --cov-report=term $(PYTEST_ARGS)

nightly:  ## de långsamma proven: tiotusen fientliga filer av varje slag (tar timmar)
	@scripts/prepare test
	@$(PYTHON) -m pytest -m nightly $(PYTEST_ARGS)

audit:  ## fråga om paketen har kända sårbarheter; de som får stå kvar finns i docs/sarbarheter.yaml
	@scripts/prepare packages
	@$(PYTHON) -m scripts.audit_packages

bench:  ## mät hastighet och minne mot gränserna i tests/benchmarks
	@scripts/prepare test
	@$(PYTHON) -m tests.benchmarks

lint:  ## bara format, lint och typer
	@scripts/prepare packages
	@$(PYTHON) -m ruff format --check $(CODE)
	@$(PYTHON) -m ruff check $(CODE)
	@$(PYTHON) -m mypy

format:  ## skriv om koden i husets format
	@scripts/prepare packages
	@$(PYTHON) -m ruff check --fix-only --quiet $(CODE)
	@$(PYTHON) -m ruff format $(CODE)

lock:  ## skriv om constraints.txt efter en ändring i requirements*.txt
	@scripts/prepare lock

clean:  ## ta bort den virtuella miljön och mellanlager; data rörs inte
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
