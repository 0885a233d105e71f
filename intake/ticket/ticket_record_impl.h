/* ticket_record_impl.h: what ticket_link.c asks of ticket_record.c. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_RECORD_IMPL_H
#define ASKFIRST_INTAKE_TICKET_TICKET_RECORD_IMPL_H

#include "intake/ticket/ticket_record.h"

/* The ticket that a command's body names. The caller owns it. */
enum status ticket_load_for(struct txn *txn, const struct command *command, json_t **ticket,
                            struct error *err) MUST_USE;
/* Adds to one of its lists; takes `item` (NULL: there was no memory to make it). */
enum status ticket_append(json_t *ticket, const char *list, json_t *item,
                          struct error *err) MUST_USE;
/* Sets "updated" and stores it. */
enum status ticket_save(struct txn *txn, json_t *ticket, int64_t at_ms, struct error *err) MUST_USE;

#endif
