/* who.h: on whose behalf something is done. Made by the faces (page, API, command line) after
 * they know who asks; every service call takes one. */
#ifndef ASKFIRST_INTAKE_WHO_H
#define ASKFIRST_INTAKE_WHO_H

#include "data/article.h"

enum role { ROLE_CUSTOMER, ROLE_ENGINEER, ROLE_AUTHOR, ROLE_SUPERVISOR, ROLE_ADMIN, ROLE_COUNT };

#define WHO_NAME_BYTES 64

struct who {
    enum role role;
    char name[WHO_NAME_BYTES]; /* of the account; empty for a customer */
    enum audience audience;    /* the widest cases this person may see */
};

const char *role_name(enum role role);
bool role_parse(struct bytes name, enum role *out);

struct who who_customer(void); /* anybody: not signed in, sees public cases */
struct who who_operator(void); /* the command line: whoever can write the data folder */
struct who who_staff(enum role role, const char *name);

static inline bool who_is_staff(const struct who *who)
{
    return who->role != ROLE_CUSTOMER;
}

/* "customer", "staff:lin.wei" or "cli": the actor of a command. */
const char *who_actor(const struct who *who, char text[WHO_NAME_BYTES + 8]);

#endif
