/* exchange.h: one request's way through libmicrohttpd: target, header, body, handler, reply,
 * end. The three calls below are what that library calls back.
 *
 * libmicrohttpd calls exchange_on_request several times for one request: once with the
 * header, once for each piece of body, once when all is there. Nothing is kept between two
 * calls except the exchange itself. A reply given at the first call costs the connection, so
 * only framing errors are answered there; other refusals wait for the end of the body, which
 * is read and dropped, or the client would meet a reset connection in place of the answer. */
#ifndef ASKFIRST_INTAKE_HTTP_EXCHANGE_H
#define ASKFIRST_INTAKE_HTTP_EXCHANGE_H

#include "intake/http/hub.h"

void *exchange_on_target(void *hub, const char *target, struct MHD_Connection *connection);
enum MHD_Result exchange_on_request(void *hub, struct MHD_Connection *connection,
                                    const char *target, const char *method, const char *version,
                                    const char *upload, size_t *upload_bytes, void **exchange);
void exchange_on_completed(void *hub, struct MHD_Connection *connection, void **exchange,
                           enum MHD_RequestTerminationCode code);

#endif
