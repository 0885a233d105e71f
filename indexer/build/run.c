#include "indexer/build/run.h"

#include "indexer/text/analyzer.h"

#include <assert.h>
#include <stdlib.h>

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for indexing cases");
}

/* --- writing ------------------------------------------------------------------------------ */

enum status run_list_end(struct run_store *store, struct run_list *list, struct error *err)
{
    enum status status = buf_status(&list->open, "indexing cases", err);

    if (status != AF_OK || list->open.len == 0)
        return status;
    if (list->count == list->room) {
        uint32_t room = list->room == 0 ? 16 : list->room * 2;
        struct run_block *blocks = realloc(list->blocks, room * sizeof *blocks);

        if (blocks == NULL)
            return no_memory(err);
        list->blocks = blocks;
        list->room = room;
    }
    status = run_block_keep(store, buf_bytes(&list->open), &list->blocks[list->count], err);
    if (status == AF_OK)
        list->blocks[list->count++].first_key = list->open_key;
    buf_clear(&list->open);
    return status;
}

enum status run_list_added(struct run_store *store, struct run_list *list, struct error *err)
{
    return list->open.len < store->block_bytes && buf_ok(&list->open)
               ? AF_OK
               : run_list_end(store, list, err);
}

static uint8_t *put_varint(uint8_t *at, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        *at++ = (uint8_t)(v | 0x80);
    *at++ = (uint8_t)v;
    return at;
}

enum status run_add_entry(struct run_store *store, struct run_list *list, struct bytes term,
                          uint32_t langs, struct bytes payload, struct error *err)
{
    struct buf *out = &list->open;
    uint8_t *at = buf_reserve(out, 1 + term.len + 5 + 10);

    assert(term.len > 0 && term.len <= UINT8_MAX);
    if (at == NULL)
        return no_memory(err);
    if (out->len == 0)
        list->open_key = term_key(term);
    *at++ = (uint8_t)term.len;
    memcpy(at, term.data, term.len);
    at += term.len;
    if (term.data[0] == TERM_WORD)
        at = put_varint(at, langs);
    at = put_varint(at, payload.len);
    out->len = (size_t)(at - out->data);
    buf_add(out, payload);
    return run_list_added(store, list, err);
}

void run_list_release(struct run_store *store, struct run_list *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        run_block_free(store, &list->blocks[i]);
    free(list->blocks);
    buf_release(&list->open);
    *list = (struct run_list){0};
}

void run_init(struct run *run, struct run_store *store, uint64_t seq)
{
    memset(run, 0, sizeof *run);
    run->store = store;
    run->seq = seq;
}

void run_release(struct run *run)
{
    run_list_release(run->store, &run->docs);
    run_list_release(run->store, &run->terms);
}

/* --- reading ------------------------------------------------------------------------------ */

/* The block that the first term of a range is in, if it is anywhere: the last that begins before
 * it. */
uint32_t run_list_first_block(const struct run_list *list, uint64_t from)
{
    uint32_t low = 0, high = list->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (list->blocks[middle].first_key < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? 0 : low - 1;
}

void run_reader_init(struct run_reader *reader, struct run_store *store, struct run_list *list,
                     struct run_range range)
{
    *reader = (struct run_reader){
        .store = store,
        .list = list,
        .range = range,
        .next = run_list_first_block(list, range.from),
        .r = reader_of(BYTES_NONE),
    };
}

static void let_go(struct run_reader *reader)
{
    if (reader->holds)
        run_block_done(reader->store, &reader->list->blocks[reader->next - 1]);
    reader->holds = false;
    reader->r = reader_of(BYTES_NONE);
}

void run_reader_release(struct run_reader *reader)
{
    if (reader->list != NULL)
        let_go(reader);
    buf_release(&reader->block);
}

static enum status damaged(struct error *err)
{
    return error_set(err, AF_IO, "indexing: the file for sorting does not hold what was written");
}

/* When the block is at its end: the next one. */
static enum status fill(struct run_reader *reader, bool *found, struct error *err)
{
    const struct run_block *block;
    struct bytes bytes;
    enum status status;

    *found = true;
    if (reader_left(&reader->r) > 0)
        return AF_OK;
    let_go(reader);
    block = &reader->list->blocks[reader->next];
    *found = reader->next < reader->list->count && block->first_key < reader->range.end;
    if (!*found)
        return AF_OK;
    status = run_block_read(reader->store, block, &reader->block, &bytes, err);
    if (status != AF_OK)
        return status;
    reader->next++;
    reader->holds = true;
    reader->r = reader_of(bytes);
    return AF_OK;
}

enum status run_next_document(struct run_reader *reader, struct run_document *out, bool *found,
                              struct error *err)
{
    enum status status = fill(reader, found, err);
    struct bytes lengths;
    uint32_t len;

    if (status != AF_OK || !*found)
        return status;
    if (!reader_varint32(&reader->r, &out->no) || !reader_take(&reader->r, FIELD_COUNT, &lengths) ||
        !reader_varint32(&reader->r, &len) || !reader_take(&reader->r, len, &out->record))
        return damaged(err);
    out->lengths = lengths.data;
    return AF_OK;
}

static enum status next_entry(struct run_reader *reader, struct run_entry *out, bool *found,
                              struct error *err)
{
    enum status status = fill(reader, found, err);
    uint32_t len;
    uint8_t term_len;

    if (status != AF_OK || !*found)
        return status;
    out->langs = 0;
    if (!reader_u8(&reader->r, &term_len) || term_len == 0 ||
        !reader_take(&reader->r, term_len, &out->term) ||
        (out->term.data[0] == TERM_WORD && !reader_varint32(&reader->r, &out->langs)) ||
        !reader_varint32(&reader->r, &len) || !reader_take(&reader->r, len, &out->payload))
        return damaged(err);
    out->key = term_key(out->term);
    return AF_OK;
}

enum status run_next_entry(struct run_reader *reader, struct run_entry *out, bool *found,
                           struct error *err)
{
    enum status status;

    do
        status = next_entry(reader, out, found, err);
    while (status == AF_OK && *found && out->key < reader->range.from);
    if (status == AF_OK && *found && out->key >= reader->range.end) {
        let_go(reader);
        reader->next = reader->list->count;
        *found = false;
    }
    return status;
}
