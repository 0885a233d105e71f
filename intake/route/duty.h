/* duty.h: who of a group is on duty at an instant, and who of them knows the matter. */
#ifndef ASKFIRST_INTAKE_ROUTE_DUTY_H
#define ASKFIRST_INTAKE_ROUTE_DUTY_H

#include "intake/route/route.h"

/* Fills named, people, people_count, are_off_duty of an answer whose rule and group are known.
 *
 * On duty is who is not away that day and whose calendar (else the group's) is worked at that
 * instant. Who has the language, then who has the product, its line, the type or its parent among
 * his skills comes first; else as the document has it. */
enum status duty_find(const struct rules *rules, const struct route_question *question,
                      struct arena *arena, struct route_answer *answer, struct error *err) MUST_USE;

#endif
