#include "intake/http/server.h"

#include "data/base/limits.h"
#include "intake/http/exchange.h"
#include "intake/http/listen.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

struct server {
    struct hub hub;
    struct MHD_Daemon *daemon;
    int fd; /* the listening socket */
    unsigned port;
    char address[LISTEN_TEXT_BYTES];
};

/* Strictness is ours (guard.h): the library's own refusals for a missing Host come out as two
 * answers in 0.9.75, and for a blank in the target as none. */
#if MHD_VERSION < 0x01000000
#define STRICTNESS 0
#else
#define STRICTNESS 1
#endif

static struct MHD_Daemon *start_daemon(struct server *server)
{
    struct hub *hub = &server->hub;
    const struct server_options *o = &hub->options;
    unsigned idle_s = o->idle_ms / 1000 + HTTP_IDLE_S; /* only if deadlines had no memory */

    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC, 0, NULL, NULL, exchange_on_request, hub,
        MHD_OPTION_LISTEN_SOCKET, server->fd, MHD_OPTION_THREAD_POOL_SIZE,
        o->threads > 1 ? o->threads : 0u, MHD_OPTION_CONNECTION_LIMIT, o->connections_max,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, o->connections_per_address_max,
        MHD_OPTION_CONNECTION_TIMEOUT, idle_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)HTTP_POOL_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, STRICTNESS,
        MHD_OPTION_NOTIFY_CONNECTION, hub_on_connection, hub, MHD_OPTION_NOTIFY_COMPLETED,
        exchange_on_completed, hub, MHD_OPTION_URI_LOG_CALLBACK, exchange_on_target, hub,
        MHD_OPTION_END);
}

/* The threads started here take no signals: those belong to the thread that waits for them. */
static enum status start_threads(struct server *server, struct error *err)
{
    sigset_t all, before;
    enum status status;

    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    status = sweeper_start(server->hub.options.sweep_ms, &server->hub.sweeper, err);
    if (status == AF_OK && (server->daemon = start_daemon(server)) == NULL) {
        server->fd = -1; /* the library has closed it */
        status = error_set(err, AF_IO, "the HTTP server on %s cannot start its threads",
                           server->address);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status;
}

static void free_server(struct server *server)
{
    sweeper_stop(server->hub.sweeper);
    if (server->fd >= 0)
        close(server->fd);
    hub_release(&server->hub);
    free(server);
}

enum status server_start(const struct server_options *options, struct server **out,
                         struct error *err)
{
    struct server *server = calloc(1, sizeof *server);
    enum status status;

    if (server == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for the HTTP server");
    server->fd = -1;
    hub_init(&server->hub, options);
    status = listen_open(options->listen, &server->fd, &server->port, server->address, err);
    if (status == AF_OK) {
        signal(SIGPIPE, SIG_IGN); /* a client that left is an error of write() and no more */
        status = start_threads(server, err);
    }
    if (status == AF_OK)
        *out = server;
    else
        free_server(server);
    return status;
}

const char *server_address(const struct server *server)
{
    return server->address;
}

unsigned server_port(const struct server *server)
{
    return server->port;
}

void server_stop(struct server *server, unsigned grace_ms)
{
    if (server == NULL)
        return;
    atomic_store(&server->hub.is_stopping, true);
    if (MHD_quiesce_daemon(server->daemon) == MHD_INVALID_SOCKET)
        server->fd = -1; /* then the library closes it */
    hub_drain(&server->hub, grace_ms);
    sweeper_cut_all(server->hub.sweeper);
    MHD_stop_daemon(server->daemon);
    free_server(server);
}
