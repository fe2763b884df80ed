# Everything that builds, tests and shows Sanad. `make` alone lists it.
#
# On a Debian machine with Go, git and make, `make demo` and `make test` need
# nothing done before: scripts/setup installs what is missing.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
SHELL := /bin/sh

VERSION     := $(shell git describe --tags --always --dirty 2>/dev/null || echo unreleased)
BUILD       := CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '-s -w -X main.version=$(VERSION)'
STATICCHECK := go run honnef.co/go/tools/cmd/staticcheck@v0.8.1

# Our own folders of Go; the packages where several goroutines or processes meet.
SOURCES    := $(wildcard *.go platform delivery country exchange web api cmd)
CONCURRENT := $(addprefix ./,$(wildcard platform/store platform/journal platform/access delivery/matching/search web))

ASSETS  := web/assets/dist/manifest.json
MODULES := node_modules/.package-lock.json

.PHONY: help setup build binary cross assets demo test test-go test-race lint soak fuzz look bench clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install by Debian package what is missing for all of the below
	@scripts/setup node postgresql browser compiler xml

build: assets binary ## One static program with everything in it: bin/sanad

# The program alone, with the assets that were built last; works without Node.
binary:
	$(BUILD) -o bin/sanad ./cmd/sanad

cross: assets ## The same for amd64 and arm64, with their SHA-256 sums
	GOOS=linux GOARCH=amd64 $(BUILD) -o bin/sanad-linux-amd64 ./cmd/sanad
	GOOS=linux GOARCH=arm64 $(BUILD) -o bin/sanad-linux-arm64 ./cmd/sanad
	cd bin && sha256sum sanad-linux-amd64 sanad-linux-arm64 > SHA256SUMS

assets: $(ASSETS) ## Fonts, style sheet and script for the browser (npm, esbuild)

$(ASSETS): $(MODULES) $(wildcard web/assets/*.mjs web/assets/*.css web/assets/*.js web/assets/*.svg)
	node web/assets/build.mjs

$(MODULES): package.json package-lock.json .npmrc
	@scripts/setup node
	npm ci --no-audit --no-fund --loglevel=error

demo: build ## The sample branches imported, the grant decided, on http://127.0.0.1:8080
	bin/sanad demo

test: lint test-go test-race ## Everything that a change must pass

# Each package once, on both engines; the browser tests are among them.
test-go: $(ASSETS)
	@scripts/setup postgresql browser xml
	go test -timeout 10m ./...

# What has one goroutine and much to calculate has run above; under the race
# detector it would only be ten times slower.
NOT_RACED := ^(TestBrowser|TestVerifyFindsEveryTampering)
test-race: $(ASSETS) ## The concurrent packages under the race detector
	@scripts/setup postgresql browser compiler
	CGO_ENABLED=1 go test -race -timeout 10m -skip '$(NOT_RACED)' $(CONCURRENT)

lint: ## gofmt, go vet and staticcheck
	@unformatted=$$(gofmt -l $(SOURCES)); \
	if [ -n "$$unformatted" ]; then echo "Not formatted; run gofmt -w on:"; echo "$$unformatted"; exit 1; fi
	go vet -tags look,soak ./...
	$(STATICCHECK) -tags look,soak ./...

KILLS ?= 500
soak: ## Kill the program KILLS=500 times at work and look at what it kept (long)
	@scripts/setup postgresql
	@packages=$$(grep -rl --include='*_test.go' '^func TestSoak' $(SOURCES) | xargs -r -n1 dirname | sort -u | sed 's|^|./|'); \
	if [ -z "$$packages" ]; then echo "There is no test named TestSoak... yet."; exit 1; fi; \
	SANAD_SOAK_KILLS=$(KILLS) go test -tags soak -v -count=1 -timeout 6h -run '^TestSoak' $$packages

FUZZTIME ?= 30s
fuzz: ## Each fuzz target for FUZZTIME=30s
	@grep -rHo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' $(SOURCES) | sed 's|:func | |' | while read -r file target; do \
		echo "$$target in $$(dirname $$file)"; \
		go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) ./$$(dirname $$file) || exit 1; \
	done

LOOK ?= bin/look
look: $(ASSETS) ## A picture of each page, both languages and widths, into bin/look
	@scripts/setup browser
	@mkdir -p $(LOOK)
	LOOK=$(abspath $(LOOK)) go test -count=1 -tags look -run '^TestLook' ./web

JOB ?= import
bench: build ## Measure one JOB=import on this machine; prints one JSON object
	bin/sanad bench $(JOB) --json

clean: ## Remove what the targets above made; databases stay
	rm -rf bin coverage web/assets/dist node_modules
