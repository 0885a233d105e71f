/* ask.h: the step before a ticket: a question, the answers shown, what came of it.
 *
 * A consult's life (DOMAIN.md 1.2, AnswerSession); each arrow is one command in the journal:
 *
 *                  ask_again, ask_opened
 *                       ┌──┐
 *   ask_begin ──► open ─┘  ├──► solved        (a case and perhaps a rating)
 *                          ├──► not_solved ──► ticket   (ticket.h)
 *                          └──► no_result  ──► ticket   (nothing was ever found)
 *
 * A consult's id is 128 random bits: knowing it is the permission to go on with it. A case can
 * only be opened or have solved it when it was shown in this consult, so that nobody raises a
 * count by calling the API. */
#ifndef ASKFIRST_INTAKE_ASK_ASK_H
#define ASKFIRST_INTAKE_ASK_ASK_H

#include "intake/app.h"
#include "intake/who.h"

struct ask_input {
    struct bytes text;     /* the question */
    struct bytes product;  /* filters the answers; empty: all */
    struct bytes channel;  /* "web" by default; see ticket.h */
    struct bytes lang;     /* of the person's page; kept, does not filter */
    struct bytes asker;    /* who asks, as this face knows him: an address, a program's name for
                           * him. Only a hash of it is kept, that each may speak for one */
    const json_t *contact; /* of staff and programs alone: who it is that asks, an object of strings
                            * as a ticket's; the consult is in his past. NULL: not known */
    uint32_t answers_max;  /* how many this face shows in this consult, since only what was shown
                           * may be counted so; 0: CONSULT_SHOWN_MAX */
    const char *key;       /* idempotency key, or NULL */
};

/* Searches, then writes down question and answers. *consult_id lives in `arena`, and so do the
 * answers (at most CONSULT_SHOWN_MAX). AF_INVALID for an empty text or an unknown channel. */
enum status ask_begin(struct app *app, const struct who *who, const struct ask_input *input,
                      struct arena *arena, const char **consult_id, struct search_result *answers,
                      struct error *err) MUST_USE;

/* Another wording in the same consult. AF_NOT_FOUND; AF_CONFLICT once it is settled. */
enum status ask_again(struct app *app, const struct who *who, const char *consult_id,
                      struct bytes text, struct arena *arena, struct search_result *answers,
                      struct error *err) MUST_USE;

/* AF_CONFLICT when the case was not among the answers of this consult. Opening twice is one. */
enum status ask_opened(struct app *app, const struct who *who, const char *consult_id,
                       struct bytes case_id, struct error *err) MUST_USE;

struct ask_outcome {
    bool solved;
    struct bytes case_id; /* solved: which one; may be empty (solved otherwise) */
    int rating;           /* 1 … 5, or 0 for none */
    struct bytes reason;  /* not solved: steps, version, unclear, other, or own words */
};

/* *consult is the record as ask_get gives it. Saying the same again is AF_OK; AF_CONFLICT when
 * it was settled otherwise. */
enum status ask_settle(struct app *app, const struct who *who, const char *consult_id,
                       const struct ask_outcome *outcome, json_t **consult,
                       struct error *err) MUST_USE;

/* {"id","at","state","channel","product","lang","queries":[{"at","text","shown":[{"case",
 * "version"}]}],"opened":[{"case","version","at"}],"outcome"?:{"solved","case"?,"rating"?,
 * "reason"?,"at"},"ticket"?:n}. The caller owns it. */
enum status ask_get(struct app *app, const char *consult_id, json_t **consult,
                    struct error *err) MUST_USE;

#endif
