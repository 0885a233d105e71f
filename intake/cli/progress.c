#include "intake/cli/progress.h"

#include "data/base/clock.h"

#include <stdio.h>
#include <unistd.h>

#define DRAW_EVERY_US 100000

struct progress progress_start(const char *what, const char *unit)
{
    return (struct progress){.what = what,
                             .unit = unit,
                             .is_shown = isatty(STDERR_FILENO) == 1,
                             .started_us = clock_steady_us()};
}

void progress_draw(struct progress *progress, uint64_t done, uint64_t all, uint64_t count)
{
    int64_t now_us = clock_steady_us();
    double seconds = (double)(now_us - progress->started_us) / 1e6;

    if (!progress->is_shown || now_us - progress->drawn_us < DRAW_EVERY_US)
        return;
    progress->drawn_us = now_us;
    (void)fprintf(stderr, "\r\033[K%s", progress->what);
    if (all > 0)
        (void)fprintf(stderr, " %3.0f%%", 100.0 * (double)done / (double)all);
    (void)fprintf(stderr, "  %llu %s", (unsigned long long)count, progress->unit);
    if (seconds > 0.5)
        (void)fprintf(stderr, "  %.0f/s", (double)count / seconds);
    if (all > 0 && done > 0 && done <= all && seconds > 1) {
        unsigned left_s = (unsigned)(seconds * (double)(all - done) / (double)done + 0.5);

        (void)fprintf(stderr, "  %u:%02u left", left_s / 60, left_s % 60);
    }
    (void)fflush(stderr);
}

void progress_wipe(struct progress *progress)
{
    if (progress->is_shown && progress->drawn_us != 0)
        (void)fputs("\r\033[K", stderr);
    progress->drawn_us = 0;
}
