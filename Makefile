# `make` lists what there is. A machine needs Python 3.11 or newer and make; everything else comes into .venv and the
# user's cache. Paths are relative, so that a directory with spaces and `make -C` work.

PYTHON ?= python3
ARGS ?=
BOOTSTRAP = $(PYTHON) tools/bootstrap.py
BIN = .venv/bin

.DEFAULT_GOAL := help
.PHONY: help venv dev demo up kafka test mutate torture bench check format lock jars-lock schemas examples client clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

venv: ## .venv with what it takes to run, from requirements.lock
	@command -v $(PYTHON) >/dev/null || { echo "ReLUTH needs Python 3.11 or newer; there is no $(PYTHON)." >&2; exit 1; }
	@$(BOOTSTRAP) run

dev: ## .venv with what it takes to test as well, from requirements-dev.lock
	@command -v $(PYTHON) >/dev/null || { echo "ReLUTH needs Python 3.11 or newer; there is no $(PYTHON)." >&2; exit 1; }
	@$(BOOTSTRAP) dev

# exec: Ctrl-C and SIGTERM reach the program itself, and its status is make's

demo: venv ## the whole system, with a cohort driven through it (ARGS=--exit ends by itself)
	@exec $(BIN)/reluth demo $(ARGS)

up: venv ## the whole system, empty or as it was left
	@exec $(BIN)/reluth up $(ARGS)

CLUSTER ?= 1
KAFKA_STATE ?= .reluth-kafka

kafka: venv ## a Kafka with TLS, users and access lists, in KAFKA_STATE (CLUSTER=3 for three nodes)
	@exec $(BIN)/python -m services.cli.cluster --nodes $(CLUSTER) --state-dir "$(KAFKA_STATE)"

test: dev ## every test, on real servers (ARGS="-k word" for some)
	@exec $(BIN)/python -m pytest $(ARGS)

mutate: dev ## mutants of the randomizer's rules that no test notices (ARGS="*.decide.*" for some)
	nice $(BIN)/python tools/mutate.py $(ARGS)

MINUTES ?= 30
SEED := $(or $(SEED),$(shell date +%s))

torture: dev ## the whole system under fire for MINUTES, then each scenario of tests/torture for a minute (SEED=n)
	$(BIN)/python -m tests.torture --minutes $(MINUTES) --seed $(SEED)
	RELUTH_TORTURE_SECONDS=60 RELUTH_TORTURE_SEED=$(SEED) $(BIN)/python -m pytest -s tests/torture

bench: venv ## figures beside peers, into benchmarks/README.md (ARGS="append http" for some)
	@exec $(BIN)/python -m benchmarks $(ARGS)

check: dev ## what a machine can say of the code: style, types, import rules, contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m contracts.generate --check
	$(BIN)/python tools/openapi.py --check

format: dev ## put the code into the form that check wants
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

COMPILE = $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --quiet --extra install

lock: dev ## choose newer packages: the requirements files, with hashes and without addresses
	$(COMPILE) --upgrade --extra embedded --output-file requirements.lock
	$(COMPILE) --upgrade --extra embedded --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	$(COMPILE) --constraint requirements.lock --output-file requirements-image.lock

jars-lock: dev ## choose Kafka's jars: services/cli/embedded/kafka.lock
	$(BIN)/python tools/lock_jars.py

schemas: dev ## JSON Schemas and AsyncAPI from the contracts, and the API documents from the routes
	$(BIN)/python -m contracts.generate
	$(BIN)/python tools/openapi.py

examples: dev ## examples of the API documents from what the tests do, then the documents and the client
	$(BIN)/python tools/examples.py
	$(BIN)/python tools/openapi.py
	$(BIN)/python tools/client.py

client: dev ## clients/python from the API documents
	$(BIN)/python tools/client.py

clean: ## remove what can be made again; the data in .reluth stay
	rm -rf .venv build mutants *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
