/* The target of a request line: what is taken has a decoded path without tricks, and its query
 * in pairs of plain text. */
#include "tests/fuzz/fuzz.h"

#include "intake/http/request.h"

#include "data/base/limits.h"

static void check_path(struct bytes path)
{
    size_t start = 1;

    ENSURE(fuzz_is_utf8(path) && path.len > 0 && path.data[path.len] == 0);
    ENSURE(path.data[0] == '/');
    for (size_t i = 1; i <= path.len; i++) {
        struct bytes part = bytes_of(path.data + start, i - start);

        ENSURE(i == path.len || (path.data[i] >= ' ' && path.data[i] != 0x7F));
        if (i < path.len && path.data[i] != '/')
            continue;
        ENSURE(!bytes_equal(part, BYTES_LIT(".")) && !bytes_equal(part, BYTES_LIT("..")));
        start = i + 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_of(bytes_of(data, size));
    struct request req;
    struct bytes host = BYTES_LIT("none"), target;
    struct error err;
    enum status status;
    uint64_t limit = 0;

    ENSURE(request_init(&req));
    req.method = take_u8(&r) % 2 == 0 ? METHOD_GET : METHOD_OPTIONS;
    target = take_rest(&r);
    status = request_set_target(&req, target, &host, &err);
    if (status != AF_OK) {
        ensure_refusal(status, &err, KIND(AF_INVALID));
    } else {
        if (bytes_equal(target, BYTES_LIT("*")))
            ENSURE(req.method == METHOD_OPTIONS && bytes_equal(req.path, target));
        else
            check_path(req.path);
        ENSURE(fuzz_is_inside(req.path_raw, target) || bytes_equal(req.path_raw, BYTES_LIT("/")));
        ENSURE(fuzz_is_inside(host, target) || bytes_equal(host, BYTES_LIT("none")));
        ENSURE(req.query.count <= HTTP_PARAMETERS_MAX);
        status = request_query_u64(&req, "limit", 1, 100, 10, &limit, &err);
        if (status == AF_OK)
            ENSURE(limit >= 1 && limit <= 100);
        else
            ensure_refusal(status, &err, KIND(AF_INVALID));
    }
    request_release(&req);
    return 0;
}
