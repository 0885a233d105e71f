/* carry.h: hands a complete reply to libmicrohttpd, or, where that library would close
 * without a word, past it. */
#ifndef ASKFIRST_INTAKE_HTTP_CARRY_H
#define ASKFIRST_INTAKE_HTTP_CARRY_H

#include "intake/http/hub.h"

/* The usual way. The reply's memory must stay until the request has ended. */
enum MHD_Result carry_reply(struct hub *hub, struct MHD_Connection *connection, struct reply *rep);

/* Writes the reply to the socket itself, for the two cases in which the library cannot: its
 * pool has no room left for a reply's header, or the body is still coming. The caller then
 * makes the library close. False when the client did not take it. */
bool carry_last_word(struct MHD_Connection *connection, const struct reply *rep);

#endif
