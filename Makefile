# Everything starts here: `make demo` and `make test` set up what they need, and run again in seconds.
# PYTHON=... picks another interpreter for .venv; ARGS=... adds arguments to the tool that a target runs.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup setup-demo demo test lint accuracy gallery ablation benchmark soak fuzz docs lock clean distclean

BIN := .venv/bin
ARGS ?=
export PYTHON

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Set up .venv with everything for development
	@tools/setup.sh dev

setup-demo:
	@tools/setup.sh runtime

demo: setup-demo ## Identify the covers in samples/ and write a report into demo/
	@$(BIN)/postmark-id batch samples -o demo $(ARGS)
	@echo
	@echo "The report: $(CURDIR)/demo/report.html"

test: lint ## Check style and types, run the tests
	@$(BIN)/python -m pytest -q -n auto $(ARGS)

lint: setup ## Check style and types only
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

accuracy: setup ## Measure accuracy on freshly rendered covers (minutes)
	@$(BIN)/python -m pytest -q -s -m accuracy tests/accuracy $(ARGS)

gallery: setup ## Draw the worst covers into docs/failures.md (ARGS="covers --results now.jsonl")
	@$(BIN)/python benchmarks/gallery.py $(ARGS)

ablation: setup ## Measure with each stage off in turn (ARGS="covers --count 20")
	@$(BIN)/python benchmarks/ablation.py $(ARGS)

benchmark: setup ## Measure speed as ratios in one run
	@$(BIN)/python benchmarks/bench.py $(ARGS)

soak: setup ## Put 2,000 scans through one run: memory, open files, rate (ARGS="--scans 200")
	@$(BIN)/python benchmarks/soak.py $(ARGS)

fuzz: setup ## Search for files that a reader does not survive (ARGS="--seconds 600 loader")
	@$(BIN)/python fuzz/search.py $(ARGS)

docs: setup ## Write docs/cli.md from the program
	@$(BIN)/python tools/document_cli.py

lock: setup ## Resolve the locked packages afresh from pyproject.toml
	@tools/lock.sh $(ARGS)

clean: ## Remove what was built, but not .venv
	@rm -rf build dist demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find src tests tools training -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## Remove .venv, too
	@rm -rf .venv
