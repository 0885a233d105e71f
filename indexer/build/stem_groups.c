#include "indexer/build/stem_groups.h"

#include "indexer/build/run_walk.h"
#include "indexer/build/segment_stem.h"
#include "indexer/text/analyzer.h"

#include <stdlib.h>

struct stem_member {
    size_t at;
    uint8_t key_len, word_len;
};

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for the stems of an index");
}

void stem_groups_init(struct stem_groups *groups, struct run_store *store, struct stemmer *stemmer)
{
    *groups = (struct stem_groups){.store = store, .stemmer = stemmer};
}

void stem_groups_release(struct stem_groups *groups)
{
    for (uint32_t i = 0; i < groups->runs_count; i++)
        run_list_release(groups->store, &groups->runs[i]);
    free(groups->runs);
    free(groups->items);
    free(groups->members);
    buf_release(&groups->bytes);
    buf_release(&groups->key);
}

static struct bytes key_of(const struct stem_groups *groups, uint32_t no)
{
    return bytes_of(groups->bytes.data + groups->members[no].at, groups->members[no].key_len);
}

static struct bytes word_of(const struct stem_groups *groups, uint32_t no)
{
    const struct stem_member *member = &groups->members[no];

    return bytes_of(groups->bytes.data + member->at + member->key_len, member->word_len);
}

/* --- a run of groups ---------------------------------------------------------------------- */

static int compare(const void *a, const void *b, void *context)
{
    uint32_t x = ((const struct keyed *)a)->no, y = ((const struct keyed *)b)->no;
    int order = bytes_compare(key_of(context, x), key_of(context, y));

    return order != 0 ? order : x < y ? -1 : 1; /* words rise with their numbers */
}

static enum status put_groups(struct stem_groups *groups, struct run_list *list, struct error *err)
{
    struct buf surfaces = {0};
    enum status status = AF_OK;
    uint32_t next;

    for (uint32_t i = 0; status == AF_OK && i < groups->count; i = next) {
        struct bytes key = key_of(groups, groups->items[i].no);

        buf_clear(&surfaces);
        for (next = i;
             next < groups->count && bytes_equal(key, key_of(groups, groups->items[next].no));
             next++) {
            struct bytes word = word_of(groups, groups->items[next].no);

            buf_add_varint(&surfaces, word.len);
            buf_add(&surfaces, word);
        }
        status = buf_status(&surfaces, "stems", err);
        if (status == AF_OK)
            status = run_add_entry(groups->store, list, key, 0, buf_bytes(&surfaces), err);
    }
    buf_release(&surfaces);
    return status == AF_OK ? run_list_end(groups->store, list, err) : status;
}

static enum status end_run(struct stem_groups *groups, struct error *err)
{
    struct run_list *runs = realloc(groups->runs, (groups->runs_count + 1u) * sizeof *runs);
    enum status status;

    if (runs == NULL)
        return no_memory(err);
    groups->runs = runs;
    runs[groups->runs_count++] = (struct run_list){0};
    if (!keysort(groups->items, groups->count, compare, groups))
        return no_memory(err);
    status = put_groups(groups, &runs[groups->runs_count - 1], err);
    buf_clear(&groups->bytes);
    groups->count = 0;
    return status;
}

/* --- adding ------------------------------------------------------------------------------- */

static bool grow(struct stem_groups *groups)
{
    uint32_t room = groups->room == 0 ? 1024 : groups->room * 2;
    struct keyed *items = realloc(groups->items, room * sizeof *items);
    struct stem_member *members;

    if (items == NULL)
        return false;
    groups->items = items;
    members = realloc(groups->members, room * sizeof *members);
    if (members == NULL)
        return false;
    groups->members = members;
    groups->room = room;
    return true;
}

enum status stem_groups_add(struct stem_groups *groups, const char *lang, struct bytes word,
                            struct error *err)
{
    struct bytes stem = stemmer_stem(groups->stemmer, lang, word);
    uint32_t no = groups->count;

    if (stem.len == 0)
        return AF_OK;
    if (no == groups->room && !grow(groups))
        return no_memory(err);
    stem_key(&groups->key, lang, stem);
    groups->items[no] = (struct keyed){term_key(buf_bytes(&groups->key)), no};
    groups->members[no] =
        (struct stem_member){groups->bytes.len, (uint8_t)groups->key.len, (uint8_t)word.len};
    buf_add(&groups->bytes, buf_bytes(&groups->key));
    buf_add(&groups->bytes, word);
    if (!buf_ok(&groups->key) || !buf_ok(&groups->bytes))
        return no_memory(err);
    groups->count++;
    if (groups->bytes.len + groups->count * sizeof *groups->items < STEM_GROUPS_BYTES)
        return AF_OK;
    return end_run(groups, err);
}

/* --- writing ------------------------------------------------------------------------------ */

/* All that the runs have under one key, the first run's first. */
static enum status write_group(struct run_walk *walk, struct segment_writer *writer,
                               struct buf *key, struct buf *surfaces, struct error *err)
{
    const struct run_source *first = run_walk_first(walk);
    enum status status = AF_OK;

    buf_clear(key);
    buf_clear(surfaces);
    buf_add(key, first->entry.term);
    while (status == AF_OK && first != NULL && bytes_equal(first->entry.term, buf_bytes(key))) {
        buf_add(surfaces, first->entry.payload);
        status = run_walk_next(walk, err);
        first = run_walk_first(walk);
    }
    if (status == AF_OK && (!buf_ok(key) || !buf_ok(surfaces)))
        status = no_memory(err);
    if (status == AF_OK)
        status = segment_add_stem(writer, buf_bytes(key), buf_bytes(surfaces), err);
    return status;
}

enum status stem_groups_write(struct stem_groups *groups, struct segment_writer *writer,
                              struct error *err)
{
    enum status status = groups->count > 0 ? end_run(groups, err) : AF_OK;
    struct run_list **lists = calloc(groups->runs_count + 1u, sizeof(struct run_list *));
    struct run_walk walk = {0};
    struct buf surfaces = {0};

    if (status == AF_OK && lists == NULL)
        status = no_memory(err);
    for (uint32_t i = 0; status == AF_OK && i < groups->runs_count; i++)
        lists[i] = &groups->runs[i];
    if (status == AF_OK)
        status = run_walk_open(&walk, groups->store, lists, groups->runs_count, RUN_WHOLE, err);
    while (status == AF_OK && run_walk_first(&walk) != NULL)
        status = write_group(&walk, writer, &groups->key, &surfaces, err);
    run_walk_release(&walk);
    buf_release(&surfaces);
    free(lists);
    return status;
}
