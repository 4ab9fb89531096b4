# Two commands: `make run` opens the academy, `make test` checks it. Both set themselves up.
#   make run PORT=8123 DATA=some/folder   a second, separate academy
# The system's Python, if it is new enough: distributions build theirs for speed, version managers usually do not (decision 61).
FIT := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell /usr/bin/python3 -c '$(FIT)' 2>/dev/null && echo /usr/bin/python3 || echo python3)
PORT ?= 8000
DATA ?= var/demo
VENV := .venv
BIN := $(VENV)/bin
PO := translations/ar/LC_MESSAGES/messages.po

.PHONY: run test packages lint bench lock translations clean

run: $(VENV)/ready $(PO:.po=.mo)
	@PORT=$(PORT) ACADEMY_DATA="$(DATA)" exec $(BIN)/python -m academy.launch

# The system's packages come while Python's are unpacked.
test:
	@$(MAKE) --no-print-directory -j2 packages $(VENV)/ready-for-tests
	@$(MAKE) --no-print-directory $(PO:.po=.mo)
	@$(BIN)/python -m tests.run

packages:
	@! command -v $(PYTHON) >/dev/null || $(PYTHON) -m tests.packages

lint: $(VENV)/ready-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

bench: $(VENV)/ready-for-tests $(PO:.po=.mo)
	@$(BIN)/python -m bench

translations: $(VENV)/ready
	$(BIN)/pybabel -q extract --no-wrap -F translations/babel.cfg -k _l --no-location --sort-output -o translations/messages.pot .
	$(BIN)/pybabel -q update --no-wrap -i translations/messages.pot -d translations -l ar --no-fuzzy-matching --ignore-obsolete
	$(BIN)/pybabel -q compile -d translations

%.mo: %.po $(VENV)/ready
	@$(BIN)/pybabel -q compile -d translations

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: install Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python is too old: install Python 3.11 or newer (or: make run PYTHON=python3.12)."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: on Debian, apt-get install python3-venv."; exit 1; }

$(VENV)/ready: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the academy needs …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@touch $@

$(VENV)/ready-for-tests: requirements.txt tests/requirements.txt | $(VENV)/bin/python
	@echo "Installing what the academy and its tests need …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements.txt -r tests/requirements.txt
	@touch $(VENV)/ready $@

# Needs uv (pip install uv). Run it after changing .requirements.in or tests/requirements.in.
lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" .requirements.in -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" tests/requirements.in -o tests/requirements.txt

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .import_linter_cache
