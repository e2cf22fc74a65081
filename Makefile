# `make run` starts the server, `make test` runs every test. Both set up what they need.
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: run setup setup-dev test check lint types floors format engine-hosts fuzz chaos train-check lock clean

run: setup
	@exec $(BIN)/ocrchat up

setup:
	@VENV=$(VENV) scripts/environment requirements.txt
	@VENV=$(VENV) scripts/languages

setup-dev: setup
	@VENV=$(VENV) scripts/environment requirements-dev.txt
	@VENV=$(VENV) scripts/test-tools

# In two processes, as in life: the supervisor and its signals, and the models' native libraries.
test: setup-dev
	$(BIN)/pytest --ignore=tests/server
	$(BIN)/pytest tests/server

check: setup-dev lint types floors test

lint:
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types:
	$(BIN)/mypy

floors:
	$(BIN)/lint-imports

format:
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# The cpu engine's tests as on other hosts: without AVX-512, in f32 alone, without Tesseract.
HOST_TESTS ?= tests/ocrchat/engines/cpu tests/conformance
engine-hosts: setup-dev
	ONEDNN_MAX_CPU_ISA=AVX2 $(BIN)/pytest $(HOST_TESTS)
	ONEDNN_MAX_CPU_ISA=AVX512_CORE $(BIN)/pytest $(HOST_TESTS)
	$(BIN)/python -m pytest -p tests.without_tesseract $(HOST_TESTS)

fuzz: setup-dev
	$(BIN)/python -m tests.hostile.fuzz --mutants 5000 --seed 1

chaos: setup-dev
	$(BIN)/python -m tests.kill.long --pages 1000 --kills 10
	$(BIN)/python -m tests.kill.chaos --seed $(or $(SEED),1) --scale $(or $(SCALE),1)

# Trains a tiny net for a minute in an environment of its own: its loss falls, its export reads lines.
train-check: setup-dev
	@VENV=$(VENV)-train scripts/training-environment
	$(VENV)-train/bin/python -m pytest -q -c /dev/null --rootdir training training/tests

lock:
	scripts/lock

clean:
	rm -rf $(VENV) $(VENV)-train .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
