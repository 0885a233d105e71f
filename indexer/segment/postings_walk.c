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

/* The first posting of the first block that ends at or behind `from`, which is behind the block in
 * hand unless that is the last: a list of one block may end before its block_last, which is the
 * segment's. */
static enum status next_block(struct postings *postings, struct postings_state *state,
                              uint32_t from, struct error *err)
{
    uint32_t before = state->block != NULL ? postings->block_last : DOC_END;
    enum status status = postings_block_seek(postings, from, err);

    if (status != AF_OK)
        return status;
    if (postings->block_last == DOC_END || postings->block_last == before) {
        postings->doc = DOC_END;
        memset(postings->tf, 0, sizeof postings->tf);
        return postings_leave(postings);
    }
    if (state->block == NULL)
        state->block = arena_alloc(state->arena, sizeof *state->block);
    if (state->block == NULL)
        return arena_exhausted(state->arena, err);
    status = postings_block_decode(postings, state->block, err);
    return status == AF_OK ? land(postings, state, 0) : status;
}

enum status postings_next(struct postings *postings, struct error *err)
{
    struct postings_state *state = postings->state;

    if (postings->doc == DOC_END)
        return AF_OK;
    if (state->block == NULL)
        return next_block(postings, state, 0, err);
    if (state->i + 1 < state->n)
        return land(postings, state, state->i + 1);
    return next_block(postings, state, postings->doc + 1, err);
}
