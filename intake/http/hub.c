#include "intake/http/hub.h"

#include "data/base/clock.h"
#include "data/base/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static unsigned or_default(unsigned value, unsigned otherwise)
{
    return value == 0 ? otherwise : value;
}

static unsigned cores(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    return count < 1 ? 1 : (unsigned)count;
}

static void fill_defaults(struct server_options *o)
{
    o->threads = or_default(o->threads, cores());
    o->connections_max = or_default(o->connections_max, HTTP_CONNECTIONS_MAX);
    if (o->connections_max < o->threads)
        o->connections_max = o->threads; /* each thread holds its share, at least one */
    o->connections_per_address_max =
        or_default(o->connections_per_address_max, HTTP_CONNECTIONS_PER_ADDRESS_MAX);
    o->header_ms = or_default(o->header_ms, HTTP_HEADER_S * 1000);
    o->body_ms = or_default(o->body_ms, HTTP_BODY_S * 1000);
    o->idle_ms = or_default(o->idle_ms, HTTP_IDLE_S * 1000);
    o->reply_ms = or_default(o->reply_ms, HTTP_REPLY_S * 1000);
    o->rate = or_default(o->rate, HTTP_BODY_RATE);
    o->sweep_ms = or_default(o->sweep_ms, HTTP_SWEEP_MS);
    o->log_fd = o->log_fd == 0 ? STDERR_FILENO : o->log_fd;
}

void hub_init(struct hub *hub, const struct server_options *options)
{
    pthread_condattr_t attr;

    hub->options = *options;
    fill_defaults(&hub->options);
    atomic_init(&hub->is_stopping, false);
    pthread_mutex_init(&hub->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&hub->nothing_open, &attr);
    pthread_condattr_destroy(&attr);
}

void hub_release(struct hub *hub)
{
    pthread_cond_destroy(&hub->nothing_open);
    pthread_mutex_destroy(&hub->lock);
}

struct line *line_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info == NULL ? NULL : info->socket_context;
}

void line_set_deadline(struct MHD_Connection *connection, int64_t at_us)
{
    struct line *line = line_of(connection);

    if (line != NULL)
        watch_set(line->watch, at_us);
}

int64_t hub_in_ms(unsigned ms)
{
    return clock_steady_us() + (int64_t)ms * 1000;
}

int64_t hub_grace_us(const struct hub *hub, uint64_t bytes)
{
    return (int64_t)(bytes * 1000000 / hub->options.rate);
}

void hub_on_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
                       enum MHD_ConnectionNotificationCode code)
{
    struct hub *hub = cls;
    struct line *line = *socket_context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

        /* Without memory there is no watch, and the first request is refused for it. */
        line = calloc(1, sizeof *line);
        if (line != NULL) {
            line->fd = info->connect_fd;
            line->watch =
                watch_new(hub->sweeper, info->connect_fd, hub_in_ms(hub->options.header_ms));
        }
        *socket_context = line;
    } else if (line != NULL) {
        watch_free(line->watch); /* the library closes the socket only after this call */
        free(line);
        *socket_context = NULL;
    }
}

void hub_count_open(struct hub *hub, bool opens)
{
    pthread_mutex_lock(&hub->lock);
    if (opens)
        hub->open++;
    else if (--hub->open == 0)
        pthread_cond_signal(&hub->nothing_open);
    pthread_mutex_unlock(&hub->lock);
}

void hub_drain(struct hub *hub, unsigned grace_ms)
{
    struct timespec until;
    int waited = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(grace_ms / 1000);
    until.tv_nsec += (long)(grace_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&hub->lock);
    while (hub->open > 0 && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&hub->nothing_open, &hub->lock, &until);
    pthread_mutex_unlock(&hub->lock);
}
