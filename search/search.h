/* search.h: a question → ranked, explained cases.
 *
 * Worked example, "打印机 E-013 缺纸":
 *   query.c    folds and cuts it:  打印 印机 (打 印 机)  e-013 e013 013 13  缺纸 (缺 纸)
 *   expand.c   adds what could be meant: prefixes of the last word, stems, one typo
 *   plan       the rarest groups find candidates, the best of a segment by block maxima
 *   evidence   what every group says about each candidate
 *   match/     BM25F over fields + coverage + longest span + exact title + identifier
 *   snippet.c  cuts the two best pieces of the original and marks what matched */
#ifndef ASKFIRST_SEARCH_SEARCH_H
#define ASKFIRST_SEARCH_SEARCH_H

#include "data/article.h"
#include "data/base/arena.h"
#include "data/store.h"
#include "indexer/index.h"

/* Why a hit matched, weakest claim last; words as in the API: exact variant prefix typo … */
enum reason {
    REASON_EXACT = 1,   /* what was typed, after folding */
    REASON_VARIANT = 2, /* another form: stem, squeezed code, part, leading zeros */
    REASON_PREFIX = 4,  /* the last word was unfinished */
    REASON_TYPO = 8,    /* a word one or two letters away */
    REASON_SOUND = 16,
    REASON_SYNONYM = 32,
    REASON_LEARNED = 64,   /* people who asked so were helped by it */
    REASON_INITIALS = 128, /* first letters: lyq, 路由器 (suggest/initials.h) */
};
#define REASON_COUNT 8
const char *reason_name(enum reason reason);

/* How likely is the answer in the list, and the first hit (match/confidence.h)? */
enum verdict { VERDICT_NONE, VERDICT_LIKELY, VERDICT_SURE };
const char *verdict_name(enum verdict verdict); /* none, likely, sure */

enum signal {
    SIGNAL_TEXT,    /* the first hit's text (match/rank.h), of what any case could have of it */
    SIGNAL_TITLE,   /* how nearly its title says what was asked, and nothing else */
    SIGNAL_MASS,    /* weight of what it has: the more, the less it is chance */
    SIGNAL_MATCHES, /* how many cases match: the more, the more likely it is chance */
    SIGNAL_SHORT,   /* a word or two, of which little more can be had */
    SIGNAL_GUESSED, /* share of the question that it has only if a slip was meant otherwise */
    SIGNAL_AHEAD,   /* its score less that of the next in its language; only for `sure` */
    SIGNAL_COUNT
};
struct confidence {
    double value; /* 0 … 1 */
    enum verdict verdict;
    double signals[SIGNAL_COUNT]; /* that it was made of */
};

struct search_request {
    struct bytes query; /* any bytes up to QUERY_INPUT_BYTES_MAX; QUERY_BYTES_MAX are read */
    uint32_t limit;     /* 1 … HITS_MAX */
    uint32_t offset;
    struct bytes product, category, lang; /* empty: any; lang "zh" matches zh-Hans and zh-Hant */
    struct bytes page_lang; /* what the asker's page is in; empty: not known (match/langpref.h) */
    enum audience audience; /* the widest that may be seen */
    const struct bytes *without; /* ids of cases that are not wanted; */
    uint32_t without_count;      /* at most SEARCH_WITHOUT_MAX */
    bool typing;                 /* the last word may be unfinished (pages and the API: true) */
    bool snippets;               /* false for --batch: costs reading the case */
    uint32_t snippets_most;      /* only of so many first ones; 0: of all */
    bool similar;                /* the question is a case's text (query/similar.h) */
    bool narrow;                 /* it is no person's question: nothing wider when few are found,
                                  * and no more cases looked at than are asked for */
    bool suggest;                /* fill in `suggestion` (show/suggestion.h) */
    unsigned facets;             /* fill in `facets`: a bit for each enum column_name */
    bool explain;                /* fill in `explanation`; for staff (show/explain.h) */
    struct bytes explain_id;     /* with it: also what became of this case; empty: none */
};

struct explanation; /* show/explain.h */
struct facet;       /* show/facets.h */

struct mark {
    uint32_t start, end; /* bytes */
};
struct marked_text {
    struct bytes text;
    const struct mark *marks; /* rising, not touching */
    uint32_t marks_count;
};

struct hit {
    struct bytes id;
    uint32_t no, version;
    double score; /* 0 … 1, 1 for a perfect answer; falls within a result */
    struct bytes lang, product;
    struct marked_text title, snippet;
    unsigned reasons; /* enum reason */
    double coverage;  /* of the query's weight, 0 … 1 */
};

struct search_result {
    struct hit *hits;
    uint32_t hits_count;
    uint64_t total; /* cases that match (total.h) */
    struct confidence confidence;
    bool total_is_estimate; /* at least so many: not all were counted */
    bool query_cut;         /* only the first part of the question was read */
    bool degraded;          /* SEARCH_POSTINGS_MAX was reached: there may be better hits */
    int64_t took_us;
    struct bytes read_as;       /* what was asked instead of first letters; empty: nothing was */
    struct bytes suggestion;    /* another spelling that finds much more; empty: none */
    const struct facet *facets; /* one for each column that was asked for, in their order */
    uint32_t facets_count;
    const struct explanation *explanation; /* NULL unless asked for */
};

struct searcher; /* one a thread: holds the analyzer and stemmer; not shared */

enum status searcher_new(struct index *index, struct store *store, struct searcher **out,
                         struct error *err) MUST_USE;
void searcher_free(struct searcher *searcher); /* accepts NULL */

/* Everything in *out lives in `arena`. An empty or unreadable query is AF_OK with no hits.
 * The same query on the same data gives the same order. AF_INVALID (limit), AF_TOO_LARGE. */
enum status search_run(struct searcher *searcher, const struct search_request *request,
                       struct arena *arena, struct search_result *out, struct error *err) MUST_USE;

#endif
