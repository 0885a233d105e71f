/* own_words.h: the administrator's vocabulary: where it is kept, and how a searcher sees it.
 *
 * The store has one record, table vocabulary, key "words": {"version":3,"text":"滑鼠, 鼠标\n"}. A
 * searcher keeps what it made of the text; whether the record is another by now is told by the
 * table's sum, which each transaction has at hand, so that a question pays a comparison. */
#ifndef ASKFIRST_SEARCH_OWN_WORDS_H
#define ASKFIRST_SEARCH_OWN_WORDS_H

#include "data/store.h"
#include "indexer/text/fold.h"
#include "search/query/vocabulary.h"

#define OWN_WORDS_KEY BYTES_LIT("words")

/* What is stored: version 0 and no text before anything was. `text` is borrowed from *record,
 * which the caller owns (NULL: there is none). */
enum status own_words_read(struct txn *txn, json_t **record, uint32_t *version, struct bytes *text,
                           struct error *err) MUST_USE;

struct own_words {
    struct arena *arena; /* of `vocabulary`; NULL: it is the empty one */
    struct vocabulary vocabulary;
    struct table_sum seen;
};

void own_words_init(struct own_words *own);
void own_words_release(struct own_words *own);

/* Makes it again when the store has another. A record that is damaged, which `check` names, or that
 * finds no memory leaves questions without own words, but not without answers. */
void own_words_refresh(struct own_words *own, struct txn *txn, struct folder *folder);

#endif
