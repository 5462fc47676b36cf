# README.md describes the targets.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
ARGS   ?=

# Without cached bytecode each of the many runs in `make test` would compile the suite again: half of its start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: describe conformance test lint mock allure sweep bench kill-matrix lock clean

# Writes tenant.toml, which the next target uses for a live tenant.
describe: $(STAMP)
	$(BIN)/python -m client.describe $(ARGS)

conformance: $(STAMP)
	$(BIN)/python -m pytest $(if $(EMPORIX_TENANT),$(addprefix --tenant-config=,$(wildcard tenant.toml))) $(ARGS)

test: $(STAMP)
	$(BIN)/python -m pytest meta_tests -n auto --dist loadfile $(ARGS)

# The suite beside the Schemathesis command line and a bare loop, the hot parts alone, and runs on seeded defects.
bench: $(STAMP)
	$(BIN)/python -m bench $(ARGS)
	$(BIN)/python -m pytest bench/test_hot_parts.py
	$(BIN)/python -m meta_tests.effectiveness.red_runs
	$(BIN)/python -m meta_tests.effectiveness.red_runs --latency 0.02 --processes 8

kill-matrix: $(STAMP)
	$(BIN)/python -m meta_tests.effectiveness.kill_matrix $(ARGS)

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/zizmor --offline --quiet .

mock: $(STAMP)
	$(BIN)/python -m mock_tenant --port $(or $(PORT),8080) $(ARGS)

allure: $(STAMP)
	$(BIN)/python -m reporting.allure_report $(ARGS)

sweep: $(STAMP)
	$(BIN)/python -m client.sweep $(addprefix --tenant-config=,$(wildcard tenant.toml)) $(ARGS)

# Updates the versions, for every supported Python; needs uv.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--group dev pyproject.toml -o requirements.txt

# The stamp is created after a complete installation; an interrupted one is repeated.
$(STAMP): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; name it as in: make PYTHON=python3.12")'
	@$(PYTHON) -c 'import ensurepip' || { echo "This Python cannot make virtual environments; install its venv package, such as python3-venv."; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $(STAMP)

clean:
	rm -rf $(VENV)
