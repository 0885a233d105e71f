# Figures of data/README.md and search/README.md; not part of `make check`.
$O/tests/data/store_figures: $O/tests/data/store_figures.o $O/tests/harness.o $(LIB)
	$(CC) $(LINK_$(MODE)) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

CORPUS ?=
store-figures: $O/tests/data/store_figures ## what importing and reading CORPUS=cases.jsonl costs
	@$< $(CORPUS)

learning: $O/tests/intake/learn_year_test ## a year of use, month by month: what is learned from it (search/README.md)
	@YEAR=full $<

.PHONY: store-figures learning
