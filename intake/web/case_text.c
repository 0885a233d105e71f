#include "intake/web/case_text.h"

#include "data/base/limits.h"

static struct bytes member(struct arena *arena, const json_t *article, const char *name)
{
    const char *text = article_first(article, name);

    return text[0] == '\0' ? BYTES_NONE : arena_copy(arena, bytes_str(text));
}

static void copy_parts(struct arena *arena, const json_t *article, struct case_text *out)
{
    out->lang = member(arena, article, "lang");
    out->title = member(arena, article, "title");
    out->product = member(arena, article, "product");
    out->category = member(arena, article, "category");
    out->environment = member(arena, article, "environment");
    out->symptom = member(arena, article, "symptom");
    out->cause = member(arena, article, "cause");
    out->resolution = member(arena, article, "resolution");
    out->advice = member(arena, article, "advice");
    out->text = member(arena, article, "text");
    out->author = member(arena, article, "author");
    out->updated = member(arena, article, "updated");
    out->source = member(arena, article, "source");
    out->licence = member(arena, article, "licence");
}

static enum status load(struct txn *txn, const struct who *who, struct arena *arena,
                        struct bytes id, struct case_text *out, struct error *err)
{
    struct article_ref ref;
    json_t *article;
    enum status status = article_find(txn, id, &ref, err);

    if (status != AF_OK || (status = article_read(txn, &ref, &article, err)) != AF_OK)
        return status;
    if (article_audience(article) > who->audience || !article_is_findable(article)) {
        json_decref(article);
        return error_set(err, AF_NOT_FOUND, "there is no case %.*s", (int)(id.len & 0xFF),
                         (const char *)id.data);
    }
    *out = (struct case_text){.id = arena_copy(arena, id), .version = ref.version};
    copy_parts(arena, article, out);
    json_decref(article);
    return use_counts_get(txn, id, &out->counts, err);
}

enum status case_text_load(struct app *app, const struct who *who, struct arena *arena,
                           struct bytes id, struct case_text *out, struct error *err)
{
    struct txn *txn;
    enum status status;

    if (id.len == 0 || id.len > ARTICLE_ID_BYTES_MAX)
        return error_set(err, AF_NOT_FOUND, "there is no case of that id");
    if ((status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    status = load(txn, who, arena, id, out, err);
    txn_abort(txn);
    return status;
}

enum status case_helped_all(struct app *app, const struct search_result *found, uint64_t *helped,
                            struct error *err)
{
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    for (uint32_t i = 0; i < found->hits_count && status == AF_OK; i++) {
        struct use_counts counts;

        status = use_counts_get(txn, found->hits[i].id, &counts, err);
        helped[i] = status == AF_OK ? counts.of[USE_SOLVED] + counts.of[USE_CITED] : 0;
    }
    txn_abort(txn);
    return status;
}

/* --- paragraphs and steps ------------------------------------------------------------------ */

static struct bytes skip(struct bytes text, size_t len)
{
    return bytes_of(text.data + len, text.len - len);
}

static struct bytes next_line(struct bytes *rest)
{
    const uint8_t *end = rest->len == 0 ? NULL : memchr(rest->data, '\n', rest->len);
    size_t len = end == NULL ? rest->len : (size_t)(end - rest->data);
    struct bytes line = bytes_of(rest->data, len);

    *rest = skip(*rest, end == NULL ? len : len + 1);
    while (line.len > 0 && (line.data[0] == ' ' || line.data[0] == '\t'))
        line = skip(line, 1);
    while (line.len > 0 && line.data[line.len - 1] <= ' ')
        line.len--;
    return line;
}

static bool take(struct bytes *line, struct bytes what)
{
    if (!bytes_has_prefix(*line, what))
        return false;
    *line = skip(*line, what.len);
    return true;
}

/* Takes "1.", "(1)" … off the line. "1.5 mm" is no step: after a point stands a blank or no
 * digit. */
static bool take_number(struct bytes *line, unsigned *number)
{
    struct bytes rest = *line;
    bool open = take(&rest, BYTES_LIT("(")) || take(&rest, BYTES_LIT("（"));
    bool word = !open && (take(&rest, BYTES_LIT("Step ")) || take(&rest, BYTES_LIT("step ")));
    unsigned n = 0;
    size_t digits = 0;
    bool ends;

    while (digits < 3 && rest.len > digits && rest.data[digits] >= '0' && rest.data[digits] <= '9')
        n = n * 10 + (unsigned)(rest.data[digits++] - '0');
    if (digits == 0)
        return false;
    rest = skip(rest, digits);
    ends = take(&rest, BYTES_LIT(")")) || take(&rest, BYTES_LIT("）"));
    if (!open && !ends)
        ends = take(&rest, BYTES_LIT("、")) || take(&rest, BYTES_LIT("．")) ||
               (word && (take(&rest, BYTES_LIT(":")) || take(&rest, BYTES_LIT("：")))) ||
               (take(&rest, BYTES_LIT(".")) &&
                (rest.len == 0 || rest.data[0] < '0' || rest.data[0] > '9'));
    if (!ends)
        return false;
    while (rest.len > 0 && (rest.data[0] == ' ' || rest.data[0] == '\t'))
        rest = skip(rest, 1);
    *line = rest;
    *number = n;
    return true;
}

/* The block grows to the end of `line`, which lies behind it in the same text. */
static void extend(struct text_block *block, struct bytes line)
{
    block->text.len = (size_t)(line.data + line.len - block->text.data);
}

size_t text_blocks(struct bytes text, struct text_block *blocks, size_t max)
{
    size_t count = 0;
    bool after_gap = true;

    while (text.len > 0) {
        struct bytes line = next_line(&text);
        unsigned number = 0;
        bool is_step;

        if (line.len == 0) {
            after_gap = true;
            continue;
        }
        is_step = take_number(&line, &number);
        if (count < max && (is_step || after_gap))
            blocks[count++] = (struct text_block){is_step, number, line};
        else
            extend(&blocks[count - 1], line);
        after_gap = false;
    }
    return count;
}
