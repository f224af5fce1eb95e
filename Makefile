# What people type. `make test` is the whole examination, `make demo` the show.

GO ?= go
BIN = bin/zkml
ONNX_TESTDATA = $(CURDIR)/build/onnx-testdata

# Tests keep forms of the SRS here, not in the user's cache.
TEST_CACHE = $(CURDIR)/build/cache

.PHONY: build demo test test-op release-check test-contracts cover-contracts demo-contracts test-short bench lint generate fuzz mutate fetch clean

build: ## bin/zkml
	$(GO) build -o $(BIN) ./cmd/zkml

demo: fetch-solc ## a digit, classified, proved in all four scenarios, accepted by a contract
	$(GO) run ./examples/mnist

test: fetch ## everything a clean clone can examine
	ZKML_CACHE=$(TEST_CACHE) ZKML_ONNX_TESTDATA=$(ONNX_TESTDATA) $(GO) run ./dev/testreport -timeout 20m ./...
	@$(MAKE) --no-print-directory test-contracts

test-op: ## what a change of one operator needs, in a minute: make test-op OP=Conv
	@ZKML_CACHE=$(TEST_CACHE) ZKML_ONNX_TESTDATA=$(ONNX_TESTDATA) scripts/test-op.sh $(OP)

release-check: ## every long examination whole, and docs/release-report.md; PART=fuzz runs one
	ZKML_CACHE=$(TEST_CACHE) ZKML_ONNX_TESTDATA=$(ONNX_TESTDATA) $(GO) run ./dev/release $(PART)

test-contracts: ## the contracts of contracts/, by Foundry
	@ZKML_CACHE=$(TEST_CACHE) scripts/test-contracts.sh

cover-contracts: ## branch coverage of contracts/src, at least 95 %
	@scripts/cover-contracts.sh

demo-contracts: ## every example of contracts/examples on a local node
	@for run in contracts/examples/*/run.sh; do echo "== $$run"; $$run || exit 1; done

test-short: ## what takes seconds
	ZKML_CACHE=$(TEST_CACHE) $(GO) test -short -timeout 5m ./...

bench: fetch-solc ## gates, prove time against bare gnark, memory, proof and gas by model
	$(GO) run ./dev/bench

lint: ## gofmt, vet, staticcheck
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo "run gofmt on these"; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

generate: ## files that programs write
	$(GO) generate ./...

fuzz: ## every fuzz target for 20,000 inputs, slow ones for fewer
	scripts/fuzz.sh

mutate: ## every mutant of the circuit code against its tests
	ZKML_CACHE=$(TEST_CACHE) $(GO) run ./dev/mutate -write docs/mutation.md

fetch: ## what tests use beyond Go
	@scripts/fetch-test-tools.sh

.PHONY: fetch-solc
fetch-solc:
	@command -v node >/dev/null && scripts/solc.sh || echo "no Solidity compiler (it needs node and npm): the columns about the chain stay empty"

clean:
	rm -rf bin build
