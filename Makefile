# quoth: `make` lists the targets. Everything is installed into folders of this one.

.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= python3
CORPORA ?= ../shared/corpora
BIN := .venv/bin
GENERATE := .venv-generate/bin
TRAIN := .venv-train/bin
PEER := .venv-bench/bin
PIP := pip install --quiet --disable-pip-version-check --no-warn-script-location
PACKAGES := client/pyproject.toml cli/pyproject.toml server/pyproject.toml constraints.txt
DISTRIBUTIONS := ./client './cli[archive,documents,html,mcp,parquet,search,serve]' './server[archive]'
STUBS := client/quoth/v1

.PHONY: help
help: ## Lists the targets.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 20

# ---- for everybody ----------------------------------------------------------------------

.PHONY: demo
demo: .venv/runtime ## Attributes a sample article through a real server and the command.
	@$(BIN)/python -m quoth_cli.demo

.PHONY: test
test: check pytest ## Runs everything: format, lint, types, contract, stubs, all tests.

.PHONY: evaluate
evaluate: .venv/runtime ## Scores the engine on the project's own gold, or on GOLD.
	$(BIN)/quoth evaluate $(or $(GOLD),evaluation/gold)

.PHONY: quality
quality: .venv/runtime ## Scores the engine on the project's gold and on the corpora in ../shared.
	$(BIN)/python -m tests.quality

# ---- speed and endurance ----------------------------------------------------------------

.PHONY: bench
bench: .venv/bench .venv-bench/done ## Measures speed against textacy, into build/bench (ten minutes; QUICK=1: one).
	$(BIN)/python -m tests.bench $(if $(QUICK),--quick)

.PHONY: overload
overload: .venv/dev ## Sends three times the calls that a server can answer, ten times; counts what is answered.
	$(BIN)/python -m tests.bench.overload

.PHONY: soak
soak: .venv/dev ## Sends an hour's mixed traffic in MINUTES (20), and watches the memory.
	$(BIN)/python -m tests.soak --minutes $(or $(MINUTES),20)

.PHONY: fuzz
fuzz: .venv/dev ## Sends CASES (100,000) broken requests and checks every answer.
	$(BIN)/python -m tests.fuzz --cases $(or $(CASES),100000)

.PHONY: archive
archive: .venv/dev ## Runs `quoth bulk` over ARTICLES (100,000), kills it halfway, resumes, checks everything.
	$(BIN)/python -m tests.archive --articles $(or $(ARTICLES),100000)

.PHONY: kill
kill: .venv/dev ## Kills workers under load for MINUTES (3), and counts what is lost.
	$(BIN)/python -m tests.kill --minutes $(or $(MINUTES),3)

.PHONY: attack
attack: .venv/dev ## Sends what once halted the service (PAIRS=1000: all of R3); a table of the results.
	$(BIN)/python -m tests.attack --pairs $(or $(PAIRS),100)

# ---- checks -----------------------------------------------------------------------------

.PHONY: check
check: lint types proto check-generated ## Runs every check that needs no server.

.PHONY: lint
lint: .venv/dev ## Checks format and style.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/codespell

.PHONY: types
types: .venv/dev ## Checks types.
	$(BIN)/mypy

.PHONY: proto
proto: .venv/dev ## Checks the contract: style, format, compatibility.
	$(BIN)/buf lint
	$(BIN)/buf format --diff --exit-code
	@$(MAKE) --no-print-directory breaking

# The last release tag is what clients hold; before the first one, the last commit is all there is.
.PHONY: breaking
breaking: .venv/dev ## Checks that the contract does not break clients.
	$(BIN)/buf breaking --against ".git#ref=$$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null || git rev-parse HEAD)"

.PHONY: generate
generate: stubs .venv/dev ## Generates the stubs, the blocking client and the OpenAPI document.
	cp build/stubs/* $(STUBS)/
	$(BIN)/python client/unasync.py
	$(BIN)/python -m docs.generate.openapi > build/openapi.json
	mv build/openapi.json server/quoth_server/http/static/openapi.json

.PHONY: check-generated
check-generated: stubs .venv/dev ## Proves that the committed stubs and blocking client are current.
	@$(BIN)/python client/unasync.py --check
	@diff --unified --recursive --exclude=__init__.py --exclude=__pycache__ $(STUBS) build/stubs || \
		{ echo "$(STUBS) is not current: run 'make generate' and commit it" >&2; exit 1; }

# The generator of gRPC types also writes files for messages without a service; they are empty.
.PHONY: stubs
stubs: .venv-generate/done
	rm -rf build/stubs build/generated
	PATH="$(CURDIR)/$(GENERATE):$$PATH" $(GENERATE)/buf generate --output build/generated
	cp -r build/generated/$(STUBS) build/stubs
	cd build/stubs && for types in *_pb2_grpc.pyi; do test -e "$${types%i}" || rm "$$types"; done

.PHONY: docs
docs: .venv/dev ## Builds the documentation site into build/site.
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --fresh-env -d build/docs-trees docs build/site
	@echo "build/site/index.html"

# ---- tests ------------------------------------------------------------------------------

# Most of the tests' time is waiting for processes, so several files are tested at a time; the tests
# of a file may share a server and stay together. In the order of the names the long files come first.
PYTEST = $(BIN)/pytest --numprocesses logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.PHONY: pytest
pytest: .venv/dev ## Runs all tests.
	$(PYTEST)

# Fewer examples of each property, so that an editor's user waits for seconds.
.PHONY: test-fast
test-fast: .venv/dev ## Runs the tests that neither start a process nor load a model (20 seconds).
	$(PYTEST) --hypothesis-profile fast -m 'not slow and not model' tests/unit tests/contract

.PHONY: test-unit
test-unit: .venv/dev ## Runs the tests that start no server.
	$(PYTEST) tests/unit tests/contract

.PHONY: test-integration
test-integration: .venv/dev ## Runs the tests over real ports.
	$(PYTEST) tests/integration

# ---- distributions -----------------------------------------------------------------------

.PHONY: dist
dist: .venv/dev ## Builds sdists and wheels into build/dist, checks them, installs each kind and runs the demo.
	rm -rf build/dist
	for each in client cli server; do (cd $$each && ../$(BIN)/python -m hatchling build -d ../build/dist); done
	$(BIN)/twine check --strict build/dist/*
	$(BIN)/check-wheel-contents build/dist/*.whl
	@$(MAKE) --no-print-directory install-from-whl install-from-tar.gz

# The client first, alone: it must not need the others, nor bring more than six packages with it.
.PHONY: install-from-whl install-from-tar.gz
install-from-whl install-from-tar.gz: install-from-%:
	rm -rf build/fresh && $(PYTHON) -m venv build/fresh
	build/fresh/bin/$(PIP) --upgrade 'pip>=25.1'
	build/fresh/bin/$(PIP) --constraint constraints.txt build/dist/quoth-*.$*
	cd build/fresh && bin/python -c 'import quoth' && bin/pip list --format freeze --exclude pip --exclude setuptools | tee packages
	test "$$(wc -l < build/fresh/packages)" -le 6
	build/fresh/bin/$(PIP) --constraint constraints.txt "$$(ls build/dist/quoth-*.$*)[all]" build/dist/quoth_*.$*
	cd build/fresh && bin/quoth --version && bin/quoth-server --version && bin/python -m quoth_cli.demo
	rm -rf build/fresh

# ---- training ---------------------------------------------------------------------------

.PHONY: train
train: .venv-train/done ## Trains both networks from CORPORA, fits confidence, installs them; resumes where it stopped.
	for fold in 0 1 2; do \
		$(TRAIN)/python -m training --corpora $(CORPORA) --out build/training/$$fold --without $$fold $(OPTIONS); \
	done
	$(TRAIN)/python -m training.merge --runs build/training/{0,1,2} --corpora $(CORPORA) --out build/training/merged
	$(TRAIN)/python -m training.records --shared $(CORPORA)/.. --out build/records --finders build/training --folds 3
	for fold in 0 1 2; do \
		$(JOINT) --article build/training/$$fold --record build/records/fold-$$fold --without $$fold; \
	done
	$(JOINT) --article build/training/merged --record build/records/all --install
	$(TRAIN)/python -m training.fit_confidence --shared $(CORPORA)/.. --out build/joint --check
	$(TRAIN)/python -m training.shorter --corpora $(CORPORA) --out build/shorter --layers 0 2 3 5 --install
	$(TRAIN)/python -m training.fit_confidence --shared $(CORPORA)/..

JOINT = $(TRAIN)/python -m training.joint --corpora $(CORPORA) --examples build/records/examples.pickle --out build/joint

.PHONY: train-people
train-people: .venv-train/done ## Trains what roles and headlines mean, and fits the weights of `quoth people`.
	$(TRAIN)/python -m training.meanings --corpora $(CORPORA) --out server/quoth_server/archive/people/data/meanings.onnx
	$(TRAIN)/python -m training.courses --out server/quoth_server/archive/people/data/courses.npz
	$(TRAIN)/python -m evaluation.people --fit

.PHONY: train-quick
train-quick: .venv-train/done ## Trains on one percent, to see that it all still runs.
	$(TRAIN)/python -m training --corpora $(CORPORA) --out build/training-quick --quick
	$(TRAIN)/python -m training.merge --runs build/training-quick --corpora $(CORPORA) --out build/training-quick/merged
	rm -rf build/records-quick  # examples of former code may have other features
	$(TRAIN)/python -m training.records --shared $(CORPORA)/.. --out build/records-quick --quick
	rm -rf build/joint-quick
	$(TRAIN)/python -m training.joint --corpora $(CORPORA) --article build/training-quick --record build/records-quick/all \
		--examples build/records-quick/examples.pickle --out build/joint-quick --quick
	rm -rf build/shorter-quick build/more-quick
	$(TRAIN)/python -m training.shorter --corpora $(CORPORA) --out build/shorter-quick --layers 0 2 --quick
	$(TRAIN)/python -m training.more --corpora $(CORPORA) --out build/more-quick --unseen evaluation/gold/written_links.toml --quick
	rm -f build/life-teacher-quick.pt
	$(TRAIN)/python -m training.meanings --corpora $(CORPORA) --out build/meanings-quick.onnx --checkpoint build/life-teacher-quick.pt --quick
	$(TRAIN)/python -m training.courses --out build/courses-quick.npz --quick

train train-people train-quick: export PYTHONPATH := server
train train-people train-quick: export MALLOC_MMAP_MAX_ := 0
train train-people train-quick: export MALLOC_TRIM_THRESHOLD_ := 4294967296
train train-people train-quick: export OMP_WAIT_POLICY := PASSIVE

# ---- releases ---------------------------------------------------------------------------

.PHONY: release
release: .venv/dev ## Commits, tags and builds VERSION; DRY_RUN=1 only shows that it would work.
	@$(BIN)/python .ci/release.py $(or $(VERSION),$(error say which: make release VERSION=0.2.0)) $(if $(DRY_RUN),--dry-run)

# ---- housekeeping -----------------------------------------------------------------------

.PHONY: format
format: .venv/dev ## Formats code and contract.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/buf format --write

.PHONY: lock
lock: ## Resolves constraints.txt again, in a fresh environment.
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/$(PIP) --upgrade 'pip>=25.1'
	build/lock/bin/$(PIP) $(DISTRIBUTIONS) --group dev --group bench
	build/lock/bin/pip freeze --exclude quoth --exclude quoth-cli --exclude quoth-server | grep -v ' @ ' > build/constraints
	{ echo '# What `make` and CI install: made by `make lock`.'; cat build/constraints; } > constraints.txt

.PHONY: clean
clean: ## Removes everything make has built.
	rm -rf .venv .venv-bench .venv-generate .venv-train build .mypy_cache .ruff_cache .pytest_cache .hypothesis

# ---- environments -----------------------------------------------------------------------
# A stamp file in each says that it is complete; it is made again when what it holds changes.

.venv/runtime: $(PACKAGES)
	@echo "Setting up .venv (some minutes the first time)"
	@$(PYTHON) -c 'import sys; sys.exit("quoth needs Python 3.11 or later; name one: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/$(PIP) --upgrade 'pip>=25.1'
	@$(BIN)/$(PIP) --constraint constraints.txt $(DISTRIBUTIONS:%=--editable %)
	@touch $@

.venv/dev: .venv/runtime pyproject.toml
	@$(BIN)/$(PIP) --constraint constraints.txt --group dev
	@touch $@

.venv/bench: .venv/dev
	@$(BIN)/$(PIP) --constraint constraints.txt --group bench
	@touch $@

.venv-bench/done: pyproject.toml constraints.txt
	@test -x $(PEER)/python || $(PYTHON) -m venv .venv-bench
	@$(PEER)/$(PIP) --upgrade 'pip>=25.1'
	@$(PEER)/$(PIP) --constraint constraints.txt --group peer
	@touch $@

.venv-generate/done: pyproject.toml
	@test -x $(GENERATE)/python || $(PYTHON) -m venv .venv-generate
	@$(GENERATE)/$(PIP) --upgrade 'pip>=25.1'
	@$(GENERATE)/$(PIP) --group generate
	@touch $@

.venv-train/done: pyproject.toml $(PACKAGES)
	@test -x $(TRAIN)/python || $(PYTHON) -m venv .venv-train
	@$(TRAIN)/$(PIP) --upgrade 'pip>=25.1'
	@$(TRAIN)/$(PIP) --constraint constraints.txt --group train --editable ./client --editable ./cli --editable "./server[archive]"
	@touch $@
