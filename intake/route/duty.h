/* duty.h: who of a group is on duty at an instant, and who of them knows the matter. */
#ifndef ASKFIRST_INTAKE_ROUTE_DUTY_H
#define ASKFIRST_INTAKE_ROUTE_DUTY_H

#include "intake/route/route.h"

/* Fills named, people, fits, people_count, are_off_duty of an answer whose rule and group are
 * known.
 *
 * On duty is who is not away that day and whose calendar (else the group's) is worked at that
 * instant. Who has the language, then who has the product, its line, the type or its parent among
 * his skills comes first; else as the document has it. */
enum status duty_find(const struct rules *rules, const struct route_question *question,
                      struct arena *arena, struct route_answer *answer, struct error *err) MUST_USE;

/* The person of that name in a group; NULL: he is not one of it. */
const json_t *duty_member(const json_t *group, const char *name);

enum duty_state { DUTY_ON, DUTY_OFF, DUTY_AWAY };
/* Of one person of a group at an instant. */
enum status duty_state_of(const struct rules *rules, const json_t *group, const json_t *person,
                          int64_t at_ms, enum duty_state *out, struct error *err) MUST_USE;

#endif
