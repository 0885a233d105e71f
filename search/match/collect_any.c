#include "search/match/collect_impl.h"

#include <stdlib.h>

#define NOTE_SHARE 2         /* bounds are told first when they drop half of the documents */
#define BOUND_SLACK 1.00001f /* sums of the same parts in another order */

struct any {
    struct collect *c;
    struct lane *lanes;
    uint32_t count;
    uint32_t first;                         /* lanes before it find no documents of their own */
    float bounds[CANDIDATE_GROUPS_MAX + 1]; /* [i]: what the lanes before i are worth at most */
    float masses[CANDIDATE_GROUPS_MAX + 1]; /* and their mass */
    const struct topk *all;                 /* the documents that have all lanes, or NULL */
    bool notes;                             /* bounds dropped most of the last stretch */
    /* documents of the stretch that a weak lane is asked about */
    uint32_t asked_count;
    uint16_t asked[COLLECT_WINDOW];
    uint64_t set[COLLECT_WINDOW / 64];
};

static int weakest_first(const void *a, const void *b)
{
    const struct lane *x = a, *y = b;

    if (x->most < y->most || y->most < x->most)
        return x->most < y->most ? -1 : 1;
    return x->group->start != y->group->start ? (x->group->start < y->group->start ? -1 : 1) : 0;
}

/* What the lanes other than `lane` are worth at most together: when documents with all of them are
 * not wanted, the weakest of them is missing. */
static float others_most(const struct any *any, uint32_t lane)
{
    float others = any->bounds[any->count] - any->lanes[lane].most;

    if (any->all == NULL || any->count < 2)
        return others;
    return others - any->lanes[lane == 0 ? 1 : 0].most;
}

static bool is_among(const struct topk *top, uint64_t key)
{
    for (uint32_t i = 0; i < top->count; i++)
        if (top->items[i].key == key)
            return true;
    return false;
}

/* --- the weak lanes ---------------------------------------------------------------------- */

/* Documents that one weak lane is asked about: with all that is left to be asked they can reach the
 * bar. One that has the only strong lane cannot have all weak ones, when documents with all are not
 * wanted. */
static void choose_asked(struct any *any, uint32_t lane)
{
    const struct window *w = any->c->window;
    float left = any->bounds[lane + 1];
    float missing = any->all != NULL && any->first + 1 == any->count ? any->lanes[0].most : 0;
    double bar = collect_worst(any->c);
    uint32_t count = 0;

    for (uint32_t i = 0; i < any->asked_count; i++) {
        uint16_t at = any->asked[i];
        float more = w->cells[at].lacks ? left : left - missing;

        any->asked[count] = at;
        count += (more > 0) & ((double)(w->cells[at].sum + more) > bar);
    }
    any->c->skipped = any->c->skipped || count < any->asked_count;
    any->asked_count = count;
}

/* Adds what the lane says about them. */
static void add_asked(struct any *any, const struct lane *lane)
{
    struct window *w = any->c->window;

    for (uint32_t i = 0; i < any->asked_count; i++) {
        uint16_t at = any->asked[i];
        struct window_cell *cell = &w->cells[at];
        bool found = window_found(w, at);

        cell->sum += found ? lane->group->weight * cell->best : 0;
        cell->mass += found ? lane->mass : 0;
        cell->lacks |= !found;
    }
}

/* The strongest first, while they can still matter. */
static enum status ask_weak(struct any *any)
{
    struct window *w = any->c->window;
    enum status status = AF_OK;

    any->asked_count = w->count;
    memcpy(any->asked, w->list, w->count * sizeof *any->asked);
    for (uint32_t i = any->first; status == AF_OK && i > 0; i--) {
        struct lane *lane = &any->lanes[i - 1];

        choose_asked(any, i - 1);
        if (any->asked_count == 0)
            break;
        window_set_of(any->asked, any->asked_count, any->set);
        status = window_ask(w, lane, segment_docs(any->c->segment), any->set, any->asked_count,
                            any->c->err);
        add_asked(any, lane);
    }
    return status;
}

/* --- one stretch ------------------------------------------------------------------------- */

static void finish_document(struct any *any, uint32_t doc)
{
    struct collect *c = any->c;
    const struct window_cell *cell = &c->window->cells[doc - c->window->base];
    double score = (double)cell->sum;
    float mass = cell->mass;

    if (mass < c->floor ||
        (score < collect_worst(c) && (mass < c->enough || c->matched >= TOTAL_COUNTED)) ||
        !collect_accepts(c, doc))
        return;
    if (any->all != NULL && is_among(any->all, collect_key(c, doc)))
        return;
    c->matched += mass >= c->enough;
    collect_offer(c, doc, score);
}

/* Documents that cannot reach the bar, by bounds, are counted and dropped; the others are summed up
 * from what was noted. */
static void sum_up(struct any *any)
{
    struct window *w = any->c->window;
    double bar = collect_worst(any->c) - (double)any->bounds[any->first];
    bool counting = any->c->matched < TOTAL_COUNTED;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < w->count; i++) {
        uint16_t at = w->list[i];
        bool keep = (double)(w->cells[at].sum * BOUND_SLACK) > bar;

        w->cells[at].sum = 0;
        if (counting && !keep)
            finish_document(any, w->base + at);
        w->cells[at].mass = 0;
        w->list[kept] = at;
        kept += keep;
    }
    any->c->skipped = any->c->skipped || kept < w->count;
    any->notes = kept <= w->count / NOTE_SHARE;
    w->count = kept;
    window_set_of(w->list, kept, w->touched);
    window_add_noted(w);
}

static enum status add_strong(struct any *any)
{
    struct collect *c = any->c;
    bool note = any->notes && collect_worst(c) > 0 &&
                window_has_room(c->window, any->lanes + any->first, any->count - any->first);
    enum status status = AF_OK;

    for (uint32_t i = any->first; status == AF_OK && i < any->count; i++) {
        float bar = (float)collect_worst(c) - others_most(any, i);

        status = note ? window_note(c->window, &any->lanes[i], bar, true, c->err)
                      : window_add(c->window, &any->lanes[i], bar, c->err);
    }
    if (status == AF_OK && note)
        sum_up(any);
    return status;
}

static enum status close_window(struct any *any)
{
    struct window *w = any->c->window;
    enum status status = any->first > 0 ? ask_weak(any) : AF_OK;

    for (uint32_t i = 0; status == AF_OK && i < w->count; i++)
        finish_document(any, w->base + w->list[i]);
    window_clear(w);
    return status;
}

/* --- all of them ------------------------------------------------------------------------- */

static uint32_t next_document(const struct any *any)
{
    uint32_t doc = DOC_END;

    for (uint32_t i = any->first; i < any->count; i++)
        doc = any->lanes[i].doc < doc ? any->lanes[i].doc : doc;
    return doc;
}

/* Lanes that together reach neither the heap nor the mass that is wanted find nothing. */
static void choose_first(struct any *any)
{
    while (any->first < any->count &&
           ((double)any->bounds[any->first + 1] <= collect_worst(any->c) ||
            any->masses[any->first + 1] < any->c->floor)) {
        any->first++;
        any->c->skipped = true;
    }
}

enum status collect_any(struct collect *c, struct lane *lanes, uint32_t count,
                        const struct topk *all)
{
    struct any any;
    enum status status = AF_OK;
    uint32_t doc;

    any.c = c;
    any.lanes = lanes;
    any.count = count;
    any.all = all;
    any.notes = true;
    any.first = 0;
    any.bounds[0] = any.masses[0] = 0;
    qsort(lanes, count, sizeof *lanes, weakest_first);
    for (uint32_t i = 0; i < count; i++) {
        if (lanes[i].group->kind == GROUP_CODE && lanes[i].mass < c->floor)
            lanes[i].mass = c->floor; /* a code is enough by itself */
        any.bounds[i + 1] = any.bounds[i] + lanes[i].most;
        any.masses[i + 1] = any.masses[i] + lanes[i].mass;
    }
    choose_first(&any);
    while (status == AF_OK && !collect_is_spent(c) && (doc = next_document(&any)) != DOC_END) {
        window_begin(c->window, doc);
        status = add_strong(&any);
        if (status == AF_OK)
            status = close_window(&any);
        choose_first(&any);
    }
    return collect_end(c, status);
}
