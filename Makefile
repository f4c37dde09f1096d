# On a fresh machine: make solve PROBLEM="…", and make test. Everything lands in .venv and in the user's cache.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PROBLEM ?=
PROBLEMS ?=
GPU_DATA ?= families
GPU_APART ?=

.PHONY: help solve test check format install ui bench gpu-bench clean

help:
	@echo 'make solve PROBLEM="…"   solve a problem (sets everything up the first time)'
	@echo 'make ui                  open the chat in a browser, on this computer alone'
	@echo 'make test                install what the tests need and run them all'
	@echo 'make check               ruff, mypy, import-linter'
	@echo 'make gpu-bench           finetuning and generation on a GPU (bench/GPU.md)'
	@echo 'make bench PROBLEMS=…    speed, then accuracy on a JSONL of problem and answer (takes hours)'

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# Stamps: an install is done again only when what it depends on has changed.
$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,finetune,huggingface,ui]'
	@touch $@

$(VENV)/.installed-ui: pyproject.toml constraints.txt | $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[ui]'
	@touch $@

install: $(VENV)/.installed

solve: export MATHLEARN_PROBLEM := $(value PROBLEM)
solve: $(VENV)/.installed
	@printf '%s' "$$MATHLEARN_PROBLEM" | $(BIN)/mathlearn solve -

ui: $(VENV)/.installed-ui
	$(BIN)/mathlearn ui

# Two processes, by whole files: more would start more model servers than a laptop has room for. In the order of
# tests/conftest.py, not by the number of tests: the files with a real model hold few, and take longest.
# One thread each, for training and for a model's server: two times two on two cores wait for each other, and an answer
# of half a minute takes twenty.
test: export OMP_NUM_THREADS := 1
test: export MATHLEARN_THREADS ?= 1
test: $(VENV)/.installed-dev
	$(BIN)/mathlearn models fetch
	$(BIN)/mathlearn models fetch smollm2-135m
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet . || (echo 'run: make format'; exit 1)
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.installed-dev
	$(BIN)/python bench/speed.py
	$(BIN)/python bench/accuracy.py $(PROBLEMS) --name bench
	$(BIN)/python bench/report.py bench/records/bench.jsonl

gpu-bench: $(VENV)/.installed-dev
	$(BIN)/python bench/gpu.py all --data $(GPU_DATA) --apart $(GPU_APART)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache *.egg-info
