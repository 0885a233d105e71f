# The fold tables: OpenCC's lists as text, then a small program that asks ICU for the rest.
# It runs while building, so it is always built plain, whatever MODE says.
OPENCC_DATA  ?= /usr/share/opencc
OPENCC_LISTS := TSCharacters JPShinjitaiCharacters JPVariants TWVariants HKVariants
OPENCC_TEXT  := $(OPENCC_LISTS:%=$O/gen/opencc/%.txt)

$O/gen/opencc/%.txt: $(OPENCC_DATA)/%.ocd2
	@mkdir -p $(@D)
	@opencc_dict -i $< -o $@ -f ocd2 -t text

FOLD_GENC    := $(wildcard indexer/text/fold_*_gen.c)

$O/gen/fold_table_gen: $(FOLD_GENC) indexer/text/fold_gen.h indexer/text/script.h indexer/text/fold_table.h
	@mkdir -p $(@D)
	$(CC) $(CPPF) $(CPPFLAGS) -std=c17 -O1 $(WARN) $(CFLAGS) $(LDFLAGS) -o $@ $(FOLD_GENC) \
	    $(shell pkg-config --libs icu-uc icu-i18n)

$O/gen/fold_table.c: $O/gen/fold_table_gen $(OPENCC_TEXT)
	$< $O/gen/opencc $@

$O/gen/fold_table.o: $O/gen/fold_table.c indexer/text/script.h indexer/text/fold_table.h
	$(CC) $(CPPF) $(CPPFLAGS) $(BASE) $(CFLAGS) -c -o $@ $<

GENERATED_OBJ += $O/gen/fold_table.o

# How Han characters are read: from Unihan, of folded characters, so after the fold tables.
UNIHAN_READINGS ?= /usr/share/unicode/Unihan_Readings.txt.bz2

$O/gen/pinyin_table_gen: indexer/text/pinyin_table_gen.c $O/gen/fold_table.c indexer/text/pinyin_table.h
	$(CC) $(CPPF) $(CPPFLAGS) -std=c17 -O1 $(WARN) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c,$^)

$O/gen/pinyin_table.c: $O/gen/pinyin_table_gen $(UNIHAN_READINGS)
	bzcat $(UNIHAN_READINGS) | $< >$@

$O/gen/pinyin_table.o: $O/gen/pinyin_table.c indexer/text/pinyin_table.h
	$(CC) $(CPPF) $(CPPFLAGS) $(BASE) $(CFLAGS) -c -o $@ $<

GENERATED_OBJ += $O/gen/pinyin_table.o

# How Japanese words are read: nouns, verbs, adjectives of mecab-ipadic, whose files are EUC-JP.
IPADIC       ?= /usr/share/mecab/dic/ipadic
IPADIC_WORDS := Noun Noun.verbal Noun.adjv Noun.adverbal Noun.others Noun.nai Verb Adj

$O/gen/words.csv: $(IPADIC_WORDS:%=$(IPADIC)/%.csv)
	@mkdir -p $(@D)
	@cat $^ | iconv -f EUC-JP -t UTF-8 > $@

$O/gen/reading_gen: indexer/text/reading_gen.c $O/gen/fold_table.c indexer/text/reading.h
	@mkdir -p $(@D)
	$(CC) $(CPPF) $(CPPFLAGS) -std=c17 -O1 $(WARN) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c,$^)

$O/gen/reading_table.c: $O/gen/reading_gen $O/gen/words.csv
	$< $@ < $O/gen/words.csv

$O/gen/reading_table.o: $O/gen/reading_table.c indexer/text/reading.h
	$(CC) $(CPPF) $(CPPFLAGS) $(BASE) $(CFLAGS) -c -o $@ $<

GENERATED_OBJ += $O/gen/reading_table.o

# Words and letters that tell languages in Latin letters apart, as tables to look up in.
$O/gen/language_latin_table_gen: indexer/text/language_latin_table_gen.c indexer/text/language_latin_table.h
	@mkdir -p $(@D)
	$(CC) $(CPPF) $(CPPFLAGS) -std=c17 -O1 $(WARN) $(CFLAGS) $(LDFLAGS) -o $@ $<

$O/gen/language_latin_table.c: $O/gen/language_latin_table_gen
	$< >$@

$O/gen/language_latin_table.o: $O/gen/language_latin_table.c indexer/text/language_latin_table.h
	$(CC) $(CPPF) $(CPPFLAGS) $(BASE) $(CFLAGS) -c -o $@ $<

GENERATED_OBJ += $O/gen/language_latin_table.o

# Memory that does not come, in our code; ICU keeps its own.
WRAP_analyzer_test := -Wl,--wrap=realloc
