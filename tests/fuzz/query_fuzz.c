/* A question of any bytes becomes groups within its bounds, and the same ones each time. The
 * first byte: is it still being typed? */
#include "tests/fuzz/fuzz.h"

#include "search/query/query.h"

static void check_groups(const struct query *q)
{
    ENSURE(q->groups_count <= QUERY_BYTES_MAX && q->phrases_count <= QUERY_PHRASES_MAX);
    ENSURE(q->text.len <= QUERY_BYTES_MAX && fuzz_is_utf8(q->folded));
    for (uint32_t i = 0; i < q->groups_count; i++) {
        const struct group *g = &q->groups[i];

        ENSURE((unsigned)g->kind < GROUP_KIND_COUNT && g->count > 0 && g->members != NULL);
        ENSURE(g->start < g->end && g->end <= q->folded.len);
        ENSURE(fuzz_is_boundary(q->folded, g->start) && fuzz_is_boundary(q->folded, g->end));
        for (const struct member *m = g->members; m != NULL; m = m->next)
            ENSURE(m->term.len > 1 && m->term.len <= TERM_BYTES_MAX && m->weight > 0 &&
                   m->weight <= 1);
    }
    for (uint32_t i = 0; i < q->phrases_count; i++)
        ENSURE(fuzz_is_utf8(q->phrases[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct analyzer *analyzer;
    struct reader r = reader_of(bytes_of(data, size));
    bool typing = take_u8(&r) % 2 != 0;
    struct bytes text = take_rest(&r);
    struct arena *arena = fuzz_arena();
    struct query once, twice;
    struct error err;

    if (analyzer == NULL)
        ENSURE_OK(analyzer_new(&analyzer, &err));
    ENSURE_OK(query_parse(analyzer, text, typing, arena, &once, &err));
    check_groups(&once);
    ENSURE_OK(query_parse(analyzer, text, typing, arena, &twice, &err));
    ENSURE(once.groups_count == twice.groups_count);
    for (uint32_t i = 0; i < once.groups_count; i++)
        ENSURE(bytes_equal(once.groups[i].text, twice.groups[i].text));
    return 0;
}
