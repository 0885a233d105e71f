/* answer.h: from a whole request to a whole reply, without knowing who carries them: the
 * route, the handler, problems in their two forms, and the few answers of the layer itself
 * (OPTIONS, /problems/NAME). */
#ifndef ASKFIRST_INTAKE_HTTP_ANSWER_H
#define ASKFIRST_INTAKE_HTTP_ANSWER_H

#include "intake/http/server.h"

struct answer_to {
    const struct server_options *options;
    struct request *req;
    struct reply *rep;
    struct error *err; /* of the request; never NULL */
};

/* Finds the route and checks what the body claims to be. NULL, or the kind of problem with
 * its sentence in to->err; then answer_problem is to be called once the body has passed. */
const struct problem_kind *answer_route(const struct answer_to *to);

/* Runs the handler (or answers without one) and makes the reply complete. */
void answer_request(const struct answer_to *to);

/* Makes the reply a complete problem of this kind, with the sentence in to->err. */
void answer_problem(const struct answer_to *to, const struct problem_kind *kind);

#endif
