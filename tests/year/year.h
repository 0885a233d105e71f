/* year.h: a year of a small company's service desk, played by a fixed clock with the services that
 * pages, programs and commands use.
 *
 * Every hour a few tickets that are there are picked by chance, and something that people do is
 * tried on each; what the tables refuse is refused, and is part of a year too. Nothing here knows
 * what a report counts. */
#ifndef ASKFIRST_TESTS_YEAR_YEAR_H
#define ASKFIRST_TESTS_YEAR_YEAR_H

#include "tests/intake/api/fixture.h"

#define YEAR_TICKETS_MAX 2000

struct ticket_of_year {
    uint32_t no;
    char follow_up[40];
    bool is_over; /* not open any more when it was last looked at */
};

struct year {
    struct fixture *f;
    struct test_random random;
    int64_t now_ms;
    struct ticket_of_year tickets[YEAR_TICKETS_MAX];
    uint32_t count;
};

/* Something that people do to a ticket: AF_OK when it was done; a refusal is no failure. */
typedef enum status (*deed_fn)(struct year *year, struct ticket_of_year *ticket, struct error *err);

struct deed {
    const char *name;
    unsigned weight;   /* how often it is tried, beside the others */
    unsigned at_least; /* times that it has to be done in a year */
    deed_fn fn;
};
/* Deeds of year_colleagues.c. */
enum status year_assign(struct year *year, struct ticket_of_year *ticket, struct error *err);
enum status year_transfer(struct year *year, struct ticket_of_year *ticket, struct error *err);
enum status year_escalate(struct year *year, struct ticket_of_year *ticket, struct error *err);
enum status year_result(struct year *year, struct ticket_of_year *ticket, struct error *err);
enum status year_notice(struct year *year, struct ticket_of_year *ticket, struct error *err);
enum status year_manage(struct year *year, struct ticket_of_year *ticket, struct error *err);

/* Somebody of the staff. */
struct who year_staff(struct year *year);

extern const struct deed year_deeds[];
extern const size_t year_deeds_count;

/* Deeds of year_outside.c. */
enum status year_hand_over(struct year *year, struct ticket_of_year *ticket,
                           struct error *err) MUST_USE;
enum status year_handoff_step(struct year *year, struct ticket_of_year *ticket,
                              struct error *err) MUST_USE;
enum status year_request_part(struct year *year, struct ticket_of_year *ticket,
                              struct error *err) MUST_USE;
enum status year_part_step(struct year *year, struct ticket_of_year *ticket,
                           struct error *err) MUST_USE;

static inline uint32_t year_below(struct year *year, uint32_t bound)
{
    return test_random_below(&year->random, bound);
}

/* True so many times of a thousand. */
static inline bool year_chance(struct year *year, uint32_t per_mille)
{
    return year_below(year, 1000) < per_mille;
}

/* Documents of the company: calendars, products, groups, people. */
void year_rules(struct year *year);
/* Some person or program reports something. AF_OK: the ticket is in the list. */
enum status year_open(struct year *year, struct error *err) MUST_USE;

#endif
