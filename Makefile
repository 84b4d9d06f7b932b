# People and CI call the same targets; `make check` is the one gate. Nothing here is needed to install or to run.
PYTHON := .venv/bin/python

.PHONY: help setup check format lint imports types docs test soak bench golden demo lock

help:  ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup:  ## a virtual environment with all that is needed to work on it
	python3 -m venv .venv
	.venv/bin/pip install -q uv
	.venv/bin/uv pip install -q -r requirements-test.lock -e .

check: lint imports types dependencies docs test  ## all that must hold before a change lands

format:  ## lay the code out
	.venv/bin/ruff format ledger projections api tests docs benchmarks
	.venv/bin/ruff check --fix -q ledger projections api tests docs benchmarks

lint:  ## layout and lint
	.venv/bin/ruff format --check -q ledger projections api tests docs benchmarks
	.venv/bin/ruff check -q ledger projections api tests docs benchmarks

imports:  ## api -> projections -> ledger, and the layers inside
	.venv/bin/lint-imports --no-cache > .imports.txt || (cat .imports.txt && false)
	@rm -f .imports.txt

types:  ## mypy, strict
	.venv/bin/mypy
	.venv/bin/mypy tests

dependencies:  ## declared and used
	.venv/bin/deptry -v . > .deptry.txt 2>&1 || (cat .deptry.txt && false)
	@rm -f .deptry.txt

docs:  ## generated pages are fresh
	$(PYTHON) docs/generate_events.py --check
	$(PYTHON) docs/generate_rules.py --check
	$(PYTHON) docs/generate_questions.py --check
	$(PYTHON) docs/generate_reports.py --check

test:  ## the suite
	$(PYTHON) -m pytest

soak:  ## exhaustive and long runs
	$(PYTHON) -m pytest -m soak --timeout 3600

bench:  ## the figures of this machine, with their table and charts (see benchmarks/README.md)
	.venv/bin/uv pip install -q --group bench
	$(PYTHON) benchmarks/run.py
	$(PYTHON) benchmarks/report.py

golden:  ## frozen bytes of every event type are what the code makes
	$(PYTHON) tests/golden/make_events.py

demo:  ## the main job
	.venv/bin/session-ledger demo

lock:  ## new hashed requirement files from pyproject.toml
	.venv/bin/uv pip compile -q pyproject.toml --universal --generate-hashes --no-annotate --no-emit-index-url -o requirements.lock
	.venv/bin/uv pip compile -q pyproject.toml --group test --universal --generate-hashes --no-annotate --no-emit-index-url -o requirements-test.lock
