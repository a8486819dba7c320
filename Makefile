# Every command of the project; `make` alone lists them.

PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null)
NPM := $(shell command -v npm 2>/dev/null)
PY := .venv/bin/python
PLAYGROUND := node_modules/.package-lock.json
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links

.PHONY: help setup run test check format lint types imports browser bench soak chaos lock clean
.NOTPARALLEL:

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

setup: .venv/ok ## only the setting up: .venv with everything pinned

run: setup ## start the bot and its chat window on this machine
ifneq ($(NPM),)
	@$(MAKE) --silent $(PLAYGROUND) || echo "The chat window could not be installed; \`npm ci\` says why."
endif
	@$(PY) app.py laptop

# Compiling the tests takes longer than collecting them: what one process compiles is kept for the others.
test browser: export PYTHONDONTWRITEBYTECODE =

test: setup ## every test that needs no browser
	$(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "not browser and not alone"
	$(PY) -m pytest -q -m alone tests/scenarios

check: lint types imports test browser ## what CI runs

format: setup ## put the code in its usual shape
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

lint: setup ## format and lint rules
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .

types: setup ## type hints
	$(PY) -m basedpyright

imports: setup ## who may import whom
	.venv/bin/lint-imports

browser: setup $(if $(NPM),$(PLAYGROUND)) ## journeys in the chat window, skipped without Chromium
	$(PY) -m pytest -q -n 2 --dist loadfile -m browser tests/browser

bench: setup ## the benchmarks, each beside its yardstick
	$(PY) -m tests.bench

soak: setup ## a mixed load for ten minutes; MINUTES=2 for two
	$(PY) -m tests.bench.soak --minutes $(or $(MINUTES),10)

chaos: setup ## faults at random on each database, and the proof that deliveries add up; MINUTES=5 SEED=1
	$(PY) -m tests.chaos --minutes $(or $(MINUTES),5) --seed $(or $(SEED),1)

lock: ## compile the locks; LOCK_FLAGS=--upgrade takes newer releases
	@command -v uv >/dev/null || { echo "make lock needs uv: https://docs.astral.sh/uv/" >&2; exit 1; }
	$(COMPILE) $(LOCK_FLAGS) requirements.in -o requirements.txt
	$(COMPILE) $(LOCK_FLAGS) requirements-dev.in -o requirements-dev.txt

clean: ## remove what setup and the checks made; your data in var/ stays
	rm -rf .venv node_modules dist .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# uv makes environments by itself; plain Python needs its venv module, which Debian packs apart.
.venv/ok: requirements.txt requirements-dev.txt integrations/workplace_adapter.npz integrations/meanings.py language/leaning.py language/subjects.py language/sayings.py language/sayings.txt $(wildcard language/workplaces/*.txt)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Learnweek needs Python 3.11 or newer, and $(PYTHON) is not." >&2; \
		echo "Install one and name it: make setup PYTHON=python3.12" >&2; exit 1; }
ifneq ($(UV),)
	@test -x $(PY) || uv venv --quiet --python $(PYTHON) .venv
	uv pip install --quiet --require-hashes --python $(PY) -r requirements.txt -r requirements-dev.txt
else
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "Python's venv module is missing: apt install python3-venv" >&2; exit 1; }
	@test -x .venv/bin/pip || $(PYTHON) -m venv .venv
	@echo "Setting up .venv; the first time takes some minutes."
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-dev.txt
endif
	@$(PY) -m console.bytecode
	@$(PY) -m integrations.sentence_weights
	@$(PY) -m integrations.meanings
	@touch $@

$(PLAYGROUND): package.json package-lock.json
	npm ci --silent --no-audit --no-fund
	@touch $@
