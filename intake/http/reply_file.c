/* A file as a reply, whole or a range of it (RFC 9110 §14). More ranges than one would be a body of
 * parts, which no browser needs: then all of it is sent, as the RFC allows. */
#include "intake/http/reply.h"

#include <inttypes.h>
#include <strings.h>
#include <unistd.h>

void reply_drop_file(struct reply *rep)
{
    if (rep->has_file)
        (void)close(rep->file);
    rep->has_file = false;
    rep->file_bytes = 0;
}

static bool take_number(struct reader *r, uint64_t *out)
{
    const uint8_t *start = r->at;
    uint64_t v = 0;

    while (r->at < r->end && *r->at >= '0' && *r->at <= '9') {
        if (v > (UINT64_MAX - 9) / 10)
            return false;
        v = v * 10 + (uint64_t)(*r->at++ - '0');
    }
    *out = v;
    return r->at > start;
}

enum range { RANGE_NONE, RANGE_SOME, RANGE_OUTSIDE };

/* "bytes=FIRST-LAST", "bytes=FIRST-", "bytes=-COUNT"; anything else is passed over. */
static enum range parse_range(struct bytes text, uint64_t bytes, uint64_t *at, uint64_t *len)
{
    struct reader r = reader_of(text);
    struct bytes unit;
    uint64_t first = 0, last = 0;
    uint8_t dash;
    bool has_first, has_last;

    if (!reader_take(&r, 6, &unit) || strncasecmp((const char *)unit.data, "bytes=", 6) != 0)
        return RANGE_NONE;
    has_first = take_number(&r, &first);
    if (!reader_u8(&r, &dash) || dash != '-')
        return RANGE_NONE;
    has_last = take_number(&r, &last);
    if (reader_left(&r) > 0 || (!has_first && !has_last) || (has_first && has_last && last < first))
        return RANGE_NONE;
    if (!has_first) { /* the last so many */
        if (last == 0 || bytes == 0)
            return RANGE_OUTSIDE;
        first = last < bytes ? bytes - last : 0;
        has_last = false;
    }
    if (first >= bytes)
        return RANGE_OUTSIDE;
    *at = first;
    *len = has_last && last < bytes ? last - first + 1 : bytes - first;
    return RANGE_SOME;
}

/* A range of another version of it would be wrong. */
static bool is_still_same(const struct reply *rep, const struct request *req)
{
    struct bytes wanted = request_header(req, "If-Range");
    const struct bytes *tag = reply_header_find(rep, "ETag");

    return wanted.len == 0 || (tag != NULL && bytes_equal(wanted, *tag));
}

enum status reply_file(struct reply *rep, const struct request *req, const char *type, int fd,
                       uint64_t bytes, struct error *err)
{
    enum range range = RANGE_NONE;

    reply_drop_file(rep);
    rep->has_file = true;
    rep->file = fd;
    rep->file_at = 0;
    rep->file_bytes = bytes;
    reply_header(rep, "Content-Type", type);
    reply_header(rep, "Accept-Ranges", "bytes");
    if (req->method == METHOD_GET && is_still_same(rep, req))
        range = parse_range(request_header(req, "Range"), bytes, &rep->file_at, &rep->file_bytes);
    if (range == RANGE_OUTSIDE) {
        reply_headerf(rep, "Content-Range", "bytes */%" PRIu64, bytes);
        reply_problem(rep, &PROBLEM_RANGE, NULL);
        return error_set(err, AF_INVALID,
                         "the range begins after the end: there are %" PRIu64 " bytes", bytes);
    }
    if (range == RANGE_SOME) {
        reply_code(rep, 206);
        reply_headerf(rep, "Content-Range", "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, rep->file_at,
                      rep->file_at + rep->file_bytes - 1, bytes);
    }
    return AF_OK;
}
