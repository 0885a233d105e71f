/* form.h: a body of application/x-www-form-urlencoded (ROUTE_FORM): what a page's <form>
 * sends without script. Not multipart: no files come this way. */
#ifndef ASKFIRST_INTAKE_HTTP_FORM_H
#define ASKFIRST_INTAKE_HTTP_FORM_H

#include "intake/http/reply.h"
#include "intake/http/request.h"

/* Decodes the body; the fields live as long as the request. Malformed: a 400 like that of
 * request_json. */
enum status form_parse(struct request *req, struct reply *rep, struct pairs *out,
                       struct error *err) MUST_USE;

#endif
