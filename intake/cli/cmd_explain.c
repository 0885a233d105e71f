#include "intake/cli/commands.h"

#include "data/base/limits.h"
#include "intake/cli/out.h"
#include "intake/explained.h"
#include "intake/hits.h"

enum { CASE, LIMIT, PRODUCT, CATEGORY, LANG };

static const struct cli_option options[] = {
    {"case",     "ID", "also why this case is, or is not, among them"   },
    {"limit",    "N",  "how many hits at most (default 3)"              },
    {"product",  "P",  "only cases of this product"                     },
    {"category", "C",  "only cases of this category"                    },
    {"lang",     "L",  "only cases in this language; zh is both Chinese"},
    {NULL,       NULL, NULL                                             },
};

#define LIMIT_DEFAULT 3
#define FORMS_SHOWN 6 /* of a group: an unfinished word has dozens */

/* --- the question ------------------------------------------------------------------------ */

static void add_searches(struct buf *out, const struct explanation *x)
{
    static const char *const words[STAGE_COUNT] = {
        [STAGE_TYPED] = "as typed",
        [STAGE_OTHER_WORDS] = "with other words for it",
        [STAGE_WIDER] = "with corrections of known words and pieces of words",
    };
    const char *separator = "";

    buf_add_str(out, "searches   ");
    for (int i = 0; i < STAGE_COUNT; i++)
        if (x->stages[i] > 0) {
            buf_printf(out, "%s%s: %u hits", separator, words[i], x->stages[i] - 1);
            separator = "; fewer than 10, so ";
        }
    buf_printf(out, "\nlooked at  %u cases closely, %s; %u are left\n", x->candidates,
               x->is_all ? "all that match" : "the best by the groups with *", x->ranked);
}

static void add_confidence(struct buf *out, const struct confidence *confidence)
{
    buf_printf(out, "answer     %s, %.2f:", verdict_name(confidence->verdict), confidence->value);
    for (int i = 0; i < SIGNAL_COUNT; i++)
        buf_printf(out, "%s %s %.3f", i > 0 ? "," : "", explain_signal_name((enum signal)i),
                   confidence->signals[i]);
    buf_add_u8(out, '\n');
}

static void add_forms(struct buf *out, const struct group *group)
{
    uint32_t shown = 0, more = 0;

    for (const struct member *form = group->members; form != NULL; form = form->next) {
        if (form->df == 0)
            continue;
        if (shown == FORMS_SHOWN) {
            more++;
            continue;
        }
        shown++;
        buf_add_str(out, "             ");
        out_add_plain(out, explained_text(form->term));
        buf_printf(out, "  %s, %s, %.2f, in %llu\n", explained_class(form->term),
                   reason_name((enum reason)form->reason), (double)form->weight,
                   (unsigned long long)form->df);
    }
    if (more > 0)
        buf_printf(out, "             and %u more\n", more);
    if (shown == 0)
        buf_add_str(out, "             in no case\n");
}

static void add_groups(struct buf *out, const struct explanation *x)
{
    buf_printf(out, "\n   share  weight    idf  kind    of %u cases in\n", x->docs);
    for (uint32_t i = 0; i < x->groups_count; i++) {
        const struct group *group = &x->groups[i];
        double mass = (double)(group->weight * group->idf);

        buf_printf(
            out, " %c %4.1f%%  %6.2f  %5.2f  %-6s  %llu: ", explained_looks(x, group) ? '*' : ' ',
            x->mass > 0 ? 100 * mass / x->mass : 0, (double)group->weight, (double)group->idf,
            explain_kind_name(group->kind), (unsigned long long)group->df);
        out_add_plain(out, group->text);
        buf_printf(out, "%s%s%s\n", group->last && x->typing ? "  (unfinished)" : "",
                   group->filler ? "  (only asks)" : "", group->required ? "  (quoted)" : "");
        add_forms(out, group);
    }
}

/* --- hits -------------------------------------------------------------------------------- */

static void add_sum(struct buf *out, const struct explained_hit *hit)
{
    const char *separator = "";
    double full = 0;

    for (int i = 0; i < SCORE_PARTS; i++)
        full += hit->parts.weight[i];
    buf_printf(out, "    %.4f = (", hit->sum);
    for (int i = 0; i < SCORE_PARTS; i++) {
        if (hit->parts.weight[i] <= 0)
            continue;
        buf_printf(out, "%s%s %.3f·%.2f", separator, explain_part_name((enum score_part)i),
                   hit->parts.value[i], hit->parts.weight[i]);
        separator = " + ";
    }
    buf_printf(out, ") / %.2f\n", full);
    if (hit->learned > 0)
        buf_printf(out, "    %.4f of text from words that use has taught\n", hit->learned);
    if (hit->repeat > 0)
        buf_printf(out, "    it solved this very question before (%.3f)\n", hit->repeat);
    if (hit->rank > 0 && hit->score > hit->sum + 1e-4)
        buf_printf(out, "    %.4f: lifted by its use\n", hit->score);
    if (hit->rank > 0 && hit->score < hit->sum - 1e-4)
        buf_printf(out,
                   "    %.4f: held back, for what is nearer to the question, for a quote that it "
                   "lacks, or by its use\n",
                   hit->score);
}

static void add_match(struct buf *out, const struct explained_match *match)
{
    struct bytes form = explained_text(match->form->term);
    const char *separator = "";

    buf_printf(out, "    %8.2f  ", match->points);
    out_add_plain(out, match->group->text);
    if (!bytes_equal(form, match->group->text)) {
        buf_add_str(out, " as ");
        out_add_plain(out, form);
    }
    buf_printf(out, "  %s in ", reason_name((enum reason)match->form->reason));
    for (unsigned f = 0; f < FIELD_COUNT; f++)
        if ((match->fields & 1u << f) != 0) {
            buf_printf(out, "%s%s", separator, explain_field_name((enum field)f));
            separator = ", ";
        }
    buf_add_u8(out, '\n');
}

static void add_hit(struct buf *out, const struct explained_hit *hit)
{
    if (hit->rank > 0)
        buf_printf(out, "\n%2u. ", hit->rank);
    else
        buf_add_str(out, "\n -- ");
    out_add_plain(out, hit->title);
    buf_add_str(out, "  (");
    out_add_plain(out, hit->id);
    buf_add_str(out, ")\n");
    add_sum(out, hit);
    for (uint32_t i = 0; i < hit->matches_count; i++)
        add_match(out, &hit->matches[i]);
}

static void add_case(struct buf *out, const struct explanation *x)
{
    buf_add_u8(out, '\n');
    out_add_plain(out, x->asked_id);
    buf_printf(out, ": %s\n", explain_fate_sentence(x->fate));
    if (x->fate == FATE_COVERS_LITTLE)
        buf_printf(out, "At least %.2f of what the best hit has is wanted.\n", x->cover_min);
    if (x->fate != FATE_UNKNOWN && (x->asked.rank == 0 || x->asked.rank > x->hits_count))
        add_hit(out, &x->asked);
}

static void print_explanation(const struct search_result *result)
{
    const struct explanation *x = result->explanation;
    struct buf out = {0};

    if (x == NULL) {
        buf_add_str(&out, "There is nothing in the question to search for.\n");
        (void)out_print(&out);
        buf_release(&out);
        return;
    }
    buf_add_str(&out, "question   ");
    out_add_plain(&out, x->folded);
    buf_add_str(&out, "\nlanguage   ");
    out_add_plain(&out, x->preferred.len > 0 ? x->preferred : BYTES_LIT("not known"));
    buf_add_u8(&out, '\n');
    add_searches(&out, x);
    add_confidence(&out, &x->confidence);
    if (result->query_cut)
        buf_add_str(&out, "Only the first part of the question was read.\n");
    if (result->degraded)
        buf_add_str(&out, "Too much matches: a part of the cases was not looked at.\n");
    add_groups(&out, x);
    for (uint32_t i = 0; i < x->hits_count; i++)
        add_hit(&out, &x->hits[i]);
    if (x->asked_id.len > 0)
        add_case(&out, x);
    (void)out_print(&out);
    buf_release(&out);
}

/* --- the command ------------------------------------------------------------------------- */

static enum status explain(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct search_request request = {.product = cli_value(cli, PRODUCT),
                                     .category = cli_value(cli, CATEGORY),
                                     .lang = cli_value(cli, LANG),
                                     .audience = work->who.audience,
                                     .typing = true,
                                     .explain = true,
                                     .explain_id = cli_value(cli, CASE)};
    struct search_result result;
    struct buf query = {0};
    enum status status;

    (void)cli_number(cli, LIMIT, 1, HITS_MAX, LIMIT_DEFAULT, &request.limit);
    cli_join_rest(cli, 0, &query);
    request.query = buf_bytes(&query);
    status = app_search(work->app, &request, work->arena, &result, err);
    if (status == AF_OK && cli->json)
        work->code = out_json(search_result_json(request.query, &result));
    else if (status == AF_OK)
        print_explanation(&result);
    buf_release(&query);
    return status;
}

static int run(struct cli *cli)
{
    uint32_t limit;

    if (!cli_number(cli, LIMIT, 1, HITS_MAX, LIMIT_DEFAULT, &limit))
        return CLI_USAGE;
    return cli_with_app(cli, APP_READ, explain);
}

const struct cli_command cmd_explain = {
    .name = "explain",
    .args = "[--case ID] [--limit N] [--product P] [--category C] [--lang L] QUERY...",
    .summary = "Say why a search answers as it does",
    .details = "What was understood, with the weight of each group of the question and all forms\n"
               "that count as it; and for each hit the parts of its score. Groups with * looked\n"
               "for cases. With --case also a case that is no hit, and why it is not.\n",
    .options = options,
    .rest_min = 1,
    .rest_max = CLI_REST_MANY,
    .run = run,
};
