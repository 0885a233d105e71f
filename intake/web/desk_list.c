/* desk_list.c: the list of tickets (desk_page.h). */
#include "intake/desk/ticket.h"
#include "intake/web/desk_page.h"
#include "intake/web/sign_in.h"

#define PAGE_TICKETS 50
#define COUNTED_TICKETS 200 /* of open ones; "200+" is as telling to a desk as the number */

static uint64_t count_state(const json_t *list, const char *state)
{
    const json_t *row;
    uint64_t count = 0;
    size_t i;

    json_array_foreach(json_object_get(list, "tickets"), i, row) count +=
        strcmp(state, "open") == 0 || strcmp(json_get_str(row, "state"), state) == 0;
    return count;
}

/* One reading of the open tickets gives the numbers of all tabs that are about them. */
static enum status count_tabs(struct visit *v, struct desk_tab *tabs, size_t count)
{
    const struct ticket_filter filter = {.state = BYTES_LIT("open"), .limit = COUNTED_TICKETS};
    json_t *list;
    enum status status = ticket_list(v->site->app, &v->pg.who, &filter, &list, v->err);

    if (status != AF_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        if (!tabs[i].is_known)
            continue;
        tabs[i].count = count_state(list, tabs[i].state);
        tabs[i].is_more = json_get_u64(list, "next") > 0;
    }
    json_decref(list);
    return AF_OK;
}

static enum status read_filter(struct visit *v, struct ticket_filter *filter, const char **state)
{
    uint64_t before;
    enum status status = request_query_u64(v->req, "before", 0, UINT32_MAX, 0, &before, v->err);

    if (status != AF_OK)
        return status;
    filter->limit = PAGE_TICKETS;
    filter->before = (uint32_t)before;
    filter->state = request_query(v->req, "state");
    if (filter->state.len == 0)
        filter->state = BYTES_LIT("open");
    *state = arena_str(v->req->arena, filter->state);
    if (bytes_equal(filter->state, BYTES_LIT("all")))
        filter->state = BYTES_NONE;
    return *state == NULL ? arena_exhausted(v->req->arena, v->err) : AF_OK;
}

enum status desk_page_list(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct desk_tab tabs[] = {
        {.state = "open",        .is_known = true},
        {.state = "submitted",                      .is_known = true},
        {.state = "in_progress",.is_known = true},
        {.state = "pending_customer", .is_known = true},
        {.state = "resolved",                      .is_known = true},
        {.state = "closed"     },
        {.state = "all"   },
    };
    struct desk_view view = {.tabs = tabs, .tab_count = sizeof tabs / sizeof tabs[0]};
    struct ticket_filter filter = {0};
    json_t *list;
    struct visit v;
    enum status status;

    visit_begin(&v, app, req, rep, err);
    if (!who_is_staff(&v.pg.who))
        return sign_in_first(&v);
    if ((status = read_filter(&v, &filter, &view.state)) != AF_OK ||
        (status = count_tabs(&v, tabs, view.tab_count)) != AF_OK ||
        (status = ticket_list(v.site->app, &v.pg.who, &filter, &list, err)) != AF_OK)
        return visit_fail(&v, status);
    view.list = list;
    view_desk(&v.pg, &view);
    json_decref(list);
    return visit_end(&v, 200);
}
