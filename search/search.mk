# The vocabulary that comes with the program: our own lines and OpenCC's regional phrases, made
# into tables by a small program that folds as the program does. Built plain, whatever MODE says.
VOCABULARY_SRC := search/query/vocabulary_gen.c search/query/vocabulary_build.c \
                  search/query/vocabulary_text.c search/query/vocabulary.c \
                  $(filter-out %_gen.c,$(wildcard indexer/text/fold*.c)) indexer/text/script.c \
                  $(wildcard data/base/*.c)

$O/gen/vocabulary_gen: $(VOCABULARY_SRC) $O/gen/fold_table.c search/query/vocabulary.h \
                       search/query/vocabulary_build.h search/query/vocabulary_text.h data/base/limits.h
	@mkdir -p $(@D)
	$(CC) $(CPPF) $(CPPFLAGS) -std=c17 -O1 $(WARN) $(CFLAGS) $(LDFLAGS) -o $@ \
	    $(filter %.c,$^) $(LDLIBS)

$O/gen/vocabulary_shipped.c: $O/gen/vocabulary_gen search/query/vocabulary.txt $O/gen/opencc/TWPhrases.txt
	$< search/query/vocabulary.txt $O/gen/opencc/TWPhrases.txt $@

$O/gen/vocabulary_shipped.o: $O/gen/vocabulary_shipped.c search/query/vocabulary.h
	$(CC) $(CPPF) $(CPPFLAGS) $(BASE) $(CFLAGS) -c -o $@ $<

GENERATED_OBJ += $O/gen/vocabulary_shipped.o
