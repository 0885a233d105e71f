#include "search/query/simhash.h"

#include "data/base/hash.h"

#include <stdlib.h>

static int rising(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static uint32_t without_repeats(uint64_t *terms, uint32_t count)
{
    uint32_t kept = 0;

    if (count > 1)
        qsort(terms, count, sizeof *terms, rising);
    for (uint32_t i = 0; i < count; i++)
        if (i == 0 || terms[i] != terms[kept - 1])
            terms[kept++] = terms[i];
    return kept;
}

static uint64_t majority(const uint64_t *terms, uint32_t count)
{
    uint64_t bits = 0;

    for (unsigned bit = 0; bit < 64; bit++) {
        uint32_t votes = 0;

        for (uint32_t i = 0; i < count; i++)
            votes += (uint32_t)(terms[i] >> bit & 1);
        if (2 * votes > count)
            bits |= (uint64_t)1 << bit;
    }
    return bits;
}

/* Single characters are in every text, parts in the codes they are of. */
static bool counts(const struct token *token)
{
    return token->term[0] != TERM_GRAM1 && token->term[0] != TERM_PART;
}

enum status simhash_of(struct analyzer *analyzer, struct bytes text, struct arena *arena,
                       struct simhash *out, struct error *err)
{
    struct analysis analysis;
    uint64_t *terms;
    uint32_t count = 0;
    enum status status = analyzer_run(analyzer, ANALYZE_DOCUMENT, text, &analysis, err);

    if (status != AF_OK)
        return status;
    if ((terms = arena_array(arena, analysis.count + 1u, sizeof *terms)) == NULL)
        return arena_exhausted(arena, err);
    for (uint32_t i = 0; i < analysis.count; i++) {
        const struct token *token = &analysis.tokens[i];
        const struct bytes term = bytes_of(token->term, token->term_bytes);

        if (counts(token))
            terms[count++] = checksum64(0, &term, 1);
    }
    count = without_repeats(terms, count);
    *out = (struct simhash){majority(terms, count), terms, count};
    return AF_OK;
}

unsigned simhash_apart(const struct simhash *a, const struct simhash *b)
{
    return (unsigned)__builtin_popcountll(a->bits ^ b->bits);
}

double simhash_shared(const struct simhash *a, const struct simhash *b)
{
    uint32_t shared = 0;

    for (uint32_t i = 0, j = 0; i < a->count && j < b->count;) {
        if (a->terms[i] == b->terms[j]) {
            shared++;
            i++;
            j++;
        } else if (a->terms[i] < b->terms[j]) {
            i++;
        } else {
            j++;
        }
    }
    return a->count + b->count == 0 ? 0 : (double)shared / (a->count + b->count - shared);
}

bool simhash_near(const struct simhash *a, const struct simhash *b)
{
    double shared = simhash_shared(a, b);

    return shared >= SIMHASH_TERMS_SURE ||
           (shared >= SIMHASH_TERMS_SHARED && simhash_apart(a, b) <= SIMHASH_BITS_APART);
}
