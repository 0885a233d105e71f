#include "intake/http/access.h"

#include "data/base/clock.h"
#include "data/base/utf8.h"

#include <unistd.h>

/* The path as it came: a refused one was never decoded. */
static json_t *shown_path(const struct request *req)
{
    struct buf clean = {0};
    struct bytes path = req->path.len > 0 ? req->path : req->path_raw;
    json_t *json;

    utf8_add_clean(&clean, path);
    json = buf_ok(&clean) ? json_from_bytes(buf_bytes(&clean)) : NULL;
    buf_release(&clean);
    return json;
}

static bool write_line(const struct access *access, json_t *json, struct buf *line)
{
    const struct request *req = access->req;
    const char *method = method_name(req->method);
    char at[CLOCK_TEXT_BYTES];
    bool ok = json != NULL;

    clock_format(clock_now_ms(), at);
    json_put(json, "at", json_string(at), &ok);
    json_put(json, "id", json_string(req->id), &ok);
    json_put(json, "peer", json_string(req->peer), &ok);
    json_put(json, "method", json_string(method == NULL ? "other" : method), &ok);
    json_put(json, "path", shown_path(req), &ok);
    json_put(json, "status", json_integer((json_int_t)access->code), &ok);
    json_put(json, "bytes", json_integer((json_int_t)access->body_bytes), &ok);
    json_put(json, "us", json_integer((json_int_t)access->took_us), &ok);
    if (access->was_cut)
        json_put(json, "cut", json_true(), &ok);
    if (access->error != NULL)
        json_put(json, "error", json_from_bytes(bytes_str(access->error)), &ok);
    ok = ok && json_write(json, false, line, NULL) == AF_OK;
    buf_add_u8(line, '\n');
    return ok && buf_ok(line);
}

void access_log(int fd, const struct access *access)
{
    json_t *json = json_object();
    struct buf line = {0};

    if (write_line(access, json, &line)) {
        ssize_t written = write(fd, line.data, line.len);

        (void)written; /* there is nobody left to tell */
    }
    buf_release(&line);
    json_decref(json);
}
