# Every target makes .venv first when it is needed. `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 2
# Tests make homes by the hundred: in memory, where there is room for them, none waits for the disk.
ROOM := $(shell test "$$(df -Pk /dev/shm 2>/dev/null | awk 'END {print int($$4)}')" -gt 8000000 \
  && echo TMPDIR=/dev/shm)
TEST := $(ROOM) $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal
LINT := $(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

# Modules are compiled once, not at each start of one of the tests' processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup hooks demo test test-fast test-rest test-spark coverage lint bench bench-full bench-guard mutants soak golden history lineage spark-sql pictures dictionary lock \
  ui check-defs clean

help:
	@echo "make setup      the environment, from the locked requirements"
	@echo "make hooks      lint before each commit (pre-commit)"
	@echo "make demo       close every month of the sample book and of the real-shop book"
	@echo "make test       the tests, and the linters: five minutes on two cores"
	@echo "make test-fast  rules, shapes and the house alone: a minute"
	@echo "make test-rest  more seeds and rarer settings of the same, as CI runs them too"
	@echo "make test-spark all that needs Spark (and Java 17), also what dies on the way"
	@echo "make coverage   all of both, and how much of the program they went through"
	@echo "make ui         the Dagster UI on the sample book"
	@echo "make lint       formatting, lint and types"
	@echo "make check-defs whether the Dagster project loads, as its own tool sees it"
	@echo "make bench      one ordinary month at 100,000 members, with peers beside it"
	@echo "make bench-full the same at a million and ten million, a chain, 36 months: hours of disk"
	@echo "make bench-guard two ratios held to their limits, as CI does: minutes"
	@echo "make mutants   faults put into the code one by one: for each a test must fail"
	@echo "make soak       closes killed, disks filled, books spoiled, in numbers: nothing may be lost"
	@echo "make golden     the golden reports anew from the sample book"
	@echo "make pictures   the pictures of the Dagster UI in docs/desk/, anew"
	@echo "make spark-sql  tests/spark_sql/ anew: the rules in Spark's words"
	@echo "make lineage    the columns' lineage that the Dagster UI draws, anew from the SQL files"
	@echo "make dictionary docs/dictionary.md anew from the shapes of tables and reports"
	@echo "make lock       requirements.txt and requirements-dev.txt anew from pyproject.toml"

setup: .venv/ready

.venv/ready: requirements-dev.txt pyproject.toml setup.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Upline needs Python 3.11 or later; run: make setup PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch .venv/ready

hooks: setup
	$(BIN)/pre-commit install

demo: setup
	rm -rf build/demo
	$(BIN)/upline close 2020-04 --through --book data/sample --home build/demo/sample
	$(BIN)/python data/shop/convert.py --to build/demo/shop-book
	$(BIN)/upline close 2011-11 --through --book build/demo/shop-book --home build/demo/shop
	@echo
	@echo "The reports: build/demo/sample/reports and build/demo/shop/reports (open index.html)"

# Lint and types beside the tests; what they say comes at the end.
test: setup
	@mkdir -p build
	@{ $(LINT); } > build/lint.log 2>&1 & lint=$$!; \
	$(TEST) -m "not exhaustive and not longest" $(OPTIONS); tests=$$?; \
	wait $$lint; linted=$$?; cat build/lint.log; test $$tests = 0 -a $$linted = 0

test-fast: setup
	$(TEST) -m "not long and not browser and not exhaustive and not longest"

test-rest: setup
	$(TEST) -m "exhaustive and not longest" $(OPTIONS)

# All that needs Spark, also the examples' months and a worker, a server and a driver that die: an hour.
test-spark: setup build/spark/ready
	$(BIN)/python -m pytest -m spark $(OPTIONS)

# The share of the program's branches that all tests together go through, as CI counts it.
coverage: setup
	$(TEST) -m "not longest" --cov --cov-report=term:skip-covered --cov-fail-under=96

lint: setup
	$(LINT)

# Whether the Dagster project loads as a whole.
check-defs: setup
	PATH="$(CURDIR)/$(BIN):$$PATH" PYTHONWARNINGS=ignore $(BIN)/dg check defs

ui: setup
	$(BIN)/upline ui --book data/sample --home build/sample

build/bench/ready: .venv/ready benchmarks/requirements.txt
	$(PYTHON) -m venv build/bench/venv
	build/bench/venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	  -r requirements.txt -r benchmarks/requirements.txt
	@touch build/bench/ready

MEASURE := build/bench/venv/bin/python -m

bench: build/bench/ready
	$(MEASURE) benchmarks.run --size S --runs 3
	$(MEASURE) benchmarks.sample --runs 3
	$(MEASURE) benchmarks.report

bench-full: build/bench/ready
	$(MEASURE) benchmarks.run --size S --runs 3
	$(MEASURE) benchmarks.run --size M --runs 3 --peer-runs 1
	$(MEASURE) benchmarks.run --size M --variant chain --runs 2 --pieces close,stages
	rm -rf build/bench/M-chain
	$(MEASURE) benchmarks.months --runs 3
	$(MEASURE) benchmarks.sample --runs 3
	$(MEASURE) benchmarks.run --size L --runs 1 --pieces apart,stages
	$(MEASURE) benchmarks.report --plots docs/plots

bench-guard: setup
	$(BIN)/python -m benchmarks.guard

mutants: setup
	$(BIN)/python tests/mutants.py

# Another amount or another seed: make soak SOAK="--kills 500 --disks 50 --inputs 1112 --seed 7"
soak: setup
	PYTHONPATH=.:tests $(BIN)/python -m soak $(SOAK)

golden: setup
	$(BIN)/python tests/renew_golden.py

pictures: setup
	UPLINE_PICTURES=yes $(BIN)/python -m pytest tests/test_desk_browser.py

# With each new version of Dagster: what its files hold before anything is in them.
history: setup
	$(BIN)/python tests/renew_history.py

lineage: setup
	$(BIN)/python tests/renew_lineage.py

spark-sql: setup
	$(BIN)/python tests/renew_spark_sql.py

# Spark for the tests that need it (and Java 17): 600 MB beside the environment, not in it.
build/spark/ready: .venv/ready tests/spark-requirements.txt
	rm -rf build/spark
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	  --target build/spark -r tests/spark-requirements.txt
	@touch build/spark/ready

dictionary: setup
	$(BIN)/upline describe --markdown > docs/dictionary.md

LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --universal \
  --python-version 3.11 --no-emit-index-url --no-strip-extras

# What Spark needs and the environment has already.
THERE := grpcio numpy protobuf pyarrow python-dateutil six typing-extensions tzdata

lock: setup
	$(BIN)/python -m pip install --quiet uv
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) -c requirements.txt --extra dev pyproject.toml -o requirements-dev.txt
	$(LOCK) -c requirements.txt benchmarks/requirements.in -o benchmarks/requirements.txt
	$(LOCK) -c requirements-dev.txt $(THERE:%=--no-emit-package %) tests/spark-requirements.in \
	  -o tests/spark-requirements.txt

clean:
	rm -rf .venv build
