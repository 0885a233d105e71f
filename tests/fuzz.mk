# Fuzzing: tests/fuzz/NAME_fuzz.c, one idea each, see tests/fuzz/README.md.
#   make check               replays every corpus and runs seeded mutations of it (any compiler)
#   make fuzz SECONDS=60     guided by coverage (clang's libFuzzer), SECONDS for each target
#   make fuzz FUZZ='json csv'  only these
FUZZ_NAMES := $(sort $(patsubst tests/fuzz/%_fuzz.c,%,$(wildcard tests/fuzz/*_fuzz.c)))
FUZZ       ?= $(FUZZ_NAMES)
SECONDS    ?= 60

# In the replay all targets are one program, so each gets a name of its own.
$O/tests/fuzz/%_replay.o: tests/fuzz/%_fuzz.c Makefile tests/fuzz.mk | $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(CPPF) $(CPPFLAGS) -DLLVMFuzzerTestOneInput=fuzz_$* $(BASE) $(CFLAGS) -MMD -MP -c -o $@ $<

$O/tests/fuzz/replay_test.o: CPPF += '-DFUZZ_TARGETS=$(foreach name,$(FUZZ_NAMES),X($(name)))'
$O/tests/fuzz/replay_test.o: tests/fuzz.mk $(wildcard tests/fuzz/*_fuzz.c)
$O/tests/fuzz/replay_test: $O/tests/fuzz/replay_test.o $(FUZZ_NAMES:%=$O/tests/fuzz/%_replay.o) \
    $O/tests/fuzz/fuzz.o $O/tests/harness.o $(LIB)
	$(CC) $(LINK_$(MODE)) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

# The library again with clang's marks for coverage, in a folder of its own.
FUZZ_SAN := -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_ON  := MODE=fuzz CC=clang LINK_fuzz='$(FUZZ_SAN)' \
            FLAGS_fuzz='-O1 -fno-omit-frame-pointer $(FUZZ_SAN) -fsanitize=fuzzer-no-link'

$O/tests/fuzz/%_fuzz: $O/tests/fuzz/%_fuzz.o $O/tests/fuzz/fuzz.o $(LIB)
	$(CC) $(LINK_$(MODE)) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(LDLIBS)

fuzz-built: $(FUZZ:%=$O/tests/fuzz/%_fuzz)

fuzz: ## fuzz every reader of outside bytes for SECONDS=60 each (clang, libclang-rt)
	@tests/fuzz/run --ready
	@$(MAKE) --no-print-directory $(FUZZ_ON) FUZZ='$(FUZZ)' fuzz-built
	@tests/fuzz/run $(SECONDS) $(FUZZ)

.PHONY: fuzz fuzz-built
.SECONDARY: $(FUZZ_NAMES:%=$O/tests/fuzz/%_fuzz.o) $(FUZZ_NAMES:%=$O/tests/fuzz/%_replay.o) \
            $O/tests/fuzz/fuzz.o
