# The scenario and the disk that breaks on demand, for the tests of data/ and tests/fault/.
SCENARIO := $O/tests/fault/scenario.o
DISK     := $O/tests/fault/disk.o
POWER    := $O/tests/fault/power.o $O/tests/fault/record.o $(DISK) $(SCENARIO)

$(addprefix $O/tests/data/,reserve_test blob_test): $(DISK)
$(addprefix $O/tests/data/,article_view_test store_older_test check_test backup_test dump_test): $(SCENARIO)
$(addprefix $O/tests/fault/,kill_test damage_test memory_test): $(SCENARIO)
$(addprefix $O/tests/fault/,io_test full_disk_test): $(DISK) $(SCENARIO)
$O/tests/fault/blob_fault_test: $(DISK) $O/tests/fault/trial.o
$O/tests/fault/index_build_test: $(DISK)
$(addprefix $O/tests/fault/,memory_test index_build_test): $O/tests/fault/alloc.o

# Builds with a planted fault: what the images do not notice here, they would not notice at all.
# Each is two objects of data/ compiled again; the library gives the rest.
FAULTS := no_sync no_metasync ack_early none
FLAG_no_sync     := -DAF_FAULT_NO_SYNC
FLAG_no_metasync := -DAF_FAULT_NO_METASYNC
FLAG_ack_early   := -DAF_FAULT_ACK_EARLY
CONTROLS := $(FAULTS:%=$O/tests/fault/power-%)

$O/tests/fault/power_test: $(POWER) | $(CONTROLS)

define FAULT_RULES
$O/fault-$1/%.o: %.c Makefile
	@mkdir -p $$(@D)
	$$(CC) $$(CPPF) $$(CPPFLAGS) $$(BASE) $$(CFLAGS) $$(FLAG_$1) -MMD -MP -c -o $$@ $$<

$O/tests/fault/power-$1: $O/tests/fault/power_control.o $(POWER) $O/tests/harness.o \
    $O/fault-$1/data/env.o $O/fault-$1/data/writer_group.o $$(LIB)
	$$(CC) $$(LINK_$$(MODE)) $$(LDFLAGS) -o $$@ $$^ -lcmocka $$(LDLIBS)
endef
$(foreach fault,$(FAULTS),$(eval $(call FAULT_RULES,$(fault))))

# Every function of LMDB that our objects use gets ours before it, found by nm at each link: one
# without a wrapper in lmdb_calls.c does not link. These cannot fail (close is wrapped by name).
LIFE := $O/tests/fault/life.o $O/tests/fault/trial.o $(DISK)
LMDB_CANNOT_FAIL := mdb_(cursor_close|dbi_close|env_get_userctx|strerror|txn_(abort|id|reset)|version)
WRAP_LMDB = $$(nm -u $(LIB) | sed -nE 's/^ *U (mdb_.*)/\1/p' | sort -u | \
    grep -vxE '$(LMDB_CANNOT_FAIL)' | sed 's/^/-Wl,--wrap=/')
WRAP_lmdb_test = $(WRAP_LMDB)
WRAP_commit_test = $(WRAP_LMDB)
WRAP_reopen_test = $(WRAP_LMDB)
$(addprefix $O/tests/fault/,lmdb_test commit_test): $(LIFE)
$(addprefix $O/tests/fault/,lmdb_test commit_test reopen_test): $O/tests/fault/lmdb_calls.o
$O/tests/fault/allocation_test: $(LIFE) $O/tests/fault/alloc.o
$O/tests/fault/pages_test: $(LIFE)

# The machine stops at the nth command: tests/intake/desk/ticket_family_test.
WRAP_ticket_family_test := -Wl,--wrap=journal_propose
