#include "indexer/segment/block_impl.h"

enum status block_damaged(const struct image *image, enum image_kind kind, struct error *err)
{
    return error_set(err, AF_CORRUPT, "the index, segment %u, %s: a block has a bad entry",
                     (unsigned)image->id, image_kind_name(kind));
}

bool block_find_run(const struct block *block, struct bytes key, size_t *run)
{
    size_t low = 0, high = block->runs.len / RUN_BYTES;

    while (low < high) {
        size_t middle = high - (high - low) / 2, at = run_at(block, middle);
        struct reader r = reader_of(block->entries);
        struct entry entry;

        if (at >= block->entries.len)
            return false;
        r.at += at;
        if (!read_entry(&r, &entry) || entry.shared != 0)
            return false;
        if (bytes_compare(entry.rest, key) <= 0)
            low = middle;
        else
            high = middle - 1;
    }
    *run = low;
    return true;
}

/* Goes through the entries of a run. `have` bytes of the key are those of the entry before, which
 * is smaller: an entry that shares more of it is smaller for the same reason, and one that shares
 * less is greater. False: damage. */
static bool find_in_run(struct reader r, struct bytes key, struct bytes *payload, bool *found)
{
    size_t have = 0;
    struct entry entry;

    *found = false;
    for (bool first = true; r.at < r.end; first = false) {
        size_t most, same = 0;

        if (!read_entry(&r, &entry) || (first && entry.shared != 0))
            return false;
        if (entry.shared > have)
            continue;
        if (entry.shared < have)
            return true;
        most = key.len - have < entry.rest.len ? key.len - have : entry.rest.len;
        while (same < most && entry.rest.data[same] == key.data[have + same])
            same++;
        have += same;
        if (same == entry.rest.len) {
            if (have < key.len)
                continue;
            *found = true;
            *payload = entry.payload;
            return true;
        }
        if (have == key.len || entry.rest.data[same] > key.data[have])
            return true;
    }
    return true;
}

enum status block_find(struct image *image, enum image_kind kind, struct bytes key,
                       struct bytes *payload, bool *found, struct error *err)
{
    struct bytes at, body;
    struct block block;
    struct reader run;
    enum status status;
    size_t n, begin, end;

    status = image_floor(image, kind, key, &at, &body, found, err);
    if (status != AF_OK || !*found)
        return status;
    if (!split_block(body, &block) || !block_find_run(&block, key, &n))
        return block_damaged(image, kind, err);
    begin = run_at(&block, n);
    end = run_at(&block, n + 1);
    if (begin >= end || end > block.entries.len)
        return block_damaged(image, kind, err);
    run = reader_of(bytes_of(block.entries.data + begin, end - begin));
    return find_in_run(run, key, payload, found) ? AF_OK : block_damaged(image, kind, err);
}
