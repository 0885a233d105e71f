/* What colleagues do: who has it, other groups and rings, the emergency team. */
#include "tests/year/year.h"

#include "intake/desk/ticket_assign.h"
#include "intake/desk/ticket_emergency.h"

#define PICK(year, list) ((list)[year_below((year), sizeof(list) / sizeof(list)[0])])

/* --- tasks ----------------------------------------------------------------------------------- */

enum status year_assign(struct year *year, struct ticket_of_year *ticket, struct error *err)
{
    static const char *const people[] = {"lin.wei", "mori", "kim", "chen", "sato", "park", ""};
    const struct who who = year_staff(year);
    struct ticket_told told;

    if (year_chance(year, 500))
        return ticket_assign_auto(year->f->app, &who, ticket->no, BYTES_NONE, &told, err);
    return ticket_assign(year->f->app, &who, ticket->no, bytes_str(PICK(year, people)),
                         BYTES_LIT("he knows it"), &told, err);
}

enum status year_transfer(struct year *year, struct ticket_of_year *ticket, struct error *err)
{
    static const char *const groups[] = {"desk", "nets", "prints", "switches"};
    const struct who who = year_staff(year);
    struct ticket_told told;

    return ticket_transfer(year->f->app, &who, ticket->no,
                           &(struct ticket_transfer){bytes_str(PICK(year, groups)),
                                                     BYTES_LIT("it is theirs"),
                                                     BYTES_LIT("the cable")},
                           &told, err);
}

enum status year_escalate(struct year *year, struct ticket_of_year *ticket, struct error *err)
{
    const struct who who = year_staff(year);
    static const char *const groups[] = {"nets", "prints", "rd"};
    const bool is_grey = year_chance(year, 300);
    struct ticket_told told;

    return ticket_escalate(
        year->f->app, &who, ticket->no,
        &(struct ticket_escalation){.group = bytes_str(PICK(year, groups)),
                                    .reason = BYTES_LIT("nobody here knows"),
                                    .maturity = BYTES_LIT("new"),
                                    .is_grey = is_grey,
                                    .grey_reason = is_grey ? BYTES_LIT("a first lot") : BYTES_NONE},
        &told, err);
}

enum status year_result(struct year *year, struct ticket_of_year *ticket, struct error *err)
{
    const struct who who = year_staff(year);

    return ticket_result(year->f->app, &who, ticket->no, BYTES_LIT("a known fault"), err);
}

enum status year_notice(struct year *year, struct ticket_of_year *ticket, struct error *err)
{
    static const char *const stages[] = {"progress", "restored", "root_cause", "root_cause"};
    const struct who who = year_staff(year);

    return ticket_notice(year->f->app, &who, ticket->no, bytes_str(PICK(year, stages)),
                         BYTES_LIT("We found it."), year_chance(year, 500), err);
}

enum status year_manage(struct year *year, struct ticket_of_year *ticket, struct error *err)
{
    const struct who who = year_staff(year);

    return ticket_manage(year->f->app, &who, ticket->no, BYTES_LIT("progress"), BYTES_LIT("lead"),
                         BYTES_LIT("too slow"), err);
}
