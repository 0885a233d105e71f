/* fold.h: any bytes → folded UTF-8, with the way back to the original.
 *
 * Two texts that a person would call the same spelling fold to the same bytes: case, width,
 * kana, accents, Traditional and Simplified, dashes, zero-width characters (the rules are in
 * fold_table_gen.c). Folding is free of language and of settings, and folding what was folded
 * changes nothing. It does not cut: see analyzer.h.
 *
 * Linear in the length of the text whatever is in it. Characters that expand become blanks once
 * the result is FOLD_GROWTH times as long as the text, so it never passes FOLD_GROWTH + 1 times. */
#ifndef ASKFIRST_INDEXER_TEXT_FOLD_H
#define ASKFIRST_INDEXER_TEXT_FOLD_H

#include "data/base/bytes.h"
#include "data/base/error.h"

#define FOLD_GROWTH 3        /* U+FDFA grows eleven times; no real text grows twice */
#define FOLD_GROWTH_FREE 256 /* bytes a short text may gain beyond that */

#define FOLD_SLACK 8 /* zeros after a result, so that eight bytes can be read from any of it */

struct folder; /* one a thread: holds the memory of its last result */

struct folded {
    struct bytes text;      /* folded UTF-8, always valid */
    const uint32_t *source; /* [text.len + 1]: where in the original the character of this byte
                             * begins; never falls; the last is the length of the original */
};

enum status folder_new(struct folder **out, struct error *err) MUST_USE;
void folder_free(struct folder *folder); /* accepts NULL */

/* `text` is any bytes, below 4 GB; each bad sequence and each NUL becomes U+FFFD. The result is
 * borrowed until the next call. AF_NO_MEMORY; nothing else fails. */
enum status folder_run(struct folder *folder, struct bytes text, struct folded *out,
                       struct error *err) MUST_USE;

/* The end in the original of what folded to the bytes before `at` (at > 0): past marks that
 * were dropped, and past the whole of a character that folded to several. */
static inline uint32_t folded_end(const struct folded *folded, size_t at)
{
    while (at < folded->text.len && folded->source[at] == folded->source[at - 1])
        at++;
    return folded->source[at];
}

#endif
