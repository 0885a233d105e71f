#include "indexer/build/tally.h"

#include "indexer/build/keysort.h"
#include "indexer/build/postpool.h"
#include "indexer/segment/postings.h"

#include <assert.h>
#include <endian.h>
#include <stdlib.h>

#define AHEAD 32 /* so many tokens' or postings' memory is asked for before it is used */

void tally_release(struct tally *tally)
{
    termtable_release(&tally->terms);
    buf_release(&tally->pool);
    free(tally->counts);
}

void tally_clear(struct tally *tally)
{
    termtable_clear(&tally->terms);
    buf_clear(&tally->pool);
}

size_t tally_bytes(const struct tally *tally)
{
    return termtable_bytes(&tally->terms) + tally->pool.len;
}

/* --- counting ----------------------------------------------------------------------------- */

static bool counts_grow(struct tally *tally)
{
    uint32_t room = tally->counts_room == 0 ? 1024 : tally->counts_room * 2;
    struct tally_count *counts = realloc(tally->counts, room * sizeof *counts);

    if (counts == NULL)
        return false;
    tally->counts = counts;
    tally->counts_room = room;
    return true;
}

/* A slot's count is right when the count there is the term's; nothing is reset between cases. */
static inline bool count_term(struct tally *tally, struct term_slot *slot, unsigned shift,
                              uint32_t langs)
{
    uint32_t no = slot->no - 1;
    struct tally_count *count;

    if (slot->count >= tally->counts_count || tally->counts[slot->count].term != no) {
        if (tally->counts_count == tally->counts_room && !counts_grow(tally))
            return false;
        slot->count = tally->counts_count++;
        tally->counts[slot->count] = (struct tally_count){1ull << shift, no, langs};
        return true;
    }
    count = &tally->counts[slot->count];
    if ((count->tf >> shift & 0xFF) != 0xFF)
        count->tf += 1ull << shift;
    return true;
}

static bool count_token(struct tally *tally, const struct token *token, uint32_t place,
                        unsigned shift)
{
    struct term_slot *slot = &tally->terms.slots[place];
    uint32_t langs = token->key >> 56 == TERM_WORD ? tally->langs : 0;

    if (slot->key != token->key || slot->no == 0 || token->term_bytes > TERM_KEY_BYTES)
        slot = termtable_add(&tally->terms, token->key, bytes_of(token->term, token->term_bytes));
    return slot != NULL && count_term(tally, slot, shift, langs);
}

/* Looks some tokens up, far enough behind the fetching of their slots. */
static bool count_some(struct tally *tally, enum field field, const struct token *tokens,
                       uint32_t count)
{
    const unsigned shift = 8 * (unsigned)field;
    uint32_t places[AHEAD];

    if (!termtable_reserve(&tally->terms, count))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        places[i] = termtable_place(&tally->terms, tokens[i].key);
        __builtin_prefetch(&tally->terms.slots[places[i]], 1);
    }
    for (uint32_t i = 0; i < count; i++)
        if (!count_token(tally, &tokens[i], places[i], shift))
            return false;
    return true;
}

void tally_begin(struct tally *tally, uint32_t langs)
{
    tally->counts_count = 0;
    tally->langs = langs;
}

bool tally_tokens(struct tally *tally, enum field field, const struct token *tokens, uint32_t count)
{
    for (uint32_t i = 0; i < count; i += AHEAD)
        if (!count_some(tally, field, tokens + i, count - i < AHEAD ? count - i : AHEAD))
            return false;
    return true;
}

bool tally_term(struct tally *tally, struct bytes term, uint64_t tf)
{
    struct term_slot *slot = termtable_reserve(&tally->terms, 1)
                                 ? termtable_add(&tally->terms, term_key(term), term)
                                 : NULL;

    if (slot == NULL || !count_term(tally, slot, 0, 0))
        return false;
    tally->counts[slot->count].tf = tf;
    return true;
}

/* --- postings ----------------------------------------------------------------------------- */

/* A few dozen shapes are nearly all: what was answered last is kept by a hash of them. */
static unsigned code_of_many(struct tally_shape *shapes, uint64_t tf)
{
    struct tally_shape *shape =
        &shapes[tf * UINT64_C(0x9E3779B97F4A7C15) >> (64 - TALLY_SHAPES_LOG)];

    if (shape->tf != tf) {
        uint64_t le = htole64(tf);
        uint8_t each[sizeof le];

        memcpy(each, &le, sizeof each);
        *shape = (struct tally_shape){tf, shape_code(each)};
    }
    return shape->code;
}

static unsigned code_of(struct tally_shape *shapes, uint64_t tf)
{
    unsigned field = (unsigned)__builtin_ctzll(tf) / 8;
    uint64_t times = tf >> 8 * field;

    return times <= SHAPE_TIMES /* in one field, as five of six */
               ? (unsigned)(times - 1) * FIELD_COUNT + field
               : code_of_many(shapes, tf);
}

static bool add_long_posting(struct buf *pool, struct term *term, uint32_t gap, uint64_t tf)
{
    uint8_t posting[5 + POSTINGS_CODE_BYTES_MAX], each[sizeof tf];
    unsigned len = 0;

    tf = htole64(tf);
    memcpy(each, &tf, sizeof each);
    for (; gap >= 0x80; gap >>= 7)
        posting[len++] = (uint8_t)(gap | 0x80);
    posting[len++] = (uint8_t)gap;
    len += (unsigned)postings_code_encode(each, posting + len);
    return postpool_add(pool, term, posting, len);
}

static inline bool add_posting(struct tally *tally, const struct tally_count *count, uint32_t doc)
{
    struct term *term = &tally->terms.terms[count->term];
    uint32_t gap = doc - term->next_doc;
    unsigned code = code_of(tally->shapes, count->tf);
    bool added;

    if (code == SHAPE_ESCAPE || gap >= 1u << 14)
        added = add_long_posting(&tally->pool, term, gap, count->tf);
    else if (gap < 0x80)
        added = postpool_add_short(&tally->pool, term, gap | code << 8, 2);
    else
        added = postpool_add_short(&tally->pool, term,
                                   (gap & 0x7F) | 0x80 | gap >> 7 << 8 | code << 16, 3);
    if (!added)
        return false;
    term->next_doc = doc + 1;
    term->langs |= count->langs;
    return true;
}

/* Memory is asked for in two steps, as it is found. */
bool tally_end(struct tally *tally, uint32_t doc)
{
    const struct term *terms = tally->terms.terms;
    const struct tally_count *counts = tally->counts;
    uint32_t n = tally->counts_count;

    for (uint32_t i = 0; i < n && i < AHEAD; i++)
        __builtin_prefetch(&terms[counts[i].term], 1);
    for (uint32_t i = 0; i < n; i++) {
        if (i + AHEAD < n)
            __builtin_prefetch(&terms[counts[i + AHEAD].term], 1);
        if (i + AHEAD / 2 < n)
            postpool_prefetch(&tally->pool, &terms[counts[i + AHEAD / 2].term]);
        if (!add_posting(tally, &counts[i], doc))
            return false;
    }
    return true;
}

/* --- in order ----------------------------------------------------------------------------- */

static int compare_terms(const void *a, const void *b, void *context)
{
    const struct termtable *terms = context;

    return bytes_compare(termtable_bytes_of(terms, ((const struct keyed *)a)->no),
                         termtable_bytes_of(terms, ((const struct keyed *)b)->no));
}

static struct keyed *sort_terms(struct termtable *terms)
{
    struct keyed *items = malloc((terms->count + 1u) * sizeof *items);
    size_t count = 0;

    if (items == NULL)
        return NULL;
    for (uint32_t i = 0; i < terms->slots_count; i++) {
        const struct term_slot *slot = &terms->slots[i];
        uint32_t no = slot->no - 1;

        if (slot->no == 0)
            continue;
        items[count++] = (struct keyed){
            term_slot_is_long(slot) ? term_key(termtable_bytes_of(terms, no)) : slot->key, no};
    }
    assert(count == terms->count);
    if (keysort(items, count, compare_terms, terms))
        return items;
    free(items);
    return NULL;
}

static enum status put_terms(const struct tally *tally, const struct keyed *items,
                             struct run_store *store, struct run_list *out, struct error *err)
{
    const struct termtable *terms = &tally->terms;
    struct buf scratch = {0};
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i < terms->count; i++) {
        const struct term *term = &terms->terms[items[i].no];
        struct bytes postings;

        if (i + AHEAD / 2 < terms->count)
            __builtin_prefetch(&terms->terms[items[i + AHEAD / 2].no]);
        if (i + AHEAD / 4 < terms->count) {
            __builtin_prefetch(tally->pool.data + terms->terms[items[i + AHEAD / 4].no].head);
            __builtin_prefetch(terms->bytes.data + terms->terms[items[i + AHEAD / 4].no].at);
        }
        postings = postpool_list(&tally->pool, term, &scratch);
        status = buf_status(&scratch, "indexing cases", err);
        if (status == AF_OK)
            status = run_add_entry(store, out, termtable_bytes_of(terms, items[i].no), term->langs,
                                   postings, err);
    }
    buf_release(&scratch);
    return status;
}

enum status tally_write(struct tally *tally, struct run_store *store, struct run_list *out,
                        struct error *err)
{
    struct keyed *items = sort_terms(&tally->terms);
    enum status status;

    if (items == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for indexing cases");
    status = put_terms(tally, items, store, out, err);
    free(items);
    return status;
}
