# Needs Python >= 3.11 and make; everything else comes from the package registries.
.PHONY: setup demo test check bench fuzz screenshots lock clean
PYTHON ?= python3
BIN := .venv/bin

setup: .venv/.ready            ## the virtual environment, front-end files, translations

.venv/.ready: requirements/dev.txt package-lock.json pyproject.toml scripts/setup.py
	$(PYTHON) scripts/setup.py
	@touch $@

demo: setup                    ## the whole system with a live simulated fleet
	$(BIN)/jiulong demo $(ARGS)

test: setup                    ## all tests, browser tests included
	$(BIN)/python scripts/chromium.py
	$(BIN)/pytest -n 2 -m "not browser and not system"
	$(BIN)/pytest -n 2 --dist loadgroup -m "browser or system"

check: setup                   ## format, lint, types, floors, migrations, translations, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/jiulong makemigrations --check --dry-run
	$(BIN)/python scripts/translations.py --check
	$(BIN)/python scripts/docs.py --check

bench: setup                   ## every figure beside its anchor, measured in the same run
	$(BIN)/jiulong bench all

fuzz: setup                    ## thirty seconds of damaged frames against the protocol library
	$(BIN)/python tests/hj212/fuzz.py --seconds 30

screenshots: setup             ## the pictures of the README, from the demo
	$(BIN)/python scripts/chromium.py
	$(BIN)/python -m scripts.screenshots

lock: setup                    ## compile the pinned, hashed requirements
	cd requirements && for f in base dev; do ../$(BIN)/uv pip compile -q --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-annotate --no-header $$f.in -o $$f.txt; done

clean:
	rm -rf .venv node_modules var
