#include "indexer/build/postpool.h"

#include "indexer/build/largepages.h"

#include <assert.h>

#define LINK_BYTES 4u
#define LEVEL_MAX 6u

/* From the second on a slice takes any posting whole. */
static const uint16_t slice_bytes[LEVEL_MAX + 1] = {8, 24, 48, 96, 192, 384, 768};

static bool grow(struct buf *pool, size_t bytes)
{
    if (buf_reserve(pool, bytes) == NULL) {
        pool->failed = false; /* what is there stays right */
        return false;
    }
    prefer_large_pages(pool->data, pool->room);
    return true;
}

static bool slice_new(struct buf *pool, unsigned level, uint32_t *at)
{
    uint32_t bytes = slice_bytes[level];

    if (pool->len + bytes > UINT32_MAX || (pool->len + bytes >= pool->room && !grow(pool, bytes)))
        return false;
    *at = (uint32_t)pool->len;
    pool->len += bytes;
    return true;
}

/* Makes a slice the term's last one, in which nothing is yet. */
static void slice_begin(struct term *term, unsigned level, uint32_t at)
{
    term->level = (uint8_t)level;
    term->tail = at;
    term->room = (uint16_t)(slice_bytes[level] - LINK_BYTES);
}

static void put_bytes(struct buf *pool, struct term *term, const uint8_t *posting, unsigned len)
{
    for (unsigned i = 0; i < len; i++) /* two or three: a call would cost more */
        pool->data[term->tail + i] = posting[i];
    term->tail += len;
    term->room = (uint16_t)(term->room - len);
}

/* The posting does not fit: fills the slice up and goes on in a new one. */
static bool add_over(struct buf *pool, struct term *term, const uint8_t *posting, unsigned len)
{
    unsigned level = term->level < LEVEL_MAX ? term->level + 1u : LEVEL_MAX, first = term->room;
    uint32_t next;

    if (!slice_new(pool, level, &next))
        return false;
    put_bytes(pool, term, posting, first);
    memcpy(pool->data + term->tail, &next, LINK_BYTES);
    slice_begin(term, level, next);
    put_bytes(pool, term, posting + first, len - first);
    return true;
}

bool postpool_add(struct buf *pool, struct term *term, const uint8_t *posting, unsigned len)
{
    assert(len <= POSTING_BYTES_MAX);
    if (term->next_doc == 0) { /* its first */
        if (!slice_new(pool, 0, &term->head))
            return false;
        slice_begin(term, 0, term->head);
    }
    if (len > term->room)
        return add_over(pool, term, posting, len);
    put_bytes(pool, term, posting, len);
    return true;
}

struct bytes postpool_list(const struct buf *pool, const struct term *term, struct buf *scratch)
{
    uint32_t at = term->head;

    if (term->level == 0 && term->tail - at <= slice_bytes[0] - LINK_BYTES) /* of most terms */
        return bytes_of(pool->data + at, term->tail - at);
    buf_clear(scratch);
    for (unsigned level = 0;; level = level < LEVEL_MAX ? level + 1 : LEVEL_MAX) {
        uint32_t room = slice_bytes[level] - LINK_BYTES;

        if (term->tail - at <= room) { /* the last one */
            buf_add(scratch, bytes_of(pool->data + at, term->tail - at));
            return buf_bytes(scratch);
        }
        buf_add(scratch, bytes_of(pool->data + at, room));
        memcpy(&at, pool->data + at + room, LINK_BYTES);
    }
}
