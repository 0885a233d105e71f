#include "indexer/segment/postings_impl.h"

/* One by one. */

/* Puts the cursor on posting i of the block. */
static enum status land(struct postings *postings, struct postings_state *state, uint32_t i)
{
    const struct postings_block *block = state->block;

    state->i = i;
    postings->doc = block->docs[i];
    memcpy(postings->tf, postings_block_tf(block, i), FIELD_COUNT);
    return AF_OK;
}

/* The first posting ≥ doc in the blocks from the one in hand on. */
static enum status walk_to(struct postings *postings, struct postings_state *state, uint32_t doc,
                           struct error *err)
{
    uint32_t before = state->n > 0 && state->block != NULL ? postings->block_last : DOC_END;
    uint32_t low = state->i, high;
    enum status status = postings_block_seek(postings, doc, err);

    if (status != AF_OK)
        return status;
    if (postings->block_last != DOC_END && postings->block_last != before) {
        if (state->block == NULL)
            state->block = arena_alloc(state->arena, sizeof *state->block);
        if (state->block == NULL)
            return arena_exhausted(state->arena, err);
        status = postings_block_decode(postings, state->block, err);
        if (status != AF_OK)
            return status;
        state->i = low = 0;
    }
    /* A list of one block may end before its block_last, which is the segment's. */
    if (postings->block_last == DOC_END || state->block->docs[state->n - 1] < doc) {
        postings->doc = DOC_END;
        memset(postings->tf, 0, sizeof postings->tf);
        return postings_leave(postings);
    }
    for (high = state->n - 1; low < high;) {
        uint32_t middle = low + (high - low) / 2;

        if (state->block->docs[middle] < doc)
            low = middle + 1;
        else
            high = middle;
    }
    return land(postings, state, low);
}

enum status postings_next(struct postings *postings, struct error *err)
{
    struct postings_state *state = postings->state;

    if (postings->doc == DOC_END)
        return AF_OK;
    if (state->block == NULL)
        return walk_to(postings, state, 0, err);
    if (state->i + 1 < state->n)
        return land(postings, state, state->i + 1);
    return walk_to(postings, state, postings->doc + 1, err);
}

enum status postings_seek(struct postings *postings, uint32_t doc, struct error *err)
{
    struct postings_state *state = postings->state;

    if (postings->doc == DOC_END || (state->block != NULL && postings->doc >= doc))
        return AF_OK;
    return walk_to(postings, state, doc, err);
}
