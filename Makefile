# Holdfast: every command a user or contributor needs. `make help` lists them.
#
# The runtime is the Node 24 of the lockfile, found first on PATH.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
# Stripped and compiled TypeScript is kept, so that every process starts as fast as from JavaScript.
export NODE_COMPILE_CACHE ?= $(CURDIR)/.cache/node-compile
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

INSTALLED := node_modules/.package-lock.json

# ------------------------------------------------------------------ measure

CLIENTS ?= 1..500
BENCH_FLAGS = --clients '$(CLIENTS)' $(if $(SERVERS),--servers '$(SERVERS)') \
  $(if $(SCENARIO),--scenario '$(SCENARIO)') $(if $(TRIALS),--trials $(TRIALS)) \
  $(if $(SEED),--seed $(SEED)) $(if $(OUT),--out '$(OUT)') $(ARGS)

.PHONY: bench
bench: $(INSTALLED) servers-if-possible ## measure: CLIENTS=1..500 SERVERS=… SCENARIO=… TRIALS=… SEED=… OUT=… ARGS='--any --flag'
	@node harness/main.ts bench $(BENCH_FLAGS)

.PHONY: list
list: $(INSTALLED) ## list the servers and scenarios
	@node harness/main.ts list

.PHONY: report
report: $(INSTALLED) ## draw the newest run again (or RUN=results/…)
	@node harness/main.ts report $(RUN)

.PHONY: pictures
pictures: bench ## run the benchmark and renew the pictures of README and docs from it
	@for chart in elapsed overhead panels; do cp '$(or $(OUT),results)'/latest/charts/$$chart.svg docs/pictures/ || exit 1; done

.PHONY: servers
servers: $(INSTALLED) ## build what is written in C: servers (with that of known behaviour), the generator's sockets, the duet's exchange of cores
	@$(MAKE) -s -C servers/native
	@$(MAKE) -s -C harness/load/sockets/native
	@$(MAKE) -s -C harness/duet/launch/native
	@$(MAKE) -s -C harness/lab/truth/native

# Without a C compiler the servers are listed as unavailable, with the reason, generators use Node's own sockets, and a
# duet spreads more widely.
.PHONY: servers-if-possible
servers-if-possible:
	@if command -v $(CC) >/dev/null 2>&1; then $(MAKE) -s servers; \
	else echo "no C compiler ($(CC)): the servers written in C are not available, and generators use Node's own sockets, and a duet exchanges cores between slices only" >&2; fi

.PHONY: stevens
stevens: $(INSTALLED) servers ## repeat Stevens' table on this machine (2 minutes): ARGS='--language ts'
	@node harness/main.ts lab stevens $(ARGS)

.PHONY: models
models: $(INSTALLED) servers ## compare each model's CPU cost with its expected ratio to the event loop in C (11 minutes)
	@node harness/main.ts lab models $(ARGS)

.PHONY: doctor
doctor: $(INSTALLED) ## examine this machine and measure how exact the load generator is: ARGS='--quick'
	@node harness/main.ts doctor $(ARGS)

.PHONY: torture
torture: $(INSTALLED) servers-if-possible ## kill Holdfast at random moments; nothing may be lost or left running: ARGS='--kills 20 --seed 7'
	@node harness/main.ts lab torture $(ARGS)

.PHONY: truth
truth: $(INSTALLED) servers ## hold every figure against a server of known behaviour (2 minutes): ARGS='delay cpu-in-child'
	@node harness/main.ts lab truth $(ARGS)

.PHONY: limits
limits: servers ## what a message and a connection cost the load generator, beside a bare C client (minutes): ARGS='3 connect growth'
	@node harness/main.ts lab limits $(ARGS)

# ------------------------------------------------------------------ compare two builds

BASE ?= origin/main
HEAD ?= HEAD

.PHONY: regress
regress: $(INSTALLED) servers-if-possible ## is HEAD worse than BASE? BASE=origin/main HEAD=… SERVERS=… SEED=… ARGS='--any --flag'
	@node harness/main.ts duet --base '$(BASE)' --head '$(HEAD)' $(if $(SERVERS),--servers '$(SERVERS)') \
	  $(if $(SEED),--seed $(SEED)) $(if $(OUT),--out '$(OUT)') $(ARGS)

FILE ?= test/bench/hot-paths.bench.ts

.PHONY: micro
micro: $(INSTALLED) servers-if-possible ## micro-benchmarks of this checkout; compared with BASE where it is given: BASE=origin/main FILE=…
	@node harness/main.ts micro '$(FILE)' $(if $(filter-out file,$(origin BASE)),--base '$(BASE)' --head '$(HEAD)') $(ARGS)

.PHONY: verdict-check
verdict-check: $(INSTALLED) servers-if-possible ## how often is the verdict wrong here? takes 45 minutes and goes on where it was stopped: ARGS='--repetitions 2'
	@node harness/main.ts lab verdict $(if $(OUT),--out '$(OUT)') $(ARGS)

# ------------------------------------------------------------------ develop

.PHONY: install
install: $(INSTALLED) ## install the dependencies and the runtime of the lockfile

$(INSTALLED): package.json package-lock.json
	@npm ci --no-audit --no-fund
	@touch $@

.PHONY: test
test: $(INSTALLED) servers-if-possible ## types, lint, format and the test suite (3 minutes): TESTS='test/load/*.test.ts'
	@$(MAKE) check
	@node test/run.ts $(TESTS)

.PHONY: test-all
test-all: $(INSTALLED) servers-if-possible ## the same, and everything that `make test` takes samples of (10 minutes)
	@$(MAKE) check
	@node test/run.ts --all $(TESTS)

.PHONY: fuzz
fuzz: $(INSTALLED) ## the property tests with other seeds, which the suite keeps fixed: ROUNDS=10
	@for round in $$(seq $(or $(ROUNDS),10)); do \
	  seed=$$(od -An -N4 -tu4 /dev/urandom | tr -d ' '); echo "PROPERTY_SEED=$$seed"; \
	  PROPERTY_SEED=$$seed node test/run.ts $$(grep -rl 'property\.ts' test --include='*.test.ts') || exit 1; \
	done

.PHONY: check
check: $(INSTALLED) ## types, lint and format, without the tests
	@$(MAKE) -j 2 check-types check-style

.PHONY: check-types check-style
check-types:
	@tsc --project tsconfig.json
check-style:
	@oxlint --quiet --type-aware
	@oxfmt --check .

.PHONY: format
format: $(INSTALLED) ## format the sources
	@oxfmt .

.PHONY: clean
clean: ## remove what was built and cached; results stay
	@rm -rf build .cache

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
