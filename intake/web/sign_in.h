/* sign_in.h: GET and POST /sign-in, POST /sign-out; and who may go on to the desk. */
#ifndef ASKFIRST_INTAKE_WEB_SIGN_IN_H
#define ASKFIRST_INTAKE_WEB_SIGN_IN_H

#include "intake/web/visit.h"

enum status sign_in_get(void *app, struct request *req, struct reply *rep, struct error *err);
enum status sign_in_post(void *app, struct request *req, struct reply *rep, struct error *err);
enum status sign_out_post(void *app, struct request *req, struct reply *rep, struct error *err);

/* For a visit that is not of staff: 303 to the sign-in page and back here after it. */
enum status sign_in_first(struct visit *v) MUST_USE;

#endif
