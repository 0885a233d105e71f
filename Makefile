# askfirst: see `make help`. Two commands are the whole set-up: `make run`, `make check`.

MODE    ?= release
PREFIX  ?= /usr/local
DESTDIR ?=
O       := build/$(MODE)
LAYERS  := data indexer search intake# lowest first; `make layers` checks every #include
LIBS    := icu-uc icu-i18n lmdb libmicrohttpd jansson libsodium libzstd zlib libxxhash libical
# libical alone: its store of calendars and its vCalendar would bring a database along.
LDLIBS  := $(filter-out -licalss -licalvcal,$(shell pkg-config --libs $(LIBS) 2>/dev/null)) \
           -lstemmer -lm -pthread

FLAGS_release := -O2 -fPIE -fstack-protector-strong -fstack-clash-protection -fcf-protection \
                 -D_FORTIFY_SOURCE=2
LINK_release  := -pie -Wl,-z,relro,-z,now,-z,noexecstack
SAN           := -O1 -fno-omit-frame-pointer -fno-sanitize-recover=all
FLAGS_asan    := $(SAN) -fsanitize=address,undefined
LINK_asan     := -fsanitize=address,undefined
FLAGS_tsan    := $(SAN) -fsanitize=thread
LINK_tsan     := -fsanitize=thread
FLAGS_debug   := -O0

WARN := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
CPPF := -I. -I$O/gen -D_GNU_SOURCE $(shell pkg-config --cflags $(LIBS) 2>/dev/null)
BASE := -std=c17 -g $(WARN) $(FLAGS_$(MODE))
CFLAGS   ?=
CPPFLAGS ?=
LDFLAGS  ?=

# NAME_gen.c is a small program run at build time; it writes $O/gen/NAME.c (see its own rule).
ALLC := $(wildcard $(LAYERS:=/*.c) $(LAYERS:=/*/*.c))
GENS := $(filter %_gen.c,$(ALLC))
SRC  := $(filter-out intake/main.c $(GENS),$(ALLC))
OBJ  := $(SRC:%.c=$O/%.o)
LIB  := $O/libaskfirst.a
TESTC := $(wildcard tests/*/*_test.c tests/*/*/*_test.c)
TESTS := $(TESTC:%.c=$O/%)
GENERATED :=
GENERATED_OBJ :=

.DEFAULT_GOAL := askfirst
.DELETE_ON_ERROR:
.SUFFIXES:
.PRECIOUS: $O/%.o# else the objects of tests go as intermediate files

include $(wildcard $(LAYERS:=/*.mk) tests/*.mk)

OBJ += $(GENERATED_OBJ)

askfirst: $O/askfirst ## build the program (the default)
	@cp -f $< $@.new && mv -f $@.new $@

$O/askfirst: $O/intake/main.o $(LIB)
	$(CC) $(LINK_$(MODE)) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(LIB): $(OBJ)
	@rm -f $@
	@$(AR) rcs $@ $^

$O/%.o: %.c Makefile | $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(CPPF) $(CPPFLAGS) $(BASE) $(CFLAGS) -MMD -MP -c -o $@ $<

# WRAP_foo_test = -Wl,--wrap=… puts a test's own function before a library's.
$O/tests/%_test: $O/tests/%_test.o $O/tests/harness.o $(LIB)
	$(CC) $(LINK_$(MODE)) $(LDFLAGS) -o $@ $(filter %.o,$^) $(WRAP_$(notdir $@)) $(LIB) -lcmocka $(LDLIBS)

tests: $(TESTS) ## build the test programs without running them

# --- what a fresh Debian 12 needs -------------------------------------------------------------
# Build: gcc, the libraries, opencc (folding table), unicode-data, bzip2, mecab-ipadic (readings),
# python3-phonenumbers (phone plans), brotli (assets), scdoc (manual).
# Check: cmocka, node and chromium for the pages, fonts so that the screenshots show letters.
BUILD_PKGS := gcc libc6-dev make pkg-config libicu-dev libstemmer-dev liblmdb-dev libmicrohttpd-dev \
              libjansson-dev libsodium-dev libzstd-dev zlib1g-dev libxxhash-dev libical-dev opencc libopencc-data \
              unicode-data bzip2 mecab-ipadic python3-phonenumbers brotli scdoc
CHECK_PKGS := libcmocka-dev lmdb-utils curl zstd jq python3 nodejs npm chromium fonts-noto-cjk procps

# apt_install(packages, what for): says what is missing and installs just that.
define apt_install
missing=$$(dpkg-query -W -f '$${Status} $${Package}\n' $(1) 2>/dev/null | \
    awk '/^install ok installed/ { have[$$4] = 1 } \
         END { n = split("$(1)", want, " "); for (i = 1; i <= n; i++) if (!have[want[i]]) print want[i] }'); \
if [ -n "$$missing" ]; then \
    as=; [ "$$(id -u)" = 0 ] || as=sudo; \
    echo "installing for $(2):" $$missing; \
    $$as env DEBIAN_FRONTEND=noninteractive sh -c "apt-get update -qq && \
        apt-get install -y -qq --no-install-recommends $$(echo $$missing)" >build-deps.log 2>&1 || \
        { tail -n 20 build-deps.log; exit 1; }; \
    rm -f build-deps.log; \
fi
endef

deps: ## install what building needs (Debian packages; root, or sudo)
	@$(call apt_install,$(BUILD_PKGS),building)

# node may be here without Debian's package: then it is used as it is.
NODE_PKGS := $(if $(shell command -v node),nodejs)$(if $(shell command -v npm), npm)
check-deps: deps ## install what the tests need as well
	@$(call apt_install,$(filter-out $(NODE_PKGS),$(CHECK_PKGS)),the tests)

# --- the two commands --------------------------------------------------------------------------
# Libraries may just have been installed, so flags are found by a make of its own.
JOBS   ?= $(shell nproc)
DATA   ?= var
LISTEN ?= 127.0.0.1:8787

run: deps ## build, load the sample library if there is no data yet, serve on $(LISTEN)
	@$(MAKE) --no-print-directory -j$(JOBS) askfirst
	@[ -e $(DATA)/store/data.mdb ] || ./askfirst --data $(DATA) import data/sample
	./askfirst --data $(DATA) serve --listen $(LISTEN)

check: check-deps ## all tests; the last line counts them (MODE=asan, MODE=tsan: under a sanitizer)
	@$(MAKE) --no-print-directory -j$(JOBS) askfirst tests
	@$(MAKE) --no-print-directory check-built

SCRIPTS ?= $(wildcard tests/bench/smoke tests/relevance/parts tests/relevance/smoke tests/fault/*.mjs tests/golden/run tests/golden/tour tests/http/run tests/web/*_test.mjs tests/web/run tests/fault/run)
NODE_TESTS := $(patsubst %/package-lock.json,%/node_modules/.package-lock.json,\
                          $(wildcard tests/*/package-lock.json))
%/node_modules/.package-lock.json: %/package-lock.json
	@cd $* && npm ci --no-audit --no-fund --silent && touch node_modules/.package-lock.json || \
	    echo "$*: its npm packages cannot be installed (npm said so above)"

check-built: askfirst tests $(NODE_TESTS)
	@MODE=$(MODE) tests/run tests/layers tests/limits tests/unused tests/tidy tests/headers tests/hardening $(TESTS) $(FAULT_TESTS) $(SCRIPTS)

# --- the rest ----------------------------------------------------------------------------------
layers: ## does every include point left?
	tests/layers

headers: ## does every header compile alone, and every source without a warning in gcc and clang?
	tests/headers

man: $O/askfirst.1 ## the manual page
$O/askfirst.1: intake/cli/askfirst.1.scd
	@mkdir -p $(@D)
	scdoc < $< > $@

install: askfirst man ## into $(DESTDIR)$(PREFIX)
	install -D -m 755 askfirst $(DESTDIR)$(PREFIX)/bin/askfirst
	install -D -m 644 $O/askfirst.1 $(DESTDIR)$(PREFIX)/share/man/man1/askfirst.1
	install -d $(DESTDIR)$(PREFIX)/share/askfirst/sample
	install -m 644 data/sample/*.jsonl $(DESTDIR)$(PREFIX)/share/askfirst/sample

uninstall: ## takes it away again
	rm -f $(DESTDIR)$(PREFIX)/bin/askfirst $(DESTDIR)$(PREFIX)/share/man/man1/askfirst.1
	rm -rf $(DESTDIR)$(PREFIX)/share/askfirst

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | sort | expand -t 24

clean: ## remove everything built
	rm -rf build askfirst

compile_commands.json: ## for editors (needs bear)
	bear -- $(MAKE) -B askfirst

format: ## clang-format in place
	clang-format -i $$(git ls-files '*.c' '*.h')

-include $(shell find build -name '*.d' 2>/dev/null)

.PHONY: deps check-deps run check check-built layers headers man install uninstall tests askfirst help clean format compile_commands.json
