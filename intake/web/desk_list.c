/* desk_list.c: the work lists (desk_page.h). */
#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/desk/ticket.h"
#include "intake/draft/draft.h"
#include "intake/rules/names.h"
#include "intake/rules/rules.h"
#include "intake/web/desk_page.h"
#include "intake/web/sign_in.h"

#define PAGE_TICKETS 50

/* --- tabs ------------------------------------------------------------------------------------ */

static bool is_of_tab(const struct desk_tab *tab, enum ticket_state state)
{
    if (strcmp(tab->state, "all") == 0)
        return true;
    if (strcmp(tab->state, "open") == 0)
        return ticket_state_is_open(state);
    return strcmp(tab->state, ticket_state_name(state)) == 0;
}

/* What the other filters leave of each state. */
static enum status count_tabs(struct visit *v, const struct ticket_filter *filter,
                              struct desk_tab *tabs, size_t count)
{
    uint32_t counts[TICKET_STATES];
    enum status status =
        ticket_counts(v->site->app, &v->pg.who, filter->group, filter->person, counts, v->err);

    if (status != AF_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        for (unsigned s = 0; s < TICKET_STATES; s++) {
            if (!is_of_tab(&tabs[i], (enum ticket_state)s))
                continue;
            tabs[i].count += counts[s];
            tabs[i].is_more |= counts[s] == TICKET_COUNT_MAX;
        }
    return AF_OK;
}

/* --- filters --------------------------------------------------------------------------------- */

static enum status read_filter(struct visit *v, struct ticket_filter *filter,
                               struct desk_view *view)
{
    struct request *req = v->req;

    filter->limit = PAGE_TICKETS;
    filter->by_due = true;
    filter->after = request_query(req, "after");
    filter->group = request_query(req, "group");
    filter->text = request_query(req, "q");
    view->is_mine = bytes_equal(request_query(req, "mine"), BYTES_LIT("1"));
    if (view->is_mine)
        filter->person = bytes_str(v->pg.who.name);
    filter->state = request_query(req, "state");
    if (filter->state.len == 0)
        filter->state = BYTES_LIT("open");
    view->state = arena_str(req->arena, filter->state);
    view->group = arena_str(req->arena, filter->group);
    view->text = arena_str(req->arena, filter->text);
    if (bytes_equal(filter->state, BYTES_LIT("all")))
        filter->state = BYTES_NONE;
    return view->state == NULL || view->group == NULL || view->text == NULL
               ? arena_exhausted(req->arena, v->err)
               : AF_OK;
}

/* The groups of the rules, for the picker. */
static enum status read_groups(struct visit *v, const struct rules *rules, struct desk_view *view)
{
    const struct bytes lang = bytes_str(lang_tag(v->pg.lang));
    const json_t *list = json_object_get(rules->docs[RULES_GROUPS], "groups"), *group;
    struct desk_group *groups =
        arena_alloc(v->req->arena, (json_array_size(list) + 1) * sizeof *groups);
    size_t i;

    if (groups == NULL)
        return arena_exhausted(v->req->arena, v->err);
    json_array_foreach(list, i, group)
    {
        const char *name = rules_name_in(json_object_get(group, "name"), lang);

        groups[i].id = json_get_str(group, "id");
        groups[i].name = name[0] != '\0' ? name : groups[i].id;
    }
    view->groups = groups;
    view->group_count = json_array_size(list);
    return AF_OK;
}

/* --- the page -------------------------------------------------------------------------------- */

static enum status show(struct visit *v, const struct ticket_filter *filter, struct desk_view *view)
{
    struct rules rules;
    json_t *list, *drafts = NULL;
    enum status status = rules_load_now(v->site->app, &rules, v->err);

    if (status != AF_OK)
        return status;
    status = read_groups(v, &rules, view);
    if (status == AF_OK)
        status = draft_list(v->site->app, &v->pg.who, &drafts, v->err);
    if (status == AF_OK)
        status = ticket_list(v->site->app, &v->pg.who, filter, &list, v->err);
    if (status == AF_OK) {
        view->list = list;
        view->drafts = drafts;
        view->now_ms = clock_now_ms();
        view_desk(&v->pg, view);
        json_decref(list);
    }
    json_decref(drafts);
    rules_release(&rules);
    return status;
}

enum status desk_page_list(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct desk_tab tabs[] = {
        {.state = "open"},        {.state = "submitted"},
        {.state = "in_progress"}, {.state = "pending_customer"},
        {.state = "resolved"},    {.state = "closed"},
        {.state = "all"},
    };
    struct desk_view view = {.tabs = tabs, .tab_count = sizeof tabs / sizeof tabs[0]};
    struct ticket_filter filter = {0};
    struct visit v;
    enum status status;

    visit_begin(&v, app, req, rep, err);
    if (!who_is_staff(&v.pg.who))
        return sign_in_first(&v);
    if ((status = read_filter(&v, &filter, &view)) != AF_OK ||
        (status = count_tabs(&v, &filter, tabs, view.tab_count)) != AF_OK ||
        (status = show(&v, &filter, &view)) != AF_OK)
        return visit_fail(&v, status);
    return visit_end(&v, 200);
}
