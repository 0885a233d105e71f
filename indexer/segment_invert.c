#include "indexer/postings.h"
#include "indexer/segment_build_impl.h"

#include <stdlib.h>

void inverted_release(struct inverted *inv)
{
    free(inv->docs);
    free(inv->codes);
    free(inv->start);
    free(inv->langs);
    free(inv->sorted);
}

/* One entry of the log. */
static uint32_t log_next(const uint8_t **at, const uint8_t **code)
{
    const uint8_t *p = *at;
    uint32_t term = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];

    *code = p + 4;
    *at = p + 5;
    if (p[4] == POSTINGS_CODE_MANY)
        *at += 1 + __builtin_popcount(p[5]);
    return term;
}

static void count_postings(const struct segment_builder *builder, struct inverted *inv)
{
    for (uint32_t i = 0; i < builder->docs_count; i++) {
        const struct pending *doc = &builder->docs[i];
        const uint8_t *at = builder->log.data + doc->log_start, *code;

        while (doc->is_live && at < builder->log.data + doc->log_end) {
            uint32_t term = log_next(&at, &code);

            inv->start[term + 1]++;
            if (doc->lang != NO_LANG)
                inv->langs[term] |= 1u << doc->lang;
        }
    }
    for (uint32_t i = 0; i < inv->terms; i++)
        inv->start[i + 1] += inv->start[i];
}

/* Afterwards start[t] is where t ends, that is where t+1 begins. */
static void place_postings(const struct segment_builder *builder, struct inverted *inv)
{
    uint32_t number = 0;

    for (uint32_t i = 0; i < builder->docs_count; i++) {
        const struct pending *doc = &builder->docs[i];
        const uint8_t *at = builder->log.data + doc->log_start, *code;

        if (!doc->is_live)
            continue;
        while (at < builder->log.data + doc->log_end) {
            size_t place = inv->start[log_next(&at, &code)]++;

            inv->docs[place] = number;
            inv->codes[place] = code;
        }
        number++;
    }
    memmove(inv->start + 1, inv->start, inv->terms * sizeof *inv->start);
    inv->start[0] = 0;
}

static int compare_sorted(const void *a, const void *b, void *context)
{
    const struct sorted *x = a, *y = b;
    const struct termtable *terms = context;

    if (x->prefix != y->prefix)
        return x->prefix < y->prefix ? -1 : 1;
    return bytes_compare(termtable_bytes_of(terms, x->term), termtable_bytes_of(terms, y->term));
}

static uint64_t prefix_of(struct bytes term)
{
    uint64_t prefix = 0;

    for (size_t i = 0; i < 8; i++)
        prefix = prefix << 8 | (i < term.len ? term.data[i] : 0);
    return prefix;
}

enum status inverted_build(const struct segment_builder *builder, struct inverted *inv,
                           struct error *err)
{
    size_t postings = builder->postings + 1, terms = builder->terms.count;

    inv->terms = builder->terms.count;
    inv->docs = malloc(postings * sizeof *inv->docs);
    inv->codes = malloc(postings * sizeof *inv->codes);
    inv->start = calloc(terms + 2, sizeof *inv->start);
    inv->langs = calloc(terms + 1, sizeof *inv->langs);
    inv->sorted = malloc((terms + 1) * sizeof *inv->sorted);
    if (inv->docs == NULL || inv->codes == NULL || inv->start == NULL || inv->langs == NULL ||
        inv->sorted == NULL)
        return builder_no_memory(err);
    count_postings(builder, inv);
    place_postings(builder, inv);
    for (uint32_t i = 0; i < inv->terms; i++)
        inv->sorted[i] = (struct sorted){prefix_of(termtable_bytes_of(&builder->terms, i)), i};
    qsort_r(inv->sorted, inv->terms, sizeof *inv->sorted, compare_sorted,
            (void *)(uintptr_t)&builder->terms);
    return AF_OK;
}
