/* analyzer.h: text → tokens; the same object for cases and for queries.
 *
 * What it is for: folding (case, width, kana, accents, Traditional→Simplified), cutting into
 * runs by writing system, and emitting the terms that the index knows. It is not a ranker and
 * knows no fields. Its rules are identified by ANALYZER_VERSION, which an index stores and
 * compares when it opens.
 *
 * Life: one analyzer a thread (it holds ICU iterators and scratch memory); analyzer_run() may
 * be called any number of times; what it returns is borrowed until the next call or free. */
#ifndef ASKFIRST_INDEXER_TEXT_ANALYZER_H
#define ASKFIRST_INDEXER_TEXT_ANALYZER_H

#include "data/base/bytes.h"
#include "data/base/error.h"

#include <endian.h>

#define ANALYZER_VERSION 4

/* The first byte of every term in the index; sorted order gives one dictionary per class. Forms
 * of one chunk share a position (the table is in latin.c). A query's word, number or one-piece
 * code comes with its TERM_PART twin, so that `942` finds ORA-00942 by looking up its tokens. */
enum term_class {
    TERM_GRAM1 = '1',  /* one CJK character (Han, kana, Hangul syllable) */
    TERM_GRAM2 = '2',  /* two neighbouring CJK characters */
    TERM_WORD = 'w',   /* a word of an alphabetic script, surface form, folded */
    TERM_NUMBER = 'n', /* digits alone */
    TERM_IDENT = 'i',  /* identifier, whole, when no other form says as much: 7.5.1, node.js, c++ */
    TERM_SQUEEZED = 'q', /* a code without separators: ora00942; letters only: TERM_WORD */
    TERM_PART = 'p',     /* a part of an identifier: ora, 00942, 942, hg, 8245, h */
    TERM_THAI3 = 't',    /* three characters inside a Thai, Lao, Khmer or Myanmar word */
};

#define TERM_BYTES_MAX 120 /* class byte included; a longer term keeps a prefix and its hash */

enum token_flag {
    TOKEN_BRIDGED = 1,    /* a gram over a line break or blank between CJK characters */
    TOKEN_STRADDLES = 2,  /* (queries of seven Han, kana or more) over an ICU word's end */
    TOKEN_VOLATILE = 4,   /* time stamp, address, GUID, hex dump: noise in a pasted log */
    TOKEN_UNINDEXED = 16, /* (queries) what was typed; no case has the term, it has another form */
    TOKEN_LAST = 8,       /* reaches the end of the text: may be unfinished while typing */
};

/* The first bytes of a term as a number, big end first, zeros after a shorter one. No term has a
 * NUL, so two terms of at most TERM_KEY_BYTES are the same when their keys are (most are as short:
 * every gram of the BMP is), and terms whose keys differ stand in the order of their keys. */
#define TERM_KEY_BYTES 8

static inline uint64_t term_key(struct bytes term)
{
    uint64_t key = 0;

    if (term.len >= TERM_KEY_BYTES) {
        memcpy(&key, term.data, TERM_KEY_BYTES);
        return be64toh(key);
    }
    for (size_t i = 0; i < term.len; i++)
        key |= (uint64_t)term.data[i] << (56 - 8 * i);
    return key;
}

struct token {
    uint64_t key;                  /* term_key() of the term */
    const uint8_t *term;           /* class byte, then folded bytes; borrowed from the analyzer */
    uint32_t start, end;           /* byte range in the text as the person typed it */
    uint32_t fold_start, fold_end; /* byte range in the folded text */
    uint32_t position;             /* counts words and CJK characters; forms of one share it */
    uint8_t term_bytes;            /* at most TERM_BYTES_MAX */
    uint8_t flags;                 /* enum token_flag */
};

struct analysis {
    const struct token *tokens; /* in order of fold_start */
    uint32_t count;
    struct bytes folded;    /* folded UTF-8 of the whole text */
    const uint32_t *source; /* source[i]: offset in the original of folded byte i;
                             * source[folded.len] is the length of the original */
    uint32_t units;         /* field length: grams of two + 3 × (words and identifiers) */
    bool cut;               /* the text was longer than FIELD_BYTES_MAX */
};

enum analyze_mode { ANALYZE_DOCUMENT, ANALYZE_QUERY };

struct analyzer;

enum status analyzer_new(struct analyzer **out, struct error *err) MUST_USE;
void analyzer_free(struct analyzer *analyzer); /* accepts NULL */

/* `text` is any bytes: bad UTF-8 and NUL become U+FFFD, which separates words. Query mode also
 * sets TOKEN_STRADDLES, TOKEN_UNINDEXED and TOKEN_LAST. AF_NO_MEMORY; AF_IO when ICU is there
 * without its data. */
enum status analyzer_run(struct analyzer *analyzer, enum analyze_mode mode, struct bytes text,
                         struct analysis *out, struct error *err) MUST_USE;

#endif
