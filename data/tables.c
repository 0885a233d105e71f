#include "data/tables.h"

#include <assert.h>
#include <stddef.h>

static const struct {
    const char *name;
    uint8_t format;
} tables[] = {
    [TABLE_META] = {"meta",            1},
    [TABLE_JOURNAL] = {"journal",         2},
    [TABLE_DONE] = {"done",            1},
    [TABLE_DONE_AGE] = {"done_age",        1},
    [TABLE_ARTICLE] = {"case",            2},
    [TABLE_ARTICLE_NO] = {"case_no",         1},
    [TABLE_ARTICLE_VERSION] = {"case_version",    2},
    [TABLE_USE] = {"use",             1},
    [TABLE_LEDGER] = {"ledger",          1},
    [TABLE_LEDGER_SEEN] = {"ledger_seen",     1},
    [TABLE_CONSULT] = {"consult",         1},
    [TABLE_TICKET] = {"ticket",          1},
    [TABLE_TICKET_KEY] = {"ticket_key",      1},
    [TABLE_LINK] = {"link",            1},
    [TABLE_ACCOUNT] = {"account",         1},
    [TABLE_TOKEN] = {"token",           1},
    [TABLE_LEARNED] = {"learned",         1},
    [TABLE_LEARNED_AT] = {"learned_at",      1},
    [TABLE_VOCABULARY] = {"vocabulary",      1},
    [TABLE_RULES] = {"rules",           1},
    [TABLE_TICKET_DUE] = {"ticket_due",      1},
    [TABLE_TICKET_QUEUE] = {"ticket_queue",    1},
    [TABLE_TICKET_TEXT] = {"ticket_text",     1},
    [TABLE_BLOB] = {"blob",            1},
    [TABLE_FORM] = {"form",            1},
    [TABLE_PARTY_ACCOUNT] = {"party_account",   1},
    [TABLE_CONTACT] = {"contact",         1},
    [TABLE_CONTACT_KEY] = {"contact_key",     1},
    [TABLE_CONTACT_OF] = {"contact_of",      1},
    [TABLE_ENTITLEMENT] = {"entitlement",     1},
    [TABLE_ENTITLEMENT_OF] = {"entitlement_of",  1},
    [TABLE_PARTY_PAST] = {"party_past",      1},
    [TABLE_ENQUIRY] = {"enquiry",         1},
    [TABLE_DRAFT] = {"draft",           1},
    [TABLE_DRAFT_AGE] = {"draft_age",       1},
    [TABLE_DRAFT_BY] = {"draft_by",        1},
    [TABLE_SURVEY_KEY] = {"survey_key",      1},
    [TABLE_TICKET_VISIT] = {"ticket_visit",    1},
    [TABLE_TICKET_RELATION] = {"ticket_relation", 1},
    [TABLE_OUTSIDE] = {"outside",         1},
    [TABLE_HANDOFF_KEY] = {"handoff_key",     1},
    [TABLE_TICKET_TURN] = {"ticket_turn",     1},
};

_Static_assert(sizeof tables / sizeof tables[0] == TABLE_COUNT, "every table has a name");

const char *table_name(enum table table)
{
    assert((unsigned)table < TABLE_COUNT && tables[table].name != NULL);
    return tables[table].name;
}

uint8_t table_format(enum table table)
{
    assert((unsigned)table < TABLE_COUNT);
    return tables[table].format;
}
