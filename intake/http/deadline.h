/* deadline.h: connections have until a fixed moment, not until the next byte.
 *
 * libmicrohttpd's timeout starts anew with each byte, so one byte a second holds a slot for
 * ever. Here each connection has one total deadline for what it is doing now (sending a
 * header, a body, reading a reply, idling), and a sweeper thread shuts the sockets down that
 * are past theirs; the thread that owns the connection then finds it closed and cleans up.
 * The socket is never closed here: its number cannot come back while a watch exists. */
#ifndef ASKFIRST_INTAKE_HTTP_DEADLINE_H
#define ASKFIRST_INTAKE_HTTP_DEADLINE_H

#include "data/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DEADLINE_NONE INT64_MAX

struct sweeper;
struct watch;

/* Looks every `period_ms`. AF_NO_MEMORY, or AF_IO when no thread can be started. */
enum status sweeper_start(unsigned period_ms, struct sweeper **out, struct error *err) MUST_USE;
void sweeper_stop(struct sweeper *sweeper); /* all watches are removed by then; accepts NULL */

/* A watch on an open socket, until `at_us` of clock_steady_us(); NULL without memory. Remove
 * it before the socket is closed. */
struct watch *watch_new(struct sweeper *sweeper, int fd, int64_t at_us);
void watch_free(struct watch *watch); /* accepts NULL */

/* From any thread. `watch` may be NULL, which watches nothing. */
void watch_set(struct watch *watch, int64_t at_us);
bool watch_was_cut(const struct watch *watch);

/* Shuts every watched socket down. */
void sweeper_cut_all(struct sweeper *sweeper);
size_t sweeper_count(struct sweeper *sweeper);

#endif
