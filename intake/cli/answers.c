#include "intake/cli/answers.h"

#include "intake/cli/out.h"
#include "intake/facets.h"

static void add_reasons(struct buf *out, unsigned reasons)
{
    const char *separator = "";

    buf_add_u8(out, '(');
    for (unsigned i = 0; i < REASON_COUNT; i++)
        if ((reasons & 1u << i) != 0) {
            buf_printf(out, "%s%s", separator, reason_name((enum reason)(1u << i)));
            separator = ", ";
        }
    buf_add_u8(out, ')');
}

static void add_hit(struct buf *out, uint32_t rank, const struct hit *hit, bool is_bold)
{
    buf_printf(out, "%2u. ", rank);
    out_add_marked(out, &hit->title, is_bold);
    buf_add_str(out, "\n    ");
    out_add_plain(out, hit->id);
    buf_add_str(out, "  ");
    out_add_plain(out, hit->lang);
    if (hit->product.len > 0) {
        buf_add_str(out, "  ");
        out_add_plain(out, hit->product);
    }
    buf_printf(out, "  %.3f  ", hit->score);
    add_reasons(out, hit->reasons);
    if (hit->snippet.text.len > 0) {
        buf_add_str(out, "\n    ");
        out_add_marked(out, &hit->snippet, is_bold);
    }
    buf_add_u8(out, '\n');
}

static void add_facet(struct buf *out, const struct facet *facet)
{
    buf_printf(out, "%s%s:\n", facet_name(facet), facet->is_least ? " (not all counted)" : "");
    for (uint32_t i = 0; i < facet->count; i++) {
        buf_printf(out, "%8u  ", facet->values[i].count);
        out_add_plain(out, facet->values[i].value);
        buf_add_u8(out, '\n');
    }
}

void answers_print(const struct search_result *result)
{
    bool is_bold = out_is_terminal();
    struct buf out = {0};

    if (result->query_cut)
        buf_add_str(&out, "Only the first part of the question was read.\n");
    if (result->degraded)
        buf_add_str(&out, "Too much matches: a part of the cases was not looked at.\n");
    if (result->read_as.len > 0) {
        buf_add_str(&out, "No case has that; as first letters of: ");
        out_add_plain(&out, result->read_as);
        buf_add_u8(&out, '\n');
    }
    if (result->suggestion.len > 0) {
        buf_add_str(&out, "Did you mean: ");
        out_add_plain(&out, result->suggestion);
        buf_add_u8(&out, '\n');
    }
    if (result->hits_count == 0)
        buf_add_str(&out, "Nothing was found; try other words, or fewer of them.\n");
    else if (result->confidence.verdict == VERDICT_NONE)
        buf_add_str(&out, "No case is a sure match; what comes nearest:\n");
    for (uint32_t i = 0; i < result->hits_count; i++)
        add_hit(&out, i + 1, &result->hits[i], is_bold);
    if (result->hits_count > 0 && result->total > result->hits_count)
        buf_printf(&out, "%u of %s%llu cases that match.\n", result->hits_count,
                   result->total_is_estimate ? "at least " : "", (unsigned long long)result->total);
    for (uint32_t i = 0; i < result->facets_count; i++)
        add_facet(&out, &result->facets[i]);
    (void)out_print(&out);
    buf_release(&out);
}
