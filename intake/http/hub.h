/* hub.h: what all connections of one server share, and what one connection remembers from one
 * request to the next: its socket and its deadline. */
#ifndef ASKFIRST_INTAKE_HTTP_HUB_H
#define ASKFIRST_INTAKE_HTTP_HUB_H

#include "intake/http/deadline.h"
#include "intake/http/server.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

struct hub {
    struct server_options options; /* no zeros left */
    struct sweeper *sweeper;
    atomic_bool is_stopping;
    pthread_mutex_t lock;
    pthread_cond_t nothing_open;
    size_t open; /* exchanges between target and end; under `lock` */
};

/* A connection; made and freed by hub_on_connection. */
struct line {
    int fd;
    struct watch *watch;
    bool is_used; /* a request has been seen: the first deadline began with the connection */
};

void hub_init(struct hub *hub, const struct server_options *options);
void hub_release(struct hub *hub);

void hub_count_open(struct hub *hub, bool opens);
/* Waits until no exchange is open, at most `grace_ms`. */
void hub_drain(struct hub *hub, unsigned grace_ms);

/* Called back by libmicrohttpd (MHD_OPTION_NOTIFY_CONNECTION). */
void hub_on_connection(void *hub, struct MHD_Connection *connection, void **socket_context,
                       enum MHD_ConnectionNotificationCode code);

/* NULL when there was no memory for it. */
struct line *line_of(struct MHD_Connection *connection);
void line_set_deadline(struct MHD_Connection *connection, int64_t at_us);

/* Moments of clock_steady_us(): so many ms from now; what `bytes` add to one at the slowest
 * rate that is borne. */
int64_t hub_in_ms(unsigned ms);
int64_t hub_grace_us(const struct hub *hub, uint64_t bytes);

#endif
