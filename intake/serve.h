/* serve.h: the server: pages and API over one open store, until it is told to stop. */
#ifndef ASKFIRST_INTAKE_SERVE_H
#define ASKFIRST_INTAKE_SERVE_H

#include "intake/app.h"

#include <signal.h>

struct serve_options {
    const char *listen; /* "127.0.0.1:8787" */
    unsigned threads;   /* 0: as many as cores */
    bool access_log;
};

/* Makes the first account if there is none (its password goes to stderr, once), prints
 * "listening on http://ADDR:PORT" on stderr, and returns AF_OK after *stop became non-zero and
 * open requests have ended. Flushes the index in the background. Errors as server_start. */
enum status serve_run(struct app *app, const struct serve_options *options,
                      const volatile sig_atomic_t *stop, struct error *err) MUST_USE;

#endif
