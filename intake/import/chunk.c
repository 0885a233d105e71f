#include "intake/import/chunk.h"

#include <assert.h>

static void clear(struct buf *b)
{
    if (b->room > 4 * (size_t)ARTICLE_BATCH_BYTES) /* a line of many megabytes was in it */
        buf_release(b);
    else
        buf_clear(b);
}

void chunk_clear(struct chunk *chunk)
{
    clear(&chunk->lines);
    clear(&chunk->reasons);
    clear(&chunk->body);
    clear(&chunk->parts.stored);
    clear(&chunk->parts.table);
    chunk->item_count = chunk->case_count = 0;
    chunk->counts = (struct import_counts){0};
    chunk->status = AF_OK;
}

void chunk_release(struct chunk *chunk)
{
    buf_release(&chunk->lines);
    buf_release(&chunk->reasons);
    buf_release(&chunk->body);
    frame_parts_release(&chunk->parts);
}

/* --- reading ------------------------------------------------------------------------------ */

static struct chunk_item *next_item(struct chunk *chunk, const struct case_place *place)
{
    struct chunk_item *item = &chunk->items[chunk->item_count++];

    assert(chunk->item_count <= ARTICLE_BATCH_MAX);
    *item = (struct chunk_item){.place = *place};
    return item;
}

void chunk_add(struct chunk *chunk, const struct case_place *place, struct bytes line)
{
    struct chunk_item *item = next_item(chunk, place);

    item->start = chunk->lines.len;
    item->len = line.len;
    buf_add(&chunk->lines, line);
}

static void set_reason(struct chunk *chunk, struct chunk_item *item, const char *reason)
{
    item->is_refused = true;
    item->start = chunk->reasons.len;
    item->len = strlen(reason);
    buf_add(&chunk->reasons, bytes_of(reason, item->len + 1)); /* with its NUL */
    chunk->counts.rejected++;
}

void chunk_refuse(struct chunk *chunk, const struct case_place *place, const char *reason)
{
    set_reason(chunk, next_item(chunk, place), reason);
}

bool chunk_is_full(const struct chunk *chunk)
{
    return chunk->item_count == ARTICLE_BATCH_MAX || chunk->lines.len >= ARTICLE_BATCH_BYTES;
}

/* --- making ------------------------------------------------------------------------------- */

static const struct bytes opening = BYTES_LIT("{\"cases\":["), closing = BYTES_LIT("]}");

static enum status add_case(struct chunk *chunk, struct chunk_item *item, struct buf *scratch,
                            struct error *err)
{
    struct bytes line = bytes_of(chunk->lines.data + item->start, item->len);
    struct chunk_case *made = &chunk->cases[chunk->case_count];
    size_t before = chunk->body.len;
    struct error why;
    enum status status;

    if (chunk->case_count > 0)
        buf_add_u8(&chunk->body, ',');
    made->start = chunk->body.len;
    status = case_line(line, scratch, &chunk->body, &why);
    if (status == AF_OK) {
        made->len = chunk->body.len - made->start;
        chunk->case_count++;
        return AF_OK;
    }
    chunk->body.len = before;
    if (status == AF_NO_MEMORY)
        return error_set(err, status, "%s", why.text);
    set_reason(chunk, item, why.text);
    return AF_OK;
}

static enum status pack(struct chunk *chunk, struct chunk_maker *maker, struct error *err)
{
    enum status status = buf_status(&chunk->body, "an import", err);

    return status == AF_OK
               ? frame_parts_pack(maker->packer, buf_bytes(&chunk->body), &chunk->parts, err)
               : status;
}

void chunk_make(struct chunk *chunk, struct chunk_maker *maker)
{
    struct error *err = &chunk->err;
    enum status status = buf_status(&chunk->lines, "an import", err);

    buf_add(&chunk->body, opening);
    for (size_t i = 0; status == AF_OK && i < chunk->item_count; i++)
        if (!chunk->items[i].is_refused)
            status = add_case(chunk, &chunk->items[i], &maker->scratch, err);
    buf_add(&chunk->body, closing);
    if (status == AF_OK)
        status = buf_status(&chunk->reasons, "an import", err);
    if (status == AF_OK && chunk->case_count > 0)
        status = pack(chunk, maker, err);
    chunk->status = status;
}

enum status chunk_leave_out(struct chunk *chunk, const bool *without, struct chunk_maker *maker,
                            struct error *err)
{
    struct buf body = {0};
    size_t kept = 0;

    buf_add(&body, opening);
    for (size_t i = 0; i < chunk->case_count; i++) {
        struct chunk_case *made = &chunk->cases[i];
        size_t start;

        if (without[i])
            continue;
        if (kept > 0)
            buf_add_u8(&body, ',');
        start = body.len;
        buf_add(&body, bytes_of(chunk->body.data + made->start, made->len));
        chunk->cases[kept++] = (struct chunk_case){start, made->len};
    }
    buf_add(&body, closing);
    chunk->case_count = kept;
    buf_release(&chunk->body);
    chunk->body = body;
    return kept > 0 ? pack(chunk, maker, err) : AF_OK;
}
