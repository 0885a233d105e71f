# Figures of data/README.md; not part of `make check`.
$O/tests/data/store_figures: $O/tests/data/store_figures.o $O/tests/harness.o $(LIB)
	$(CC) $(LINK_$(MODE)) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

CORPUS ?=
store-figures: $O/tests/data/store_figures ## what importing and reading CORPUS=cases.jsonl costs
	@$< $(CORPUS)

.PHONY: store-figures
