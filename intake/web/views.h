/* views.h: what each page shows, and the functions that template_gen.c makes from *.html.
 *
 * A handler fills one of these structs; the template only shows it. Everything is borrowed from
 * the request's arena or from a JSON value that the handler holds. */
#ifndef ASKFIRST_INTAKE_WEB_VIEWS_H
#define ASKFIRST_INTAKE_WEB_VIEWS_H

#include "intake/form/field_kind.h"
#include "intake/http/problem.h"
#include "intake/route/route.h"
#include "intake/rules/rules.h"
#include "intake/ticket/ticket_flow.h"
#include "intake/vocabulary.h"
#include "intake/web/asset.h"
#include "intake/web/case_text.h"
#include "intake/web/page.h"

/* What every form about an answer carries, so that it works with and without a consult. */
struct ask_state {
    struct bytes question, product;
    const char *consult_id; /* "" before the first answer was opened */
};

struct answer_row {
    const struct hit *hit;
    uint64_t helped;              /* tickets and people it has helped */
    const struct case_text *body; /* NULL: not open */
    bool is_sure;                 /* far ahead of the others */
    bool is_solved;               /* this consult ended with it */
    int rating;                   /* 0: none yet */
};

struct answers_view {
    const struct ask_state *state;
    const struct answer_row *rows;
    size_t count;
    const struct search_result *found;
    const struct bytes *products;
    size_t product_count;
};

/* What is wrong at one element of the ticket form. */
struct field_error {
    const char *field;        /* the element's id */
    struct bytes label, text; /* in the reader's words */
};

struct ticket_form_view {
    const char *update; /* where the button goes that asks anew */
    const struct ask_state *state;
    const char *key;      /* of this sending: twice is one */
    const char *draft;    /* id of what is being written */
    bool is_kept;         /* somebody pressed "finish later" */
    const json_t *values; /* of the elements by their names (form_values.h) */
    const struct rules *rules;
    const json_t *form;           /* of the rules: for what is chosen */
    const struct bytes *products; /* of cases: for who keeps no product tree */
    size_t product_count;
    const struct field_error *errors;
    size_t error_count;
    const char *refusal;   /* the service's sentence, or NULL */
    const json_t *consult; /* what is attached; NULL: none */
};

/* What a ticket is about, and what is to be filled in. */
struct sort_view {
    const struct ticket_form_view *form;
    const json_t *ticket;
    uint64_t no;
    const char *proposed; /* another group, by routing; or NULL */
};

/* One field of the form as an element of the page. */
struct form_element {
    const json_t *field, *value; /* value NULL: empty */
    enum field_kind kind;
    const char *id, *name, *text, *type;
    struct bytes asked, when;         /* "Only if ASKED is WHEN"; empty: always */
    struct bytes when_field, when_is; /* the same for script: an element, and ids between blanks */
    bool has_help;
};

struct follow_view {
    const json_t *ticket;
    const char *key;    /* of the link */
    const char *link;   /* whole address */
    const char *action; /* idempotency key of the reply form */
    bool is_new;        /* just sent: say what happens next */
    bool is_empty;      /* a reply without text was refused */
    const char *survey; /* path of a survey that waits for him; NULL: none does */
    bool may_reopen;    /* closed, and his word opens it again */
};

struct survey_view {
    const json_t *survey; /* survey_get() */
    const char *key, *action, *ask;
    struct bytes text; /* that he wrote, when there is something to mend */
    int score;         /* 0: none yet */
    bool is_without_score;
};

struct desk_tab {
    const char *state; /* as in ticket_filter; "" is all */
    uint64_t count;
    bool is_known; /* the count */
    bool is_more;  /* at least so many */
};

struct desk_group {
    const char *id, *name; /* name: in the page's language */
};

struct desk_view {
    const json_t *list;
    const json_t *drafts; /* draft_list() */
    const char *state;
    const struct desk_tab *tabs;
    size_t tab_count;
    const struct desk_group *groups;
    size_t group_count;
    const char *group; /* "": all of them */
    const char *text;  /* what its tickets' words find; "": all of them */
    bool is_mine;      /* only what the reader has in hand */
    int64_t now_ms;    /* what is due before is late */
};

struct prior_case {
    const struct hit *hit;
    uint64_t helped;
    const struct case_text *body;
    bool resolved_by, sent, not_helpful; /* links of this ticket to it */
};

struct desk_ticket_view {
    const json_t *ticket;
    uint64_t no;
    const struct prior_case *prior;
    size_t prior_count;
    const json_t *alike; /* tickets (ticket_similar()), or NULL */
    struct bytes find;  /* own words in the panel's search box */
    struct bytes draft; /* text put into the reply box */
    const char *action; /* idempotency key of the reply form */
    const char *refusal;
    struct bytes reason;     /* of a step that was refused */
    bool is_changed;         /* by somebody else, since the page that this was sent from */
    const json_t *new_posts; /* since that page, which showed so many events */
    uint64_t shown_events;
};

struct vocabulary_view {
    struct bytes text;
    uint32_t version;
    struct vocabulary_counts counts;
    const struct vocabulary_faulty *faults;
    size_t faults_count, faults_all; /* shown; there are */
    bool is_saved, is_changed;       /* just now; by somebody else meanwhile */
    bool is_too_large;
    struct bytes question;    /* to be tried; empty: none */
    const json_t *understood; /* vocabulary_try() */
};

struct rules_row {
    const char *name;
    uint32_t version; /* 0: as shipped */
};

struct rules_view {
    const char *name;
    struct bytes text; /* JSON, as people edit it */
    uint32_t version;
    const json_t *complaints; /* [{"place","message"}], or NULL */
    const char *refusal;      /* the sentence, or NULL: it is what is there */
    bool is_saved, is_changed, can_change;
};

struct route_view {
    struct route_question question;
    const struct route_answer *answer;
    const char *group, *at; /* at: as it was typed */
};

/* Short words for a page: "3 ms", the day of an RFC 3339 time, a language in one letter or two. */
struct bytes took_text(struct page *pg, int64_t took_us);
struct bytes page_day(struct page *pg, struct bytes rfc3339);
/* How far an RFC 3339 time is, or how long past; false: it is none. */
bool minutes_until(const char *at, int64_t now_ms, int64_t *minutes, bool *is_late);
const char *lang_short(enum lang lang);
/* The name under which the catalog explains a kind of problem. */
struct bytes problem_word(const struct problem_kind *kind);

/* form_words.c: for the ticket form. A document's words in the page's language; is `id` the value,
 * or one of a list; the types for the product; a field as an element; what was filled in, for
 * people. */
const char *form_words(struct page *pg, const json_t *object, const char *member);
bool form_is_chosen(const json_t *value, const char *id);
bool form_type_is_shown(const struct ticket_form_view *v, const json_t *type);
struct bytes form_type_name(struct page *pg, const struct rules *rules, const json_t *type);
struct form_element form_element_of(struct page *pg, const struct ticket_form_view *v,
                                    const json_t *field);
struct bytes form_boxes_shown(struct page *pg, const json_t *form);
struct bytes form_answer(struct page *pg, const json_t *field, const json_t *value);

/* Title of a case named in a consult or a link; its id when it cannot be read. */
struct bytes case_title(struct page *pg, const char *id);

void view_top(struct page *pg, struct bytes title, const char *body_class);
void view_bottom(struct page *pg);
/* `none`: what choosing no product is called. */
void view_products(struct page *pg, const struct bytes *products, size_t count, struct bytes chosen,
                   struct bytes none);
void view_blocks(struct page *pg, struct bytes text);
void view_case_parts(struct page *pg, const struct case_text *c);
void view_tags(struct page *pg, const struct hit *hit, uint64_t helped);

void view_ask(struct page *pg, const struct answers_view *v);
void view_answers(struct page *pg, const struct answers_view *v);
void view_suggestions(struct page *pg, const struct suggest_result *v);
void view_state(struct page *pg, const struct ask_state *state, struct bytes case_id);
void view_open_form(struct page *pg, const struct ask_state *state, struct bytes case_id);
void view_opened(struct page *pg, const struct ask_state *state, const struct answer_row *row,
                 struct bytes case_id);
void view_verdict(struct page *pg, const struct ask_state *state, struct bytes case_id);
void view_thanks(struct page *pg, const struct ask_state *state, struct bytes case_id, int rating);

void view_case(struct page *pg, const struct case_text *c, const struct search_result *like);
void view_ticket_form(struct page *pg, const struct ticket_form_view *v);
/* The fields of the form alone, when something else is chosen. */
void view_asked(struct page *pg, const struct ticket_form_view *v);
void view_sort(struct page *pg, const struct sort_view *v);
/* What was filled in on a ticket, with the words it was asked with. */
void view_filled_in(struct page *pg, const json_t *ticket);
void view_consult(struct page *pg, const json_t *consult);
void view_posts(struct page *pg, const json_t *posts);
void view_follow(struct page *pg, const struct follow_view *v);
/* files_page.c: of one file; and all of them below BASE, with a form that sends more to ACTION. */
bool file_is_shown(const json_t *file);
struct bytes file_size(struct page *pg, const json_t *file);
void view_files(struct page *pg, const json_t *ticket, const char *base, const char *action,
                const char *key);
void view_ending(struct page *pg, const struct follow_view *v);
void view_desk_ending(struct page *pg, const json_t *ticket);
void view_survey(struct page *pg, const struct survey_view *v);
void view_sign_in(struct page *pg, struct bytes name, struct bytes next, bool is_refused);
void view_desk(struct page *pg, const struct desk_view *v);
void view_desk_ticket(struct page *pg, const struct desk_ticket_view *v);
/* Fields of a form: what its page showed of the ticket. */
void view_shown(struct page *pg, const json_t *ticket);
void view_changed(struct page *pg, const json_t *ticket, const json_t *new_posts, uint64_t events);
void view_prior(struct page *pg, const struct desk_ticket_view *v);
void view_alike(struct page *pg, const struct desk_ticket_view *v);
void view_vocabulary(struct page *pg, const struct vocabulary_view *v);
void view_rules_list(struct page *pg, const struct rules_row *rows, size_t count);
void view_rules(struct page *pg, const struct rules_view *v);
void view_route(struct page *pg, const struct route_view *v);
void view_problem(struct page *pg, const struct problem *problem);

#endif
