/* Header lines: a cookie, a bearer token, a list, an entity tag. What is found lies inside the
 * header and holds nothing of what surrounds it. */
#include "tests/fuzz/fuzz.h"

#include "intake/http/reply.h"
#include "intake/http/request.h"

#include <stdlib.h>

static void check_part(struct bytes part, struct bytes header, const char *never)
{
    ENSURE(fuzz_is_inside(part, header));
    for (size_t i = 0; i < part.len; i++)
        ENSURE(part.data[i] == 0 || strchr(never, part.data[i]) == NULL);
    if (part.len > 0)
        ENSURE(strchr(" \t", part.data[0]) == NULL || part.data[0] == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"Cookie", "Authorization", "Accept", "If-None-Match",
                                        "If-Match"};
    struct bytes header = bytes_of(data, size);
    struct pair list[5];
    struct request req;
    struct reply rep;

    ENSURE(request_init(&req));
    reply_init(&rep, req.arena);
    for (size_t i = 0; i < 5; i++)
        list[i] = (struct pair){bytes_str(names[i]), header};
    req.headers = (struct pairs){list, 5};
    req.method = METHOD_GET;
    check_part(request_cookie(&req, "askfirst"), header, ";");
    check_part(request_bearer(&req), header, "");
    if (request_header_has(&req, "Accept", "text/html"))
        ENSURE(size >= strlen("text/html"));
    reply_etag(&rep, "17");
    reply_check_fresh(&rep, &req);
    ENSURE(rep.code == 200 || rep.code == 304);
    reply_release(&rep);
    request_release(&req);
    return 0;
}
