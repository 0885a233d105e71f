#include "data/article_view.h"

#include "data/article_impl.h"

#include <assert.h>

static const struct bytes names[ARTICLE_MEMBER_COUNT] = {
    [ARTICLE_ID] = BYTES_LIT("id"),
    [ARTICLE_LANG] = BYTES_LIT("lang"),
    [ARTICLE_TITLE] = BYTES_LIT("title"),
    [ARTICLE_PRODUCT] = BYTES_LIT("product"),
    [ARTICLE_CATEGORY] = BYTES_LIT("category"),
    [ARTICLE_SYMPTOM] = BYTES_LIT("symptom"),
    [ARTICLE_CAUSE] = BYTES_LIT("cause"),
    [ARTICLE_RESOLUTION] = BYTES_LIT("resolution"),
    [ARTICLE_ADVICE] = BYTES_LIT("advice"),
    [ARTICLE_TEXT] = BYTES_LIT("text"),
    [ARTICLE_KEYWORDS] = BYTES_LIT("keywords"),
    [ARTICLE_ERROR_CODE] = BYTES_LIT("error_code"),
    [ARTICLE_ENVIRONMENT] = BYTES_LIT("environment"),
    [ARTICLE_STATE] = BYTES_LIT("state"),
    [ARTICLE_AUDIENCE] = BYTES_LIT("audience"),
    [ARTICLE_AUTHOR] = BYTES_LIT("author"),
    [ARTICLE_SOURCE] = BYTES_LIT("source"),
    [ARTICLE_LICENCE] = BYTES_LIT("licence"),
    [ARTICLE_CREATED] = BYTES_LIT("created"),
    [ARTICLE_UPDATED] = BYTES_LIT("updated"),
};

const char *article_member_name(enum article_member member)
{
    assert((unsigned)member < ARTICLE_MEMBER_COUNT);
    return (const char *)names[member].data;
}

/* --- one case ----------------------------------------------------------------------------- */

/* Members mostly come in one order in all cases of a library, so the search begins behind the
 * member found last. */
static unsigned find_member(struct bytes name, unsigned from)
{
    for (unsigned i = 0; i < ARTICLE_MEMBER_COUNT; i++) {
        unsigned member = (from + i) % ARTICLE_MEMBER_COUNT;

        if (bytes_equal(name, names[member]))
            return member;
    }
    return ARTICLE_MEMBER_COUNT;
}

bool article_view_of(struct bytes text, struct article_view *out)
{
    struct bytes name, value;
    struct reader r;
    enum jsontext_step step;
    unsigned member = 0;

    memset(out, 0, sizeof *out);
    out->text = text;
    if (!jsontext_enter(text, '{', &r))
        return false;
    while ((step = jsontext_member(&r, &name, &value)) == JSONTEXT_VALUE) {
        member = find_member(name, member);
        if (member < ARTICLE_MEMBER_COUNT)
            out->of[member++] = value;
    }
    return step == JSONTEXT_END && r.at + 1 == r.end;
}

struct bytes article_view_str(const struct article_view *view, enum article_member member,
                              struct buf *scratch)
{
    struct bytes value = view->of[member], inside;
    bool has_escapes;

    if (!jsontext_is_string(value))
        return BYTES_LIT("");
    inside = jsontext_inside(value, &has_escapes);
    if (!has_escapes)
        return inside;
    buf_clear(scratch);
    jsontext_unescape(value, scratch);
    return buf_bytes(scratch);
}

static void add_string(struct bytes value, size_t start, struct buf *out)
{
    if (!jsontext_is_string(value) || value.len == 2)
        return;
    if (out->len > start)
        buf_add_u8(out, '\n');
    jsontext_unescape(value, out);
}

void article_view_add(const struct article_view *view, enum article_member member, size_t start,
                      struct buf *out)
{
    struct bytes value = view->of[member], element;
    struct reader r;

    add_string(value, start, out);
    if (jsontext_enter(value, '[', &r))
        while (jsontext_element(&r, &element) == JSONTEXT_VALUE)
            add_string(element, start, out);
}

bool article_view_is_findable(const struct article_view *view)
{
    struct bytes state = view->of[ARTICLE_STATE];

    return !bytes_equal(state, BYTES_LIT("\"wip\"")) &&
           !bytes_equal(state, BYTES_LIT("\"archived\""));
}

enum audience article_view_audience(const struct article_view *view)
{
    struct bytes value = view->of[ARTICLE_AUDIENCE];
    enum audience audience;

    /* As in article_audience(): a word that nobody knows is shown to the fewest. */
    if (value.data == NULL)
        return AUDIENCE_PUBLIC;
    return jsontext_is_string(value) &&
                   audience_parse(bytes_of(value.data + 1, value.len - 2), &audience)
               ? audience
               : AUDIENCE_INTERNAL;
}

/* --- following the journal ---------------------------------------------------------------- */

static enum status damaged(uint64_t seq, struct error *err)
{
    return error_set(err, AF_CORRUPT, "damaged: table journal, entry %llu cannot be read",
                     (unsigned long long)seq);
}

struct viewing {
    struct txn *txn;
    uint64_t seq;
    struct bytes line;
    struct buf scratch; /* an id that has escapes */
    article_view_fn each;
    void *context;
};

static enum status view_one(struct viewing *viewing, struct bytes text, struct error *err)
{
    struct article_view view;
    struct article_ref ref;
    struct bytes id;
    enum status status;

    if (!article_view_of(text, &view))
        return damaged(viewing->seq, err);
    id = article_view_str(&view, ARTICLE_ID, &viewing->scratch);
    if ((status = article_find(viewing->txn, id, &ref, err)) != AF_OK)
        return status;
    /* Another entry, or a later element of this one, may hold the newest version. */
    if (ref.seq != viewing->seq || ref.offset != (size_t)(text.data - viewing->line.data))
        return AF_OK;
    return viewing->each(viewing->context, &ref, &view, err);
}

enum status article_view_line(struct txn *txn, uint64_t seq, struct bytes line,
                              article_view_fn each, void *context, struct error *err)
{
    struct viewing viewing = {txn, seq, line, {0}, each, context};
    struct bytes body, text;
    struct reader r;
    bool is_put;
    enum status status = entry_body_of(line, "case.put", &body, &is_put, err);

    if (status == AF_INVALID)
        return damaged(seq, err);
    if (status != AF_OK)
        return status;
    if (is_put && cases_begin(body, &r)) {
        while (status == AF_OK && cases_next(&r, &text))
            status = view_one(&viewing, text, err);
        if (status == AF_OK && (r.at == r.end || *r.at != ']'))
            status = damaged(seq, err);
    }
    buf_release(&viewing.scratch);
    return status;
}

enum status article_view_entry(struct txn *txn, uint64_t seq, article_view_fn each, void *context,
                               struct error *err)
{
    struct bytes line;
    enum status status = journal_line(txn, seq, &line, err);

    return status == AF_OK ? article_view_line(txn, seq, line, each, context, err) : status;
}
