# `make bench`: askfirst beside its peers. Drivers of peers that are not installed are not built,
# and the run says so. Nothing here is part of `make check` but tests/bench/smoke.
BENCH_PKGS := python3 zstd util-linux groonga libgroonga-dev libsqlite3-dev liblucene4.10-java \
              default-jdk-headless libxapian-dev valgrind

# What is installed is asked only when somebody wants to measure.
B := $O/tests/bench
ifneq ($(filter bench% $B/%,$(MAKECMDGOALS)),)
BENCH_PEERS := $(shell pkg-config --exists groonga 2>/dev/null && echo $B/groonga_driver) \
               $(shell pkg-config --exists sqlite3 2>/dev/null && echo $B/sqlite_driver) \
               $(shell pkg-config --exists xapian-core 2>/dev/null && echo $B/xapian_driver)
LUCENE_JARS := /usr/share/java/lucene-core-4.10.4.jar:/usr/share/java/lucene-analyzers-common-4.10.4.jar
ifneq ($(and $(shell command -v javac),$(wildcard $(subst :, ,$(LUCENE_JARS)))),)
BENCH_PEERS += $B/lucene/LuceneDriver.class
endif
LIBS_groonga := $(shell pkg-config --libs groonga 2>/dev/null)
$B/groonga_driver.o: CPPF += $(shell pkg-config --cflags groonga 2>/dev/null)
endif

BENCH_OWN := $B/askfirst_driver $B/askfirst_work $B/lmdb_driver $B/floor_driver
check-built: $(BENCH_OWN) $B/tickets# for tests/bench/smoke
LIBS_sqlite  := -lsqlite3

$B/floor_driver: $B/floor.o
$B/askfirst_driver: $B/session.o
$B/%_driver: $B/%_driver.o $B/driver.o $B/load.o $B/text.o $(LIB)
	$(CC) $(LINK_$(MODE)) $(LDFLAGS) -o $@ $^ $(LIBS_$*) $(LDLIBS)

# Counts what the library calls by standing in front of it.
WORK_WRAPS := postings_open postings_block_seek_above postings_docs_decode postings_rest_decode \
              elias_find disk_find
$B/askfirst_work: $B/work.o $B/pages.o $B/session.o $B/driver.o $B/load.o $B/text.o $(LIB)
	$(CC) $(LINK_$(MODE)) $(LDFLAGS) -o $@ $(WORK_WRAPS:%=-Wl,--wrap=%) $^ $(LDLIBS)

$B/analysis: $B/analysis.o $B/driver.o $B/load.o $B/text.o $(LIB)
	$(CC) $(LINK_$(MODE)) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$B/likeness: $B/likeness.o $(LIB)
	$(CC) $(LINK_$(MODE)) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$B/tickets: $B/tickets.o $(LIB)
	$(CC) $(LINK_$(MODE)) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Our headers are C: as system headers, their implicit conversions are let pass.
$B/xapian_driver: tests/bench/xapian_driver.cpp $B/driver.o $B/load.o $B/text.o $(LIB)
	$(CXX) -std=c++17 -O2 -g -Wall -Wextra -fpermissive -isystem . -o $@ $^ -lxapian $(LDLIBS)

$B/lucene/LuceneDriver.class: tests/bench/LuceneDriver.java
	@mkdir -p $(@D)
	javac -nowarn -cp $(LUCENE_JARS) -d $(@D) $<

bench-deps: deps ## install the peers that `make bench` compares with
	@$(call apt_install,$(BENCH_PKGS),the bench)

bench-drivers: askfirst $(BENCH_OWN) $(BENCH_PEERS)

bench: bench-drivers ## compare with the peers: SIZES="10k 100k 1M" ENGINES= CLASSES= REPS= PEERS=
	@python3 -B tests/bench/bench.py
	@$(MAKE) --no-print-directory bench-tickets

bench-report: ## the tables of the last runs again
	@python3 -B tests/bench/bench.py --report

bench-counts: bench-drivers ## instructions per question by callgrind: SIZES= CLASSES= N=
	@python3 -B tests/bench/counts.py

TICKETS := 1000000
bench-tickets: $B/tickets ## a store with TICKETS=1000000 tickets: lists, views, sweeps, opening
	@mkdir -p $(or $(BENCH_DIR),build/bench)
	@$B/tickets $(or $(BENCH_DIR),build/bench)/tickets-$(TICKETS) $(TICKETS) $$(($(TICKETS) / 10)) $(or $(LOAD),9)

bench-likeness: $B/likeness ## finding tickets by their words: LIKENESS=cases.jsonl LIKE=100000
	@mkdir -p $(or $(BENCH_DIR),build/bench)
	@$B/likeness $(or $(BENCH_DIR),build/bench)/likeness-$(or $(LIKE),100000) $(LIKENESS) $(or $(LIKE),100000)

.PHONY: bench-likeness bench-tickets bench bench-deps bench-drivers bench-report bench-counts
