/* listen.h: from "ADDR:PORT" to a listening socket, with errors a person can act on. */
#ifndef ASKFIRST_INTAKE_HTTP_LISTEN_H
#define ASKFIRST_INTAKE_HTTP_LISTEN_H

#include "data/base/error.h"

#include <netinet/in.h>

#define LISTEN_TEXT_BYTES (INET6_ADDRSTRLEN + 10) /* "[", "]:65535" and a NUL */

/* Opens it non-blocking and close-on-exec; `shown` gets the address with the bound port. The
 * caller closes *fd. Errors as server_start. */
enum status listen_open(const char *address, int *fd, unsigned *port, char shown[LISTEN_TEXT_BYTES],
                        struct error *err) MUST_USE;

/* The numeric text of a peer's address; "" when it has none. */
void listen_peer_text(const struct sockaddr *address, char text[INET6_ADDRSTRLEN]);

#endif
