#include "data/base/limits.h"
#include "search/suggest/suggest_impl.h"

#define LIST_SEPARATOR 0x1F

/* Of one segment, the values of a column that match. */
struct names {
    struct suggesting *g;
    enum suggest_kind kind;
    const struct segment *segment;
    const struct column *column;
    struct filter_view view;
    bool *asked;    /* of each value: it was held against what was typed, */
    bool *matching; /* matches, */
    bool *shown;    /* and some case has it that the asker may see */
    uint32_t matching_count;
};

static enum status look_at_name(struct names *names, struct bytes name, struct choices *out,
                                bool *found)
{
    struct choice choice = {.item.kind = names->kind};
    struct matched matched;
    struct folded folded;
    enum status status = suggest_look(names->g, name, found, &matched, &folded);

    if (status != AF_OK || !*found || out == NULL)
        return status;
    choice.score = matched.rank + 0.01 * (double)names->g->s->letters.count;
    if (!choices_want(out, choice.score))
        return AF_OK;
    if ((status = suggest_mark(names->g, name, &matched, &folded, &choice)) == AF_OK)
        (void)choices_offer(out, &choice);
    return status;
}

/* A category is a list of names. With `out` NULL nothing is offered yet. */
static enum status look_at_value(struct names *names, struct bytes value, struct choices *out,
                                 bool *found)
{
    enum status status = AF_OK;

    *found = false;
    while (status == AF_OK && value.len > 0) {
        const uint8_t *mark = memchr(value.data, LIST_SEPARATOR, value.len);
        size_t len = mark == NULL ? value.len : (size_t)(mark - value.data);
        bool one = false;

        if (len > 0)
            status = look_at_name(names, bytes_of(value.data, len), out, &one);
        *found = *found || one;
        value = mark == NULL ? BYTES_NONE : bytes_of(mark + 1, value.len - len - 1);
    }
    return status;
}

static enum status ask_value(struct names *names, uint32_t id)
{
    if (names->asked[id])
        return AF_OK;
    names->asked[id] = true;
    return look_at_value(names, names->column->values[id], NULL, &names->matching[id]);
}

static bool may_show(const struct names *names, uint32_t doc)
{
    return segment_is_live(names->segment, doc) && filter_view_passes(&names->view, doc);
}

/* Few values: each is looked at, then cases are, newest first, until all that match were met. */
static enum status find_few(struct names *names)
{
    uint32_t left = SUGGEST_DOCS_MAX, missing = 0;
    enum status status = AF_OK;

    for (uint32_t id = 0; status == AF_OK && id < names->column->count; id++) {
        status = ask_value(names, id);
        missing += names->matching[id];
    }
    for (uint32_t doc = names->column->docs; doc-- > 0 && missing > 0 && left-- > 0;) {
        uint32_t id = column_id(names->column, doc);

        if (!names->matching[id] || names->shown[id] || !may_show(names, doc))
            continue;
        names->shown[id] = true;
        missing--;
    }
    return status;
}

/* Many values: those of the cases that have the words in product or category. */
static enum status find_many(struct names *names, uint32_t *postings)
{
    struct suggesting *g = names->g;
    const struct typed *typed = &g->s->typed;
    uint32_t left = SUGGEST_NAMES_MAX;
    struct finder f;
    uint64_t *set;
    enum status status =
        finder_init(&f, names->segment, FIELD_PRODUCT, false, postings, g->arena, g->err);

    if (status != AF_OK || (set = finder_set(&f)) == NULL)
        return status == AF_OK ? f.status : status;
    for (uint32_t i = 0; status == AF_OK && i < typed->count; i++)
        status = finder_find(&f, &typed->forms[i], set);
    for (uint32_t i = f.words; i-- > 0 && status == AF_OK;)
        for (uint64_t bits = set[i]; bits != 0 && status == AF_OK && left > 0; bits &= bits - 1) {
            uint32_t doc = i * 64 + (uint32_t)__builtin_ctzll(bits);
            uint32_t id = column_id(names->column, doc);

            if (names->shown[id] || !may_show(names, doc))
                continue;
            left -= !names->asked[id];
            status = ask_value(names, id);
            names->shown[id] = names->matching[id];
        }
    return status;
}

static enum status read_segment(struct names *names, uint32_t *postings, struct choices *out)
{
    struct suggesting *g = names->g;
    enum column_name column = names->kind == SUGGEST_PRODUCT ? COLUMN_PRODUCT : COLUMN_CATEGORY;
    enum status status = segment_column(names->segment, column, &names->column, g->err);
    bool found;

    if (status == AF_OK)
        status = filter_view_open(&names->view, &g->filter, names->segment, g->arena, g->err);
    if (status != AF_OK)
        return status;
    names->asked = arena_array(g->arena, names->column->count, sizeof *names->asked);
    names->matching = arena_array(g->arena, names->column->count, sizeof *names->matching);
    names->shown = arena_array(g->arena, names->column->count, sizeof *names->shown);
    if (names->asked == NULL || names->matching == NULL || names->shown == NULL)
        return arena_exhausted(g->arena, g->err);
    status =
        names->column->count <= SUGGEST_NAMES_MAX ? find_few(names) : find_many(names, postings);
    for (uint32_t id = 0; status == AF_OK && id < names->column->count; id++)
        if (names->shown[id])
            status = look_at_value(names, names->column->values[id], out, &found);
    return status;
}

enum status suggest_names(struct suggesting *g, enum suggest_kind kind, struct choices *out)
{
    uint32_t postings = SUGGEST_POSTINGS_MAX;
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i < snapshot_segments(g->snapshot); i++) {
        struct names names = {.g = g, .kind = kind, .segment = snapshot_segment(g->snapshot, i)};

        status = read_segment(&names, &postings, out);
    }
    return status;
}
