#include "intake/http/carry.h"

#include "data/base/clock.h"

#include <sys/socket.h>
#include <time.h>

/* Whether the client has said all it will say. libmicrohttpd takes a short read for an empty
 * socket, and when the last bytes and the end came together it never hears of the end: the
 * connection would idle until its deadline. */
static bool client_is_done(struct MHD_Connection *connection)
{
    const struct line *line = line_of(connection);
    char ignored;

    return line != NULL && recv(line->fd, &ignored, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/* A file belongs to the response from then on. */
static struct MHD_Response *response_of(struct reply *rep)
{
    struct MHD_Response *response;

    if (!rep->has_file) /* A pointer to what it may change; a persistent buffer it never does. */
        return MHD_create_response_from_buffer(rep->body.len, (void *)(uintptr_t)rep->body.data,
                                               MHD_RESPMEM_PERSISTENT);
    response = MHD_create_response_from_fd_at_offset64(rep->file_bytes, rep->file, rep->file_at);
    if (response != NULL)
        rep->has_file = false;
    return response;
}

enum MHD_Result carry_reply(struct hub *hub, struct MHD_Connection *connection, struct reply *rep)
{
    struct MHD_Response *response;
    enum MHD_Result result = MHD_YES;

    if (rep->code == 204 || rep->code == 304)
        rep->body = BYTES_NONE;
    rep->closes = rep->closes || atomic_load(&hub->is_stopping) || client_is_done(connection);
    if (rep->code == 204 || rep->code == 304)
        reply_drop_file(rep);
    response = response_of(rep);
    if (response == NULL)
        return MHD_NO;
    for (size_t i = 0; i < rep->header_count && result == MHD_YES; i++)
        result = MHD_add_response_header(response, (const char *)rep->headers[i].name.data,
                                         (const char *)rep->headers[i].value.data);
    if (result == MHD_YES && rep->closes)
        result = MHD_add_response_header(response, "Connection", "close");
    line_set_deadline(connection, hub_in_ms(hub->options.reply_ms) +
                                      hub_grace_us(hub, rep->body.len + rep->file_bytes));
    if (result == MHD_YES)
        result = MHD_queue_response(connection, rep->code, response);
    MHD_destroy_response(response);
    return result;
}

/* IMF-fixdate (RFC 9110 §5.6.7); names of days and months are English in every locale. */
static void add_date(struct buf *out)
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t now = (time_t)(clock_now_ms() / 1000);
    struct tm tm;

    if (gmtime_r(&now, &tm) != NULL)
        buf_printf(out, "Date: %.3s, %02d %.3s %d %02d:%02d:%02d GMT\r\n", days + 3 * tm.tm_wday,
                   tm.tm_mday, months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
                   tm.tm_sec);
}

/* Nothing else is being written then: the replies before this one are sent, and a socket
 * without unsent bytes takes two kilobytes at once. */
bool carry_last_word(struct MHD_Connection *connection, const struct reply *rep)
{
    const struct line *line = line_of(connection);
    struct buf out = {0};
    bool sent;

    buf_printf(&out, "HTTP/1.1 %u %s\r\nConnection: close\r\nContent-Length: %zu\r\n", rep->code,
               MHD_get_reason_phrase_for(rep->code), rep->body.len);
    add_date(&out);
    for (size_t i = 0; i < rep->header_count; i++)
        buf_printf(&out, "%s: %s\r\n", (const char *)rep->headers[i].name.data,
                   (const char *)rep->headers[i].value.data);
    buf_add_str(&out, "\r\n");
    buf_add(&out, rep->body);
    sent = line != NULL && buf_ok(&out) &&
           send(line->fd, out.data, out.len, MSG_NOSIGNAL | MSG_DONTWAIT) > 0;
    buf_release(&out);
    return sent;
}
