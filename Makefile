# Every target calls ordinary tools; what they do is in README.md.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: conformance test lint mock sweep lock clean

conformance: $(STAMP)
	$(BIN)/pytest

test: $(STAMP)
	$(BIN)/pytest meta_tests

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

mock: $(STAMP)
	$(BIN)/python -m mock_tenant --port $(or $(PORT),8080)

sweep: $(STAMP)
	$(BIN)/python -m tenant.sweep $(ARGS)

# Resolves anew for every Python that the project supports; needs uv.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--group dev pyproject.toml -o requirements.txt

$(STAMP): requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $(STAMP)

clean:
	rm -rf $(VENV)
