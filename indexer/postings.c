#include "indexer/postings.h"

#include "indexer/segment_impl.h"

#include <assert.h>

struct state {
    const struct segment *segment;
    struct arena *arena;
    struct reader rest;     /* of the run in this chunk; empty for a single block */
    uint32_t base;          /* one more than the last document of the block before */
    uint32_t last;          /* of the whole list */
    uint32_t chunk, chunks; /* the one being read, 0 … chunks-1 */
    uint32_t first_chunk, first_offset;
    uint32_t *skips; /* last document of each chunk but the last; read when needed */
    /* the block */
    unsigned n, i; /* documents in it; the current one */
    unsigned codes_read;
    struct reader codes;
    uint32_t docs[POSTINGS_BLOCK];
};

static enum status damaged(const struct state *state, const char *what, struct error *err)
{
    *state->segment->damaged = true;
    return error_set(err, AF_CORRUPT, "the index, segment %u, postings: %s",
                     (unsigned)state->segment->base->id, what);
}

bool postings_df(struct bytes payload, uint32_t *df)
{
    struct reader r = reader_of(payload);

    if (!reader_varint32(&r, df))
        return false;
    *df >>= 1;
    return *df > 0;
}

bool postings_code_decode(struct reader *r, uint8_t tf[FIELD_COUNT])
{
    uint8_t code, mask;

    memset(tf, 0, FIELD_COUNT);
    if (!reader_u8(r, &code))
        return false;
    if (code < FIELD_COUNT * POSTINGS_CODE_FIELD) {
        tf[(unsigned)code / POSTINGS_CODE_FIELD] = (uint8_t)(code % POSTINGS_CODE_FIELD + 1);
        return true;
    }
    if (code != POSTINGS_CODE_MANY || !reader_u8(r, &mask) || mask == 0 || mask >> FIELD_COUNT != 0)
        return false;
    for (unsigned f = 0; f < FIELD_COUNT; f++)
        if (((unsigned)mask >> f & 1u) != 0 && (!reader_u8(r, &tf[f]) || tf[f] == 0))
            return false;
    return true;
}

/* Adds the gaps to docs[0]. The packed bytes are `count` numbers of `width` bits. */
static bool unpack_docs(uint32_t *docs, unsigned count, unsigned width, struct bytes packed)
{
    uint64_t held = 0, mask = ((uint64_t)1 << width) - 1, doc = docs[0];
    unsigned bits = 0;
    const uint8_t *at = packed.data;

    for (unsigned i = 1; i <= count; i++) {
        while (bits < width) {
            held |= (uint64_t)*at++ << bits;
            bits += 8;
        }
        doc += (held & mask) + 1;
        held >>= width;
        bits -= width;
        docs[i] = (uint32_t)doc;
        if (doc >= DOC_END)
            return false;
    }
    return true;
}

/* Decodes the documents of a block of `n` at the front of `r`; the codes follow there. */
static enum status open_block(struct state *state, struct reader r, unsigned n, struct error *err)
{
    uint32_t first;
    uint8_t width = 0;
    struct bytes packed = BYTES_NONE;

    if (!reader_varint32(&r, &first) || first >= DOC_END - state->base ||
        (n > 1 && (!reader_u8(&r, &width) || width > 32 ||
                   !reader_take(&r, ((n - 1) * (size_t)width + 7) / 8, &packed))))
        return damaged(state, "a block ends too early", err);
    state->docs[0] = state->base + first;
    if (!unpack_docs(state->docs, n - 1, width, packed) ||
        state->docs[n - 1] >= state->segment->base->docs)
        return damaged(state, "a block names a document that is not there", err);
    state->n = n;
    state->i = 0;
    state->codes = r;
    state->codes_read = 0;
    state->base = state->docs[n - 1] + 1;
    return AF_OK;
}

static enum status get_chunk(struct state *state, uint32_t chunk, struct bytes *body,
                             struct error *err)
{
    enum status status;
    uint8_t key[4];
    bool found;

    put_be32(key, state->first_chunk + chunk);
    status = image_get(state->segment->image, IMAGE_POSTINGS, bytes_of(key, 4), body, &found, err);
    if (status == AF_OK && !found)
        return damaged(state, "a value is missing", err);
    return segment_note(state->segment, status);
}

/* The run goes on at the front of a later chunk. */
static enum status open_chunk(struct state *state, uint32_t chunk, struct error *err)
{
    struct bytes body;
    enum status status;

    if (chunk >= state->chunks)
        return damaged(state, "a list is longer than it says", err);
    status = get_chunk(state, chunk, &body, err);
    if (status == AF_OK && body.len == 0)
        return damaged(state, "an empty value", err);
    if (status == AF_OK) {
        state->chunk = chunk;
        state->rest = reader_of(body);
    }
    return status;
}

/* --- opening --- */

static enum status open_single(struct state *state, struct reader r, uint32_t df, bool is_inline,
                               struct error *err)
{
    struct bytes body;
    enum status status;

    if (!is_inline) {
        if (!reader_varint32(&r, &state->first_chunk) || !reader_varint32(&r, &state->first_offset))
            return damaged(state, "a dictionary entry ends too early", err);
        status = get_chunk(state, 0, &body, err);
        if (status != AF_OK)
            return status;
        r = reader_of(body);
        if (!reader_take(&r, state->first_offset, &body))
            return damaged(state, "a list begins past its value", err);
    }
    status = open_block(state, r, df, err);
    if (status == AF_OK)
        state->last = state->base - 1;
    return status;
}

static enum status open_long(struct state *state, struct reader r, struct error *err)
{
    struct bytes skipped;
    enum status status;

    if (!reader_varint32(&r, &state->first_chunk) || !reader_varint32(&r, &state->first_offset) ||
        !reader_varint32(&r, &state->last) || !reader_varint32(&r, &state->chunks) ||
        state->chunks == 0 || state->chunks > UINT32_MAX - state->first_chunk ||
        state->last >= state->segment->base->docs)
        return damaged(state, "a dictionary entry of a long list is wrong", err);
    status = open_chunk(state, 0, err);
    if (status == AF_OK && !reader_take(&state->rest, state->first_offset, &skipped))
        return damaged(state, "a list begins past its value", err);
    return status;
}

enum status postings_open(const struct segment *segment, const struct term_entry *entry,
                          struct arena *arena, struct postings *out, struct error *err)
{
    struct reader r = reader_of(entry->at);
    struct state *state = arena_alloc(arena, sizeof *state);
    enum status status;
    uint32_t head;

    if (state == NULL)
        return arena_exhausted(arena, err);
    state->segment = segment;
    state->arena = arena;
    if (!reader_varint32(&r, &head) || head >> 1 == 0)
        return damaged(state, "a dictionary entry is empty", err);
    if (head >> 1 <= POSTINGS_BLOCK)
        status = open_single(state, r, head >> 1, (head & 1) != 0, err);
    else if ((head & 1) != 0)
        status = damaged(state, "a long list stands in the dictionary", err);
    else
        status = open_long(state, r, err);
    if (status == AF_OK)
        *out = (struct postings){.state = state};
    return status;
}

/* --- moving --- */

/* Puts the cursor on docs[i]; i never goes back within a block. */
static enum status land(struct postings *postings, struct state *state, unsigned i,
                        struct error *err)
{
    while (state->codes_read <= i) {
        if (!postings_code_decode(&state->codes, postings->tf))
            return damaged(state, "bad occurrence counts", err);
        state->codes_read++;
    }
    state->i = i;
    postings->doc = state->docs[i];
    return AF_OK;
}

static enum status finish(struct postings *postings)
{
    postings->doc = DOC_END;
    memset(postings->tf, 0, sizeof postings->tf);
    return AF_OK;
}

/* Opens the next block whose last document is ≥ target; false in *found at the list's end. */
static enum status next_block(struct state *state, uint32_t target, bool *found, struct error *err)
{
    for (;;) {
        struct bytes block;
        uint32_t span, len;
        uint8_t n;

        *found = state->base <= state->last && state->chunks > 0;
        if (!*found)
            return AF_OK;
        if (reader_left(&state->rest) == 0) {
            enum status status = open_chunk(state, state->chunk + 1, err);

            if (status != AF_OK)
                return status;
        }
        if (!reader_u8(&state->rest, &n) || n >= POSTINGS_BLOCK ||
            !reader_varint32(&state->rest, &span) || !reader_varint32(&state->rest, &len) ||
            !reader_take(&state->rest, len, &block) || span > state->last - state->base)
            return damaged(state, "a block's head is wrong", err);
        if (state->base + span >= target) {
            uint32_t last = state->base + span;
            enum status status = open_block(state, reader_of(block), n + 1u, err);

            if (status == AF_OK && state->base != last + 1)
                return damaged(state, "a block does not end where it says", err);
            return status;
        }
        state->base += span + 1;
    }
}

enum status postings_next(struct postings *postings, struct error *err)
{
    struct state *state = postings->state;
    enum status status;
    bool found;

    if (postings->doc == DOC_END)
        return AF_OK;
    if (state->n > 0 && state->codes_read == 0)
        return land(postings, state, 0, err); /* a single block, just opened */
    if (state->i + 1 < state->n)
        return land(postings, state, state->i + 1, err);
    status = next_block(state, 0, &found, err);
    if (status != AF_OK)
        return status;
    return found ? land(postings, state, 0, err) : finish(postings);
}

static enum status load_skips(struct state *state, struct error *err)
{
    struct bytes body;
    struct reader r;
    enum status status;
    uint64_t last = 0;
    uint32_t gap;
    uint8_t key[6];
    bool found;

    put_be32(key, state->first_chunk);
    put_be16(key + 4, (uint16_t)state->first_offset);
    status = image_get(state->segment->image, IMAGE_SKIPS, bytes_of(key, sizeof key), &body, &found,
                       err);
    if (status != AF_OK)
        return segment_note(state->segment, status);
    if (!found || body.len < state->chunks - 1) /* a byte each at least */
        return damaged(state, "the skips of a list are missing", err);
    state->skips = arena_array(state->arena, state->chunks - 1, sizeof *state->skips);
    if (state->skips == NULL)
        return arena_exhausted(state->arena, err);
    r = reader_of(body);
    for (uint32_t i = 0; i < state->chunks - 1; i++) {
        if (!reader_varint32(&r, &gap) || (i > 0 && gap == 0) || last + gap > state->last)
            return damaged(state, "the skips of a list are wrong", err);
        last += gap;
        state->skips[i] = (uint32_t)last;
    }
    return AF_OK;
}

/* The first chunk from the current one on whose last document is ≥ target. */
static uint32_t chunk_for(const struct state *state, uint32_t target)
{
    uint32_t low = state->chunk, high = state->chunks - 1;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (state->skips[middle] < target)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum status skip_chunks(struct state *state, uint32_t target, struct error *err)
{
    enum status status;
    uint32_t chunk;

    if (state->chunk + 1 >= state->chunks)
        return AF_OK;
    if (state->skips == NULL) {
        status = load_skips(state, err);
        if (status != AF_OK)
            return status;
    }
    chunk = chunk_for(state, target);
    if (chunk == state->chunk)
        return AF_OK;
    status = open_chunk(state, chunk, err);
    if (status == AF_OK)
        state->base = state->skips[chunk - 1] + 1;
    return status;
}

static enum status land_at_least(struct postings *postings, struct state *state, uint32_t doc,
                                 struct error *err)
{
    unsigned low = state->i, high = state->n - 1;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (state->docs[middle] < doc)
            low = middle + 1;
        else
            high = middle;
    }
    return land(postings, state, low, err);
}

enum status postings_seek(struct postings *postings, uint32_t doc, struct error *err)
{
    struct state *state = postings->state;
    enum status status;
    bool found;

    if (postings->doc == DOC_END || (state->codes_read > 0 && postings->doc >= doc))
        return AF_OK;
    if (state->n > 0 && state->docs[state->n - 1] >= doc)
        return land_at_least(postings, state, doc, err);
    if (doc > state->last)
        return finish(postings);
    status = skip_chunks(state, doc, err);
    if (status == AF_OK)
        status = next_block(state, doc, &found, err);
    if (status != AF_OK)
        return status;
    return found ? land_at_least(postings, state, doc, err) : finish(postings);
}
