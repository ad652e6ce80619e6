# Sanad. `make demo` shows it, `make test` proves it; CONTRIBUTING.md says the rest.
# Wanted on the machine: Python 3.11 or newer with pip, and make.

# The first Python that is new enough; name another with `make demo PYTHON=/path/to/python`.
ifndef PYTHON
PYTHON := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
endif
WORKERS ?= 2
BIN := .venv/bin
ENVIRONMENT = "$(PYTHON)" tools/environment.py
# Node, where it comes from pip, stands beside Python.
export PATH := $(CURDIR)/$(BIN):$(PATH)
# An empty HOME would have npm make a folder called ~; without one it asks the system.
ifeq ($(strip $(HOME)),)
unexport HOME
endif

.DEFAULT_GOAL := help
.PHONY: help demo chaos test lint analyse mutate faults fuzz format bench pictures translations lock clean python

help:  ## say what there is
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile

python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "Sanad needs Python 3.11 or newer, and $$("$(or $(PYTHON),python3)" --version 2>/dev/null || echo no Python) was found. Install a newer one, or say where it is: make demo PYTHON=/path/to/python3" >&2; exit 2; }

demo: python  ## set up and run the demonstration (ARGS="--once" and so on go to `sanad demo`)
	@$(ENVIRONMENT) demo
	@$(BIN)/sanad demo $(ARGS)

test: python  ## set up what tests need and run them all (ARGS="-k seal" and so on go to pytest)
	@tools/system-packages
	@$(ENVIRONMENT) test
	@$(ENVIRONMENT) node
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

lint: python  ## check style and types
	@$(ENVIRONMENT) test
	@failed=0; for check in "ruff check ." "ruff format --check ." mypy; do echo "$$check"; \
		$(BIN)/python -m $$check || failed=1; done; exit $$failed

analyse: python  ## look for faults in the contract with slither and solhint; each finding has its answer
	@$(ENVIRONMENT) test
	@$(ENVIRONMENT) node analysis
	@$(BIN)/python contracts/script/analyse.py

mutate: python  ## put each seeded fault into the contract; a test must catch it (ARGS="distrust" takes some)
	@$(ENVIRONMENT) test
	@$(ENVIRONMENT) node
	@$(BIN)/python contracts/script/faults.py $(ARGS)

faults: python  ## put each seeded fault into the verifier's core; a vector must catch it (ARGS="core/steps" takes some)
	@$(ENVIRONMENT) test
	@$(BIN)/python -m tests.faults $(ARGS)

fuzz: python  ## a million mutated files and odd answers: no false valid (ARGS="--seed N --files N --answers N --second N")
	@$(ENVIRONMENT) test
	@$(BIN)/python -m tests.fuzz $(ARGS)

chaos: python  ## kill, lie, steal and fill disks while certificates are issued (ARGS="--random 20 --seed 1"; an hour and a half)
	@$(ENVIRONMENT) test
	@$(ENVIRONMENT) node
	$(BIN)/python -m tests.chaos $(ARGS)

format: python  ## put style right where that can be done by machine
	@$(ENVIRONMENT) test
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

bench: python  ## measure speed, memory and sizes
	@$(ENVIRONMENT) test
	@for measure in bench/*.py; do echo "$$measure"; $(BIN)/python "$$measure" || exit 1; done

pictures: python  ## draw the documentation's pictures anew
	@tools/system-packages
	@$(ENVIRONMENT) test
	$(BIN)/python -m tools.pictures

translations: python  ## bring the lists of sentences for translators up to date
	@$(ENVIRONMENT) test
	$(BIN)/python -m tools.translations

# One resolution for all: the largest set first, the others held to it. UPGRADE=1 takes newer versions.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --only-binary :all: \
	--no-emit-index-url --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)
lock: python  ## pin and hash every requirement again
	@$(ENVIRONMENT) lock
	$(COMPILE) pyproject.toml --extra demo --group test -o requirements/test.txt
	$(COMPILE) pyproject.toml --extra demo -c requirements/test.txt -o requirements/demo.txt
	$(COMPILE) pyproject.toml -c requirements/test.txt -o requirements/run.txt
	for group in build node lock virtualenv analysis; do \
		$(COMPILE) --group $$group -o requirements/$$group.txt || exit 1; done

clean:  ## remove everything that was built, .venv included
	rm -rf .venv .stamps build dist *.egg-info contracts/node_modules contracts/out contracts/cache \
		tests/node/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find verifier issuer deploy tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} +
