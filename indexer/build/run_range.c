#include "indexer/build/keysort.h"
#include "indexer/build/run.h"

#include <stdlib.h>

#define BLOCKS_A_LIST 4 /* of a range: the two that it shares with its neighbours are read twice */

static size_t count_blocks(struct run_list *const *lists, uint32_t count)
{
    size_t blocks = 0;

    for (uint32_t i = 0; i < count; i++)
        blocks += lists[i]->count;
    return blocks;
}

/* Where the blocks of all lists begin, with their lengths, rising. */
static struct keyed *sort_blocks(struct run_list *const *lists, uint32_t count, size_t blocks)
{
    struct keyed *items = malloc((blocks + 1) * sizeof *items);
    size_t n = 0;

    for (uint32_t i = 0; items != NULL && i < count; i++)
        for (uint32_t j = 0; j < lists[i]->count; j++)
            items[n++] = (struct keyed){lists[i]->blocks[j].first_key, lists[i]->blocks[j].len};
    if (items != NULL && keysort(items, n, NULL, NULL))
        return items;
    free(items);
    return NULL;
}

/* Cuts where the blocks before have the share of all bytes that the ranges before should have. */
static uint32_t cut(const struct keyed *items, size_t blocks, uint32_t ranges,
                    struct run_range out[RUN_RANGES_MAX])
{
    uint64_t all = 0, before = 0;
    uint32_t count = 1;

    for (size_t i = 0; i < blocks; i++)
        all += items[i].no;
    out[0] = RUN_WHOLE;
    for (size_t i = 0; i < blocks && count < ranges; before += items[i++].no) {
        if (before < all / ranges * count || items[i].key <= out[count - 1].from)
            continue;
        out[count - 1].end = items[i].key;
        out[count++] = (struct run_range){items[i].key, UINT64_MAX};
    }
    return count;
}

/* As run_reader goes through them. */
static void expect_readers(struct run_list *list, const struct run_range *ranges, uint32_t count)
{
    for (uint32_t j = 0; j < list->count; j++)
        list->blocks[j].readers = 0;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t j = run_list_first_block(list, ranges[i].from);
             j < list->count && list->blocks[j].first_key < ranges[i].end; j++)
            list->blocks[j].readers++;
}

enum status run_ranges_plan(struct run_list *const *lists, uint32_t lists_count, uint32_t most,
                            struct run_range out[RUN_RANGES_MAX], uint32_t *count,
                            struct error *err)
{
    size_t blocks = count_blocks(lists, lists_count);
    size_t ranges = lists_count == 0 ? 0 : blocks / lists_count / BLOCKS_A_LIST;
    struct keyed *items;

    if (most > RUN_RANGES_MAX)
        most = RUN_RANGES_MAX;
    *count = 1;
    out[0] = RUN_WHOLE;
    if (ranges < 2 || most < 2)
        return AF_OK;
    if ((items = sort_blocks(lists, lists_count, blocks)) == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for indexing cases");
    *count = cut(items, blocks, ranges < most ? (uint32_t)ranges : most, out);
    free(items);
    for (uint32_t i = 0; i < lists_count; i++)
        expect_readers(lists[i], out, *count);
    return AF_OK;
}
