/* trial.h: one try in a child process, which may crash, hang or leak there, and be told of.
 *
 * Not for tests that need the parent's threads: a child has only the one that forked. */
#ifndef ASKFIRST_TESTS_FAULT_TRIAL_H
#define ASKFIRST_TESTS_FAULT_TRIAL_H

#include <stdbool.h>
#include <stddef.h>

#define TRIAL_SECONDS_MAX 120 /* then it hangs; sanitizers are slow, a try takes milliseconds */

/* Memory that a child and its parent share, of zeros; for the whole program. */
void *trial_share(size_t len);

/* Runs `body` in a child and waits. True when it returned, or ended with exit code `allowed`, and
 * left `wrong` empty (shared memory). Else `wrong` says what happened, and what the child said
 * is printed. Under the address sanitizer what `body` leaked is wrong as well. */
bool trial_run(void (*body)(void *context), void *context, int allowed, char *wrong, size_t room);

/* Which of 1 … count are tried when there is time for about `tries`: all when `all`, else evenly
 * spread and moved by the seed. Calls come in groups of like ones; an odd step meets them all. */
struct trial_walk {
    long at, step, count;
};
struct trial_walk trial_walk(long count, long tries, bool all, unsigned seed);

#endif
