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

/* One field, blanks around it cut; {"", 0} when absent. Otherwise the sentence names the
 * field: AF_TOO_LARGE when it is longer than `bytes_max`, AF_INVALID when (required) empty. */
enum status form_text(const struct pairs *form, const char *name, size_t bytes_max, bool required,
                      struct bytes *out, struct error *err) MUST_USE;

#endif
