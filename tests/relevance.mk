# `make relevance`: askfirst beside its peers on judged questions. The peers' drivers are scripts:
# nothing is built for them; those that are not installed are left out, and the run says so. Only
# tests/relevance/parts and smoke are part of `make check`.
RELEVANCE_PKGS := python3 zstd opencc unicode-data skkdic \
                  liblucene4.10-java libicu4j-java default-jdk-headless \
                  groonga-bin groonga-tokenizer-mecab groonga-token-filter-stem python3-xapian

relevance-deps: deps ## install the peers and tables that `make relevance` uses
	@$(call apt_install,$(RELEVANCE_PKGS),measuring relevance)

# The two stages against ranking every case (tests/relevance/stages.c), one line of the report.
$O/tests/relevance/stages: $O/tests/relevance/stages.o $O/tests/relevance/judged.o $(LIB)
	$(CC) $(LINK_$(MODE)) $(LDFLAGS) -o $@ $^ $(LDLIBS)

tests: $O/tests/relevance/stages

relevance: askfirst $O/tests/relevance/stages ## judged questions, noise, codes: SETS= PEERS= NOISE= NOISY= KINDS= DATASETS=
	@STAGES=$O/tests/relevance/stages python3 -B tests/relevance/relevance.py

relevance-readme: ## the READMEs' tables from the last whole run of `make relevance`
	@python3 -B tests/relevance/readme.py --keep $${RELEVANCE_DIR:-build/relevance}/results.tsv

.PHONY: relevance relevance-deps relevance-readme

# Tries other constants of ranking on judged questions (tests/relevance/tune.py).
TUNE_OBJ := $(addprefix $O/tests/relevance/,rate.o constants.o judged.o)
$O/tests/relevance/rate: $(TUNE_OBJ) $(LIB)
	$(CC) $(LINK_$(MODE)) $(LDFLAGS) -o $@ $^ $(LDLIBS)

tune: askfirst $O/tests/relevance/rate ## better constants for ranking: DATASETS= ROUNDS= ONLY= START=
	@python3 -B tests/relevance/tune.py $O/tests/relevance/rate

.PHONY: tune

# When is the first hit the answer? (tests/relevance/calibrate.py)
$O/tests/relevance/signals: $O/tests/relevance/signals.o $(LIB)
	$(CC) $(LINK_$(MODE)) $(LDFLAGS) -o $@ $^ $(LDLIBS)

calibrate: askfirst $O/tests/relevance/signals ## fit the confidence in the first hit: DATASETS=
	@python3 -B tests/relevance/calibrate.py $O/tests/relevance/signals

.PHONY: calibrate
