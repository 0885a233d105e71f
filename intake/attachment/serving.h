/* serving.h: a file of a ticket as a reply. It never becomes a page of this site: it is offered
 * for saving, under its own name, with its type as it was found, in a sandbox; what a browser might
 * run goes as plain text. With ?show a picture of the kinds that cannot hold scripts is shown,
 * after its bytes were looked at once more. ETag is the hash; a Range is served (http/reply.h). */
#ifndef ASKFIRST_INTAKE_ATTACHMENT_SERVING_H
#define ASKFIRST_INTAKE_ATTACHMENT_SERVING_H

#include "intake/app.h"
#include "intake/http/reply.h"
#include "intake/who.h"

/* Errors as ticket_file_open. */
enum status serve_ticket_file(struct app *app, const struct who *who, uint32_t no, uint64_t id,
                              struct request *req, struct reply *rep, struct error *err) MUST_USE;

#endif
