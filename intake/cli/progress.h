/* progress.h: one line on standard error that says how far something is; only on a terminal. */
#ifndef ASKFIRST_INTAKE_CLI_PROGRESS_H
#define ASKFIRST_INTAKE_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what; /* "importing" */
    const char *unit; /* "cases" */
    bool is_shown;
    int64_t started_us, drawn_us;
};

struct progress progress_start(const char *what, const char *unit);
/* `done` of `all` in any measure gives percent and time left; `all` 0: not known. `count` of
 * the unit gives the speed. Draws at most ten times a second. */
void progress_draw(struct progress *progress, uint64_t done, uint64_t all, uint64_t count);
/* Wipes the line: before another message, and at the end. */
void progress_wipe(struct progress *progress);

#endif
