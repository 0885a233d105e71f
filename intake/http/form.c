#include "intake/http/form.h"

enum status form_parse(struct request *req, struct reply *rep, struct pairs *out, struct error *err)
{
    enum status status = pairs_parse(req->arena, "form", buf_bytes(&req->body), out, err);

    if (status == AF_INVALID)
        reply_problem(rep, &PROBLEM_MALFORMED, NULL);
    return status;
}
