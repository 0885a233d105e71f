/* suggest.h: what is on the way to being typed → a short list of things that it may become.
 *
 *   question   that was asked before, by two different people at least, word for word, and solved
 *              by a case that this asker may see (data/learned.h). What one person alone typed is
 *              shown to nobody else, nor is an address or a long number, whoever typed it
 *   title      of a case
 *   product, category   that has a case which this asker may see
 *   code       of a title or of keywords, as it is written there
 *
 * How it goes, "luyouq" or "lu'you'q" (an input method that is not done yet):
 *
 *   typed.c      folds it to letters; what else the keys may have meant: kana, Hangul, 設定 of settei
 *   cuts.c       lu | you | q…
 *   finder.c     of each segment: documents that have y lu'you and y you'q… (title_terms.h); for
 *                what was typed as it is written grams, words, codes: a set of documents
 *   matching.c   reads the titles of some of them: 路由器 from its first letter on, as it is read
 *   titles.c …   the best few, each kind by itself; suggest.c puts them together
 *
 * Nothing is kept between calls, and no titles are held in memory: the index is asked, which costs
 * 20 bytes a title (README). What is looked at is bounded by the SUGGEST_ limits whatever the
 * library is; past them the list is of what was looked at, openings and used cases first.
 *
 * Not here: corrections of slips; those come with the answers (search.h), shown beside it. */
#ifndef ASKFIRST_SEARCH_SUGGEST_SUGGEST_H
#define ASKFIRST_SEARCH_SUGGEST_SUGGEST_H

#include "search/search.h"

enum suggest_kind {
    SUGGEST_QUESTION,
    SUGGEST_PRODUCT,
    SUGGEST_CATEGORY,
    SUGGEST_CODE,
    SUGGEST_TITLE,
    SUGGEST_KINDS
};
const char *suggest_kind_name(enum suggest_kind kind); /* question, product … */

struct suggest_request {
    struct bytes typed;                   /* any bytes up to QUERY_INPUT_BYTES_MAX */
    uint32_t limit;                       /* 1 … SUGGEST_MAX */
    struct bytes product, category, lang; /* as in search_request */
    struct bytes page_lang;
    enum audience audience;
};

struct suggested {
    enum suggest_kind kind;
    struct marked_text text; /* marks: what was typed */
    struct bytes lang;       /* of a title; empty: not known */
    struct bytes id;         /* of a title: its case */
};

struct suggest_result {
    struct suggested *items; /* kinds in their order, the best of each first */
    uint32_t count;
    int64_t took_us;
};

struct suggester; /* one a thread; not shared */

enum status suggester_new(struct index *index, struct store *store, struct suggester **out,
                          struct error *err) MUST_USE;
void suggester_free(struct suggester *suggester); /* accepts NULL */

/* Everything in *out lives in `arena`. What has no letter or digit, or more than
 * SUGGEST_LETTERS_MAX of them, has no suggestions. The same text on the same data gives the same
 * list. AF_INVALID (limit), AF_TOO_LARGE, AF_NO_MEMORY, AF_CORRUPT. */
enum status suggest_run(struct suggester *suggester, const struct suggest_request *request,
                        struct arena *arena, struct suggest_result *out,
                        struct error *err) MUST_USE;

#endif
