/* typed.h: what was typed, as letters, and what else the same keys may have meant:
 *
 *   roguin, しよう      ろぐいん; 使用, 仕様: words that are read so
 *   xladmf              팀을: the keyboard was not switched
 *
 * Chinese as it is read is no other form: matching.h and cuts.h know it. */
#ifndef ASKFIRST_SEARCH_SUGGEST_TYPED_H
#define ASKFIRST_SEARCH_SUGGEST_TYPED_H

#include "indexer/text/fold.h"
#include "search/suggest/letters.h"

#define TYPED_FORMS_MAX 4

struct typed {
    struct letters forms[TYPED_FORMS_MAX]; /* the first is as typed */
    uint32_t count;                        /* 0: nothing to suggest for */
    bool has_gaps;                         /* the first has several pieces */
};

/* Nothing but spaces and marks, and what is longer than SUGGEST_LETTERS_MAX, has no forms.
 * AF_NO_MEMORY. */
enum status typed_of(struct bytes text, struct folder *folder, struct typed *out,
                     struct error *err) MUST_USE;

#endif
