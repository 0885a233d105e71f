/* who.h: on whose behalf something is done. Made by the faces (page, API, command line) after
 * they know who asks; every service call takes one. */
#ifndef ASKFIRST_INTAKE_WHO_H
#define ASKFIRST_INTAKE_WHO_H

#include "data/article.h"

enum role { ROLE_CUSTOMER, ROLE_ENGINEER, ROLE_AUTHOR, ROLE_SUPERVISOR, ROLE_ADMIN, ROLE_COUNT };

/* What a program's token may be used for, where its role alone would allow more. */
enum scope {
    SCOPE_SEARCH_READ = 1,   /* search:read: cases that the role may see; else only public ones */
    SCOPE_TICKETS_READ = 2,  /* tickets:read */
    SCOPE_TICKETS_WRITE = 4, /* tickets:write; reading is part of it */
    SCOPE_CASES_WRITE = 8,   /* cases:write */
};
#define SCOPE_ALL 15u

#define WHO_NAME_BYTES 64

struct who {
    enum role role;
    char name[WHO_NAME_BYTES]; /* of the account; empty for a customer */
    enum audience audience;    /* the widest cases this person may see */
    unsigned scopes;           /* enum scope; all of them for people */
    bool is_system;            /* nobody: time has passed */
    bool is_outside;           /* whom a question was handed to, by his link */
    uint64_t if_version; /* of the ticket that this person looked at: what he asks for is done while
                          * it is that (ticket_change.h). 0: whatever it is */
};

#define WHO_NO_VERSION UINT64_MAX /* he named one that no ticket can have */

const char *role_name(enum role role);
bool role_parse(struct bytes name, enum role *out);

struct who who_customer(void); /* anybody: not signed in, sees public cases */
struct who who_operator(void); /* the command line: whoever can write the data folder */
struct who who_system(void);   /* what happens by itself: the sweep of timers */
struct who who_outside(const char *target); /* may do what the link is for, and see what it shows */
struct who who_staff(enum role role, const char *name);

static inline bool who_is_staff(const struct who *who)
{
    return who->role != ROLE_CUSTOMER;
}

/* "tickets:read cases:write", separated by blanks or commas; empty is all. False for a word that
 * is none, which is at *bad. */
bool scopes_parse(struct bytes text, unsigned *out, struct bytes *bad);
const char *scope_name(enum scope scope);

/* "lin.wei", or the role of who has no name; "system": who did it, in records. */
const char *who_by(const struct who *who);

/* "customer", "target:ipd", "staff:lin.wei", "cli" or "system": the actor of a command. */
const char *who_actor(const struct who *who, char text[WHO_NAME_BYTES + 8]);

#endif
