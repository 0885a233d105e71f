/* ticket_impl.h: the checks that ticket.c, ticket_open.c and ticket_read.c share. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_IMPL_H
#define ASKFIRST_INTAKE_TICKET_TICKET_IMPL_H

#include "intake/ticket/ticket.h"

/* AF_DENIED for a customer. */
enum status ticket_require_staff(const struct who *who, struct error *err) MUST_USE;
/* UTF-8 without a zero byte, of at most `bytes_max`; the sentence names the field. */
enum status ticket_check_text(const char *field, struct bytes text, size_t bytes_max,
                              struct error *err) MUST_USE;

#endif
