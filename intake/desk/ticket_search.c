#include "intake/desk/ticket_search.h"

#include "data/base/utf8.h"
#include "intake/desk/ticket_impl.h"
#include "intake/desk/ticket_row.h"
#include "intake/hits.h"
#include "intake/ticket/ticket_text.h"

#define PAGE_MAX 50

/* --- walking ------------------------------------------------------------------------------- */

static enum status hand_out(struct txn *txn, const struct hit *hit, ticket_hit_fn fn, void *context,
                            bool *enough, struct error *err)
{
    struct bytes record;
    uint8_t key[4];
    enum status status;

    put_be32(key, hit->no);
    status = store_get(txn, TABLE_TICKET, bytes_of(key, sizeof key), &record, err);
    if (status == AF_NOT_FOUND) /* newer than this transaction */
        return AF_OK;
    return status == AF_OK ? fn(context, hit, record, enough, err) : status;
}

enum status ticket_search_walk(struct app *app, struct txn *txn, struct search_request *request,
                               uint32_t most, struct arena *arena, ticket_hit_fn fn, void *context,
                               uint64_t *total, struct error *err)
{
    const uint32_t page = request->limit;
    struct search_result result = {0};
    bool enough = false;
    enum status status = AF_OK;
    uint32_t looked = 0;

    request->audience = AUDIENCE_INTERNAL;
    while (status == AF_OK && !enough && looked < most) {
        request->offset = looked;
        request->limit = most - looked < page ? most - looked : page;
        status = ticket_index_search(app_tickets(app), request, arena, &result, err);
        for (uint32_t i = 0; status == AF_OK && !enough && i < result.hits_count; i++)
            status = hand_out(txn, &result.hits[i], fn, context, &enough, err);
        if (status == AF_OK && looked == 0 && total != NULL)
            *total = result.total;
        looked += request->limit;
        enough = enough || result.hits_count < request->limit;
    }
    return status;
}

/* --- a list -------------------------------------------------------------------------------- */

bool ticket_search_why(json_t *row, const struct hit *hit)
{
    bool ok = row != NULL;

    json_put(row, "score", json_real(hit->score), &ok);
    json_put(row, "snippet", json_from_bytes(hit->snippet.text), &ok);
    json_put(row, "snippet_marks", marks_json(&hit->snippet), &ok);
    json_put(row, "title_marks", marks_json(&hit->title), &ok);
    json_put(row, "reasons", reasons_json(hit->reasons), &ok);
    return ok;
}

struct listing {
    const struct ticket_filter *filter;
    json_t *rows;
};

static enum status add_row(void *context, const struct hit *hit, struct bytes record, bool *enough,
                           struct error *err)
{
    struct listing *listing = context;
    struct ticket_row read;
    json_t *row;

    if (!ticket_row_read(record, &read))
        return error_set(err, AF_CORRUPT, "damaged: table ticket: a record is no object");
    if (!ticket_filter_passes(listing->filter, &read))
        return AF_OK;
    row = ticket_row_json(&read);
    if (!ticket_search_why(row, hit) || json_array_append(listing->rows, row) != 0) {
        json_decref(row);
        return error_set(err, AF_NO_MEMORY, "no memory for a list of tickets");
    }
    json_decref(row);
    *enough = json_array_size(listing->rows) == listing->filter->limit;
    return AF_OK;
}

/* What of a filter the index knows: the rest is looked up in the records that are found. */
static struct bytes stage_of(const struct ticket_filter *filter)
{
    enum ticket_state state;

    if (bytes_equal(filter->state, BYTES_LIT("open")))
        return BYTES_LIT(TICKET_FOUND_LIVE);
    if (ticket_state_parse(filter->state, &state))
        return bytes_str(ticket_text_stage(state));
    return filter->person.len > 0 ? BYTES_LIT(TICKET_FOUND_LIVE) : BYTES_NONE;
}

static enum status fill(struct app *app, struct listing *listing, struct arena *arena,
                        uint64_t *total, struct error *err)
{
    struct search_request request = {
        .query = listing->filter->text,
        .product = listing->filter->product,
        .category = stage_of(listing->filter),
        .limit = listing->filter->limit < PAGE_MAX ? listing->filter->limit : PAGE_MAX,
        .snippets = true};
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    status = ticket_search_walk(app, txn, &request, TICKET_SEARCH_MOST, arena, add_row, listing,
                                total, err);
    txn_abort(txn);
    return status;
}

enum status ticket_search_list(struct app *app, const struct ticket_filter *filter, json_t **list,
                               struct error *err)
{
    struct listing listing = {filter, json_array()};
    struct arena *arena = arena_new(SEARCH_ARENA_BYTES);
    uint64_t total = 0;
    json_t *result = NULL;
    enum status status = AF_NO_MEMORY;

    if (arena != NULL && listing.rows != NULL)
        status = fill(app, &listing, arena, &total, err);
    else
        (void)error_set(err, AF_NO_MEMORY, "no memory for a list of tickets");
    if (status == AF_OK) {
        result = json_pack("{s:O,s:I}", "tickets", listing.rows, "total", (json_int_t)total);
        if (result == NULL)
            status = error_set(err, AF_NO_MEMORY, "no memory for a list of tickets");
    }
    json_decref(listing.rows);
    arena_free(arena);
    if (status == AF_OK)
        *list = result;
    return status;
}

/* --- what a ticket asks ---------------------------------------------------------------------- */

void ticket_question(const json_t *ticket, struct buf *out)
{
    const json_t *post;
    const char *said = "";
    size_t i;

    json_array_foreach(json_object_get(ticket, "posts"), i, post)
    {
        if (strcmp(json_get_str(post, "from"), "customer") == 0)
            said = json_get_str(post, "text");
    }
    buf_printf(out, "%s\n%s\n%s", json_get_str(ticket, "title"), json_get_str(ticket, "text"),
               said);
}
