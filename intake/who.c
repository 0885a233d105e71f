#include "intake/who.h"

#include "data/base/utf8.h"

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
    return (struct who){.role = ROLE_ADMIN, .audience = AUDIENCE_INTERNAL, .scopes = SCOPE_ALL};
}

struct who who_system(void)
{
    struct who who = who_operator();

    who.is_system = true;
    return who;
}

struct who who_outside(const char *target)
{
    struct who who = who_customer();
    const struct bytes id = utf8_cut(bytes_str(target), sizeof who.name - sizeof "target:");

    who.is_outside = true;
    (void)snprintf(who.name, sizeof who.name, "target:%.*s", (int)id.len, (const char *)id.data);
    return who;
}

struct who who_staff(enum role role, const char *name)
{
    struct who who = {.role = role, .audience = AUDIENCE_INTERNAL, .scopes = SCOPE_ALL};

    assert(role != ROLE_CUSTOMER && strlen(name) < sizeof who.name);
    (void)snprintf(who.name, sizeof who.name, "%s", name);
    return who;
}

/* In the order of the bits. */
static const struct {
    const char *name;
    unsigned gives;
} scopes[] = {
    {"search:read",   SCOPE_SEARCH_READ                       },
    {"tickets:read",  SCOPE_TICKETS_READ                      },
    {"tickets:write", SCOPE_TICKETS_WRITE | SCOPE_TICKETS_READ},
    {"cases:write",   SCOPE_CASES_WRITE                       },
};

const char *scope_name(enum scope scope)
{
    size_t i = 0;

    while (1u << i != (unsigned)scope)
        i++;
    assert(i < sizeof scopes / sizeof scopes[0]);
    return scopes[i].name;
}

static unsigned scope_of(struct bytes word)
{
    for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++)
        if (bytes_equal(word, bytes_str(scopes[i].name)))
            return scopes[i].gives;
    return 0;
}

bool scopes_parse(struct bytes text, unsigned *out, struct bytes *bad)
{
    unsigned all = 0;
    size_t at = 0;

    while (at < text.len) {
        struct bytes word = bytes_of(text.data + at, 0);
        unsigned gives;

        while (at < text.len && text.data[at] != ' ' && text.data[at] != ',') {
            word.len++;
            at++;
        }
        at++;
        if (word.len == 0)
            continue;
        gives = scope_of(word);
        if (gives == 0) {
            *bad = word;
            return false;
        }
        all |= gives;
    }
    *out = all == 0 ? SCOPE_ALL : all;
    return true;
}

const char *who_by(const struct who *who)
{
    if (who->is_system)
        return "system";
    return who->name[0] != '\0' ? who->name : role_name(who->role);
}

const char *who_actor(const struct who *who, char text[WHO_NAME_BYTES + 8])
{
    if (who->is_outside)
        return who->name;
    if (who->role == ROLE_CUSTOMER)
        return "customer";
    if (who->is_system)
        return "system";
    if (who->name[0] == '\0')
        return "cli";
    (void)snprintf(text, WHO_NAME_BYTES + 8, "staff:%s", who->name);
    return text;
}
