#include "indexer/segment/postings_impl.h"

#include "indexer/segment/elias.h"

#include <assert.h>

static enum status damaged(const struct postings_state *state, const char *what, struct error *err)
{
    *state->segment->damaged = true;
    return error_set(err, AF_CORRUPT, "the index, segment %u, postings: %s",
                     (unsigned)state->segment->base->id, what);
}

/* --- the payload of a term --- */

bool postings_head(struct bytes payload, uint32_t *df, uint8_t *impact)
{
    struct reader r = reader_of(payload);

    *impact = IMPACT_ANY;
    if (payload.len == 0)
        return false;
    if ((payload.data[0] & 1u) == 0) {
        *df = 1;
        return true;
    }
    if (!reader_varint32(&r, df))
        return false;
    if (*df >> 2 > POSTINGS_BLOCK && !reader_u8(&r, impact))
        return false;
    *df >>= 2;
    return *df > 0;
}

/* One document with its code, as a block. */
static bool read_single(struct bytes payload, uint32_t last, struct postings_block *out)
{
    struct reader r = reader_of(payload);
    uint32_t doc;
    uint8_t byte;

    if (!reader_u8(&r, &byte))
        return false;
    doc = byte >> 6;
    out->n = 1;
    out->codes[0] = byte >> 1 & POSTINGS_SINGLE_CODE;
    if (out->codes[0] == POSTINGS_SINGLE_CODE && !reader_u8(&r, &out->codes[0]))
        return false;
    if (out->codes[0] == SHAPE_ESCAPE && !shape_escape_decode(&r, out->escapes[0]))
        return false;
    if (reader_left(&r) > 4)
        return false;
    for (unsigned shift = 2; reader_u8(&r, &byte); shift += 8) {
        if ((uint64_t)byte << shift > last)
            return false;
        doc |= (uint32_t)byte << shift;
    }
    out->docs[0] = doc;
    return doc <= last;
}

bool postings_inline(struct bytes payload, uint32_t docs, struct postings_block *out)
{
    struct reader r = reader_of(payload);
    uint32_t head;

    if (docs == 0 || payload.len == 0)
        return false;
    if ((payload.data[0] & 1u) == 0)
        return read_single(payload, docs - 1, out);
    return reader_varint32(&r, &head) && (head & 3u) == POSTINGS_INLINE &&
           postings_body_decode(&r, head >> 2, 0, docs - 1, out);
}

static enum status get_chunk(struct postings_state *state, uint32_t chunk, struct reader *out,
                             struct error *err)
{
    struct bytes body;
    enum status status;
    bool found;

    status = image_get_chunk(state->segment->image, state->first_chunk + chunk, &body, &found, err);
    if (status != AF_OK)
        return segment_note(state->segment, status);
    if (!found || body.len == 0)
        return damaged(state, "a value is missing", err);
    *out = reader_of(body);
    return AF_OK;
}

static enum status open_first_chunk(struct postings_state *state, struct error *err)
{
    enum status status = get_chunk(state, 0, &state->rest, err);
    struct bytes skipped;

    if (status == AF_OK && !reader_take(&state->rest, state->first_offset, &skipped))
        return damaged(state, "a list begins past its value", err);
    return status;
}

static enum status open_long(struct postings_state *state, struct reader r, struct error *err)
{
    uint8_t impact;

    if (!reader_u8(&r, &impact) || !reader_varint32(&r, &state->first_chunk) ||
        !reader_varint32(&r, &state->first_offset) || !reader_varint32(&r, &state->last) ||
        !reader_varint32(&r, &state->chunks) || state->chunks == 0 ||
        state->chunks > UINT32_MAX - state->first_chunk ||
        state->last >= state->segment->base->docs || state->df > state->last + 1)
        return damaged(state, "a dictionary entry of a long list is wrong", err);
    return open_first_chunk(state, err);
}

/* A block in a page: from its offset on; its end is where decoding ends. */
static enum status open_paged(struct postings_state *state, struct reader r, struct error *err)
{
    enum status status;

    if (!reader_varint32(&r, &state->first_chunk) || !reader_varint32(&r, &state->first_offset))
        return damaged(state, "a dictionary entry ends too early", err);
    status = open_first_chunk(state, err);
    state->body = bytes_of(state->rest.at, reader_left(&state->rest));
    return status;
}

enum status postings_open(const struct segment *segment, const struct term_entry *entry,
                          struct arena *arena, struct postings *out, struct error *err)
{
    struct postings_state *state = arena_alloc(arena, sizeof *state);
    struct reader r = reader_of(entry->at);
    enum status status = AF_OK;
    uint32_t head;
    uint8_t impact;

    if (state == NULL)
        return arena_exhausted(arena, err);
    state->segment = segment;
    state->arena = arena;
    if (!postings_head(entry->at, &state->df, &impact) || segment->base->docs == 0 ||
        state->df > segment->base->docs)
        return damaged(state, "a dictionary entry is wrong", err);
    state->last = segment->base->docs - 1;
    state->n = state->df;
    *out = (struct postings){.state = state, .block_impact = IMPACT_ANY};
    state->body = entry->at;
    out->block_last = state->last;
    if ((entry->at.data[0] & 1u) == 0)
        return AF_OK;
    if (!reader_varint32(&r, &head))
        return damaged(state, "a dictionary entry is wrong", err);
    state->body = bytes_of(r.at, reader_left(&r));
    if (state->df > POSTINGS_BLOCK) {
        status = (head & 3u) == POSTINGS_PAGED
                     ? open_long(state, r, err)
                     : damaged(state, "a long list stands in the dictionary", err);
        state->n = 0; /* before the first block */
        out->block_last = 0;
    } else if ((head & 3u) == POSTINGS_PAGED) {
        status = open_paged(state, r, err);
    }
    return status;
}

/* --- blocks of a run --- */

static enum status load_skips(struct postings_state *state, struct error *err)
{
    struct bytes body;
    struct reader r;
    enum status status;
    uint64_t last = 0;
    uint32_t gap, all = 0;
    uint8_t key[6], blocks;
    bool found;

    put_be32(key, state->first_chunk);
    put_be16(key + 4, (uint16_t)state->first_offset);
    status = image_get(state->segment->image, IMAGE_SKIPS, bytes_of(key, sizeof key), &body, &found,
                       err);
    if (status != AF_OK)
        return segment_note(state->segment, status);
    if (!found || body.len / 3 < state->chunks) /* three bytes each at least */
        return damaged(state, "the skips of a list are missing", err);
    state->skips = arena_array(state->arena, state->chunks, sizeof *state->skips);
    if (state->skips == NULL)
        return arena_exhausted(state->arena, err);
    r = reader_of(body);
    for (uint32_t i = 0; i < state->chunks; i++) {
        if (!reader_varint32(&r, &gap) || (i > 0 && gap == 0) || last + gap > state->last ||
            !reader_u8(&r, &blocks) || !reader_u8(&r, &state->skips[i].impact))
            return damaged(state, "the skips of a list are wrong", err);
        last += gap;
        all += blocks;
        state->skips[i].last = (uint32_t)last;
        state->skips[i].blocks = all;
    }
    if (last != state->last || all != (state->df - 1) / POSTINGS_BLOCK + 1)
        return damaged(state, "the skips of a list are wrong", err);
    return AF_OK;
}

/* The first chunk from `from` on whose last document is ≥ target. */
static uint32_t chunk_for(const struct postings_state *state, uint32_t from, uint32_t target)
{
    uint32_t low = from, high = state->chunks - 1;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (state->skips[middle].last < target)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* From chunk `from` on to the first that does not end before target and may say `least`; *found
 * false when there is none. Adds the blocks that say less. */
static enum status skip_chunks(struct postings_state *state, uint32_t from, uint32_t target,
                               uint8_t least, uint32_t *passed, bool *found, struct error *err)
{
    enum status status = state->skips == NULL ? load_skips(state, err) : AF_OK;
    uint32_t chunk;

    *found = false;
    if (status != AF_OK)
        return status;
    chunk = chunk_for(state, from, target);
    for (; chunk < state->chunks && state->skips[chunk].impact < least; chunk++) {
        uint32_t before = chunk == 0 ? 0 : state->skips[chunk - 1].blocks;

        *passed += state->skips[chunk].blocks - (before > state->blocks ? before : state->blocks);
    }
    *found = chunk < state->chunks;
    if (!*found || chunk == state->chunk)
        return AF_OK;
    status = get_chunk(state, chunk, &state->rest, err);
    state->chunk = chunk;
    state->base = state->skips[chunk - 1].last + 1;
    state->blocks = state->skips[chunk - 1].blocks;
    return status;
}

/* The block at the front of `rest` comes in hand. */
static enum status read_head(struct postings *postings, struct postings_state *state,
                             struct error *err)
{
    uint32_t span, len;

    if (!reader_u8(&state->rest, &postings->block_impact) ||
        !reader_varint32(&state->rest, &span) || !reader_varint32(&state->rest, &len) ||
        !reader_take(&state->rest, len, &state->body) || state->base > state->last ||
        span > state->last - state->base)
        return damaged(state, "a block's head is wrong", err);
    state->blocks++;
    postings->block_last = state->base + span;
    state->n =
        postings->block_last == state->last ? (state->df - 1) % POSTINGS_BLOCK + 1 : POSTINGS_BLOCK;
    return AF_OK;
}

/* The chunk is at its end: to the next, or the next that may say `least`. */
static enum status next_chunk(struct postings_state *state, uint8_t least, uint32_t *passed,
                              bool *found, struct error *err)
{
    *found = true;
    if (state->chunk + 1 >= state->chunks)
        return damaged(state, "a list is shorter than it says", err);
    if (least > 0)
        return skip_chunks(state, state->chunk + 1, state->base, least, passed, found, err);
    return get_chunk(state, ++state->chunk, &state->rest, err);
}

/* Leaves the block in hand, if there is one. */
static void leave_block(const struct postings *postings, struct postings_state *state, uint32_t doc,
                        uint32_t *passed)
{
    if (state->n == 0)
        return;
    state->base = postings->block_last + 1;
    *passed += postings->block_last >= doc;
}

enum status postings_block_seek_above(struct postings *postings, uint32_t doc, uint8_t least,
                                      uint32_t *passed, struct error *err)
{
    struct postings_state *state = postings->state;
    enum status status = AF_OK;
    bool found = true;

    *passed = 0;
    if (postings->block_last == DOC_END ||
        (state->n > 0 && postings->block_last >= doc && postings->block_impact >= least))
        return AF_OK;
    leave_block(postings, state, doc, passed);
    if (state->chunks == 0 || doc > state->last)
        return postings_leave(postings);
    if (state->chunks > 1 && state->base <= state->last && (doc > state->base || least > 0))
        status = skip_chunks(state, state->chunk, doc, least, passed, &found, err);
    while (status == AF_OK && found && state->base <= state->last) {
        if (reader_left(&state->rest) == 0)
            status = next_chunk(state, least, passed, &found, err);
        if (status != AF_OK || !found)
            break;
        status = read_head(postings, state, err);
        if (status == AF_OK && postings->block_last >= doc && postings->block_impact >= least)
            return AF_OK;
        leave_block(postings, state, doc, passed);
    }
    return status == AF_OK ? postings_leave(postings) : status;
}

enum status postings_block_seek(struct postings *postings, uint32_t doc, struct error *err)
{
    uint32_t passed;

    return postings_block_seek_above(postings, doc, 0, &passed, err);
}

enum status postings_block_docs(struct postings *postings, struct postings_block *out,
                                struct error *err)
{
    struct postings_state *state = postings->state;

    assert(state->n > 0);
    state->codes = reader_of(state->body);
    if (state->df == 1 ? !read_single(state->body, state->last, out)
                       : !postings_docs_decode(&state->codes, state->n, state->base,
                                               postings->block_last, out))
        return damaged(state, "a block is wrong", err);
    if (state->chunks > 0 && out->docs[out->n - 1] != postings->block_last)
        return damaged(state, "a block does not end where it says", err);
    return AF_OK;
}

enum status postings_block_codes(struct postings *postings, struct postings_block *out,
                                 struct error *err)
{
    struct postings_state *state = postings->state;
    struct reader r = state->codes;

    if (state->df > 1 && !postings_rest_decode(&r, out)) /* a single one came with its code */
        return damaged(state, "a block's codes are wrong", err);
    return AF_OK;
}

enum status postings_block_decode(struct postings *postings, struct postings_block *out,
                                  struct error *err)
{
    enum status status = postings_block_docs(postings, out, err);

    return status == AF_OK ? postings_block_codes(postings, out, err) : status;
}

/* Only blocks of a run say which their last document is, and only a list of many documents has
 * blocks in which one is seldom asked for. */
bool postings_block_find(struct postings *postings, uint32_t doc, uint32_t *at, uint32_t *found)
{
    struct postings_state *state = postings->state;
    size_t end;

    if (state->chunks == 0 ||
        !elias_find(state->body, state->n, state->base, postings->block_last, doc, at, found, &end))
        return false;
    state->codes = reader_of(bytes_of(state->body.data + end, state->body.len - end));
    return true;
}

bool postings_block_code(const struct postings *postings, uint32_t at, uint8_t *code)
{
    const struct postings_state *state = postings->state;
    struct reader r = state->codes;

    return state->df > 1 && postings_code_find(&r, state->n, at, code) && *code != SHAPE_ESCAPE;
}
