/* ticket_source.h: tickets as documents of an index of their own, DIR/index-tickets, beside that of
 * the library (indexer/index_source.h); which text is which field: ticket_text.h.
 *
 * Only staff may search it: it holds internal notes and other people's names. Its documents' ids
 * are plain numbers, "17". A ticket is findable when the command that changed it has returned. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_SOURCE_H
#define ASKFIRST_INTAKE_TICKET_TICKET_SOURCE_H

#include "indexer/index_source.h"

extern const struct index_source index_tickets;

#endif
