# askfirst: see `make help`. Two commands are the whole set-up: `make run`, `make check`.

MODE    ?= release
PREFIX  ?= /usr/local
DESTDIR ?=
O       := build/$(MODE)
LAYERS  := data indexer search intake# lowest first; `make layers` checks every #include
LIBS    := icu-uc icu-i18n lmdb libmicrohttpd jansson libsodium libzstd libxxhash
LDLIBS  := $(shell pkg-config --libs $(LIBS) 2>/dev/null) -lstemmer -lm -pthread

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
	$(CC) $(LINK_$(MODE)) $(LDFLAGS) -o $@ $^ $(WRAP_$(notdir $@)) -lcmocka $(LDLIBS)

tests: $(TESTS) ## build the test programs without running them

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | sort | expand -t 24

clean: ## remove everything built
	rm -rf build askfirst

compile_commands.json: ## for editors (needs bear)
	bear -- $(MAKE) -B askfirst

format: ## clang-format in place
	clang-format -i $$(git ls-files '*.c' '*.h')

-include $(shell find build -name '*.d' 2>/dev/null)

.PHONY: tests askfirst help clean format compile_commands.json
