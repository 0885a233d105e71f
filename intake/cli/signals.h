/* signals.h: what the process does when it is told to stop, and when it crashes. */
#ifndef ASKFIRST_INTAKE_CLI_SIGNALS_H
#define ASKFIRST_INTAKE_CLI_SIGNALS_H

#include <signal.h>

/* Not 0 once SIGINT or SIGTERM came after signals_watch_stop(). */
const volatile sig_atomic_t *signals_stop(void);

/* From here on SIGINT and SIGTERM only set the flag; a second one ends the process. Commands
 * that do not call it are simply ended, which loses nothing. */
void signals_watch_stop(void);

/* SIGBUS and the like become a sentence and exit code 1. LMDB reads its file through memory: a
 * page that is gone raises SIGBUS, and a damaged tree may send it anywhere or into an assertion
 * of its own. env.h and frame.h catch what can be caught before; this is for the rest. */
void signals_watch_crashes(void);
/* In a child process whose death its parent reports: lets a crash be one. */
void signals_ignore_crashes(void);

#endif
