#include "intake/who.h"

#include <assert.h>
#include <stdio.h>

static const char *const roles[ROLE_COUNT] = {
    [ROLE_CUSTOMER] = "customer",     [ROLE_ENGINEER] = "engineer", [ROLE_AUTHOR] = "author",
    [ROLE_SUPERVISOR] = "supervisor", [ROLE_ADMIN] = "admin",
};

const char *role_name(enum role role)
{
    assert((unsigned)role < ROLE_COUNT);
    return roles[role];
}

bool role_parse(struct bytes name, enum role *out)
{
    for (unsigned i = 0; i < ROLE_COUNT; i++)
        if (bytes_equal(name, bytes_str(roles[i]))) {
            *out = (enum role)i;
            return true;
        }
    return false;
}

struct who who_customer(void)
{
    return (struct who){.role = ROLE_CUSTOMER, .audience = AUDIENCE_PUBLIC};
}

struct who who_operator(void)
{
    return (struct who){.role = ROLE_ADMIN, .audience = AUDIENCE_INTERNAL};
}

struct who who_staff(enum role role, const char *name)
{
    struct who who = {.role = role, .audience = AUDIENCE_INTERNAL};

    assert(role != ROLE_CUSTOMER && strlen(name) < sizeof who.name);
    (void)snprintf(who.name, sizeof who.name, "%s", name);
    return who;
}

const char *who_actor(const struct who *who, char text[WHO_NAME_BYTES + 8])
{
    if (who->role == ROLE_CUSTOMER)
        return "customer";
    if (who->name[0] == '\0')
        return "cli";
    (void)snprintf(text, WHO_NAME_BYTES + 8, "staff:%s", who->name);
    return text;
}
