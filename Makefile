# The habits of this project. make test is what CI runs.
.PHONY: run demo test format unit protocol e2e compose tools look lint bench bench-peers fuzz

GO ?= go

# The race detector watches our code and all it stands on but SQLite, which is C
# written as Go and takes most of the time when it is watched.
RACE := -race -gcflags=modernc.org/sqlite/lib=-race=false
FERRETDB := $(CURDIR)/.cache/ferretdb
GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0
VULNDB := $(wildcard $(CURDIR)/../shared/vulndb)
INSTALL := DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends

run:
	$(GO) run ./cmd/sipas

demo:
	$(GO) run ./cmd/sipas demo

# Everything, from the rules to the browser. Installs what is missing: Chromium,
# poppler and nginx (Debian), axe-core (npm).
test: format
	$(MAKE) -j2 --output-sync=target e2e unit protocol compose

format:
	@wrong=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$wrong" || { echo "gofmt wants: $$wrong"; exit 1; }
	$(GO) vet ./...
	$(GO) vet -tags testclock ./cmd/sipas
	$(GO) vet -tags realmongodb ./internal/store/...

# Under the race detector without the tests that walk through every page as
# everybody and the one that sends close to a gigabyte: they take most of the time,
# and nothing happens beside them. The second line has them, and what only a whole
# run can tell of the interface.
LONG := TestFeedbackLargerThanAllowed|TestDenunciationsStaySecret|TestDenunciationsMoveNothing|TestCasesNeverReachTheOneTheyAreAbout|TestEveryRouteAsEverybody

unit:
	$(GO) test $(RACE) -timeout 30m -skip '$(LONG)' ./...
	$(GO) test -timeout 20m ./api

# The MongoDB engine, through the real driver, against a server that speaks its
# protocol and lives in a module of its own. The other tests of these packages are
# in unit.
protocol: $(FERRETDB)
	SIPAS_TEST_FERRETDB=$(FERRETDB) $(GO) test $(RACE) -timeout 20m -tags protocol -run Mongo ./internal/store ./internal/staff ./cmd/sipas

$(FERRETDB): internal/store/ferretdb/main.go internal/store/ferretdb/go.mod
	mkdir -p $(dir $(FERRETDB))
	$(GO) build -C internal/store/ferretdb -tags ferretdb_no_postgresql -o $(FERRETDB) .

# The built program from outside: command line, HTTP, Chromium, three servers.
e2e: tools $(FERRETDB)
	cd cmd/sipas/e2e && $(GO) vet -tags protocol ./... && SIPAS_TEST_FERRETDB=$(FERRETDB) $(GO) test -count=1 -timeout 60m -tags protocol ./...

# docker-compose.yml against its specification, and the proxy for real.
compose:
	command -v nginx >/dev/null || { apt-get update -qq && $(INSTALL) nginx-light >/dev/null; }
	cd deploy/composetest && $(GO) vet ./... && $(GO) test -count=1 ./...

tools:
	command -v python3 >/dev/null || { apt-get update -qq && $(INSTALL) python3 >/dev/null; }
	command -v chromium >/dev/null || { apt-get update -qq && $(INSTALL) chromium fonts-noto-core >/dev/null; }
	command -v pdftoppm >/dev/null && command -v pdftotext >/dev/null || { apt-get update -qq && $(INSTALL) poppler-utils >/dev/null; }
	cd cmd/sipas/e2e && { test -d node_modules/axe-core || npm ci --no-audit --no-fund; }

# Pictures of the pages, as the browser tests meet them, and of all that is
# printed, in .cache/look.
look: tools
	mkdir -p $(CURDIR)/.cache/look
	cd cmd/sipas/e2e && SIPAS_LOOK=$(CURDIR)/.cache/look $(GO) test -count=1 -run 'Scan|Without|English|Line|Accessible|Kiosk|TakesTheReport' ./...
	$(GO) test -count=1 ./internal/document -look $(CURDIR)/.cache/look
	$(GO) test -count=1 ./api -run TestReportSays -look $(CURDIR)/.cache/look
	command -v soffice >/dev/null || { apt-get update -qq && $(INSTALL) libreoffice-writer-nogui fonts-liberation >/dev/null; }
	cd $(CURDIR)/.cache/look && soffice --headless --convert-to pdf *.docx >/dev/null
	cd $(CURDIR)/.cache/look && for f in *.pdf; do pdftoppm -r 100 -png "$$f" "$${f%.pdf}" || exit 1; done

lint:
	$(GO) run $(GOLANGCI) run ./...
ifneq ($(VULNDB),)
	$(GO) run $(GOVULNCHECK) -db "file://$(VULNDB)" ./...
else
	$(GO) run $(GOVULNCHECK) ./... || { test $$? -eq 3 && exit 3; echo "govulncheck: no vulnerability database can be reached; not checked"; }
endif

# Lighthouse (npm) looks at the pages; the rest needs nothing but Go.
bench: tools
	cd bench/lighthouse && { test -d node_modules/lighthouse || npm ci --no-audit --no-fund; }
	$(GO) run ./bench

# The same answers on PocketBase and Strapi; the first time compiles SQLite for
# Node, some four minutes.
bench-peers:
	cd bench/peers/strapi && { test -e node_modules/better-sqlite3/build/Release/better_sqlite3.node || { npm ci --ignore-scripts --no-audit --no-fund && npm_config_nodedir="$$(node -p 'path.resolve(process.execPath, "../..")')" npm explore better-sqlite3 -- npm run build-release; }; }
	$(GO) run -C bench/peers .

# Half a minute for each parser.
fuzz:
	$(GO) test -run xxx -fuzz FuzzReadObject -fuzztime 30s ./api
	$(GO) test -run xxx -fuzz FuzzStep -fuzztime 30s ./api
	$(GO) test -run xxx -fuzz FuzzFeedbackJSON -fuzztime 30s ./api
	$(GO) test -run xxx -fuzz FuzzRun -fuzztime 30s ./internal/ooxml
	$(GO) test -run xxx -fuzz FuzzRead -fuzztime 30s ./internal/ooxml
	$(GO) test -run xxx -fuzz FuzzParseRecord -fuzztime 30s ./internal/report
	$(GO) test -run xxx -fuzz FuzzReadReport -fuzztime 30s ./internal/document
	$(GO) test -run xxx -fuzz FuzzClean -fuzztime 30s ./internal/text
	$(GO) test -run xxx -fuzz FuzzDefused -fuzztime 30s ./internal/sheet
	$(GO) test -run xxx -fuzz FuzzReadFile -fuzztime 30s ./feedback
	$(GO) test -run xxx -fuzz FuzzBlankOut -fuzztime 30s ./survey
	$(GO) test -run xxx -fuzz FuzzCleanPhone -fuzztime 30s ./feedback
	$(GO) test -run xxx -fuzz FuzzMarks -fuzztime 30s ./feedback
	$(GO) test -run xxx -fuzz FuzzRead -fuzztime 30s ./seeds
	$(GO) test -run xxx -fuzz FuzzOpen -fuzztime 30s ./internal/sheet
	$(GO) test -run xxx -fuzz FuzzLine -fuzztime 30s ./internal/dossier
	$(GO) test -run xxx -fuzz FuzzReadProcedures -fuzztime 30s ./internal/catalogue
	$(GO) test -run xxx -fuzz FuzzInspect -fuzztime 30s ./internal/store
	$(GO) test -run xxx -fuzz FuzzStoredHash -fuzztime 30s ./internal/staff
	$(GO) test -run xxx -fuzz FuzzCursor -fuzztime 30s ./internal/store
