/* access.h: the log of requests: one JSON object a line, whatever a client sent in it.
 *
 *     {"at":"2026-11-22T01:53:10.123Z","id":"9f…","peer":"127.0.0.1","method":"GET",
 *      "path":"/api/v1/search","status":200,"bytes":5120,"us":2310}
 *
 * No query, no header, no body: those hold what people asked and who they are. */
#ifndef ASKFIRST_INTAKE_HTTP_ACCESS_H
#define ASKFIRST_INTAKE_HTTP_ACCESS_H

#include "intake/http/request.h"

struct access {
    const struct request *req;
    unsigned code;     /* 0: libmicrohttpd answered, or nobody did */
    size_t body_bytes; /* of the reply */
    int64_t took_us;   /* from the whole header to the last byte of the reply */
    bool was_cut;      /* ended by a deadline, by the client or by stopping */
    const char *error; /* the sentence of a failure that the client is not told; or NULL */
};

/* Writes the line with one write(); a log that cannot be written never fails a request. */
void access_log(int fd, const struct access *access);

#endif
