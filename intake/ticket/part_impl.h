/* part_impl.h: what the commands of part requests share. */
#ifndef ASKFIRST_INTAKE_TICKET_PART_IMPL_H
#define ASKFIRST_INTAKE_TICKET_PART_IMPL_H

#include "intake/ticket/ticket_parts.h"

enum status part_no_memory(struct error *err);

/* "qty" and "promise" of a body. AF_INVALID. */
enum status part_check_qty(const json_t *body, struct error *err) MUST_USE;
enum status part_check_promise(const json_t *body, struct error *err) MUST_USE;

/* What the event counts, before the state is another. AF_CONFLICT says how many there are. */
enum status part_take_event(json_t *ticket, json_t *part, const struct command *command,
                            enum part_event event, struct error *err) MUST_USE;

/* A notice about it; `to` "" is nobody. */
enum status part_tell(json_t *ticket, const struct command *command, const char *event,
                      const char *to, const json_t *part, struct error *err) MUST_USE;

#endif
