#include "intake/cli/signals.h"

#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

/* The one mutable global: a signal handler has nothing else to write to. */
static volatile sig_atomic_t stop;

static const int crashes[] = {SIGBUS, SIGSEGV, SIGABRT, SIGFPE, SIGILL};

const volatile sig_atomic_t *signals_stop(void)
{
    return &stop;
}

static void on_stop(int signal_number)
{
    (void)signal_number;
    stop = 1;
}

void signals_watch_stop(void)
{
    struct sigaction action = {.sa_handler = on_stop, .sa_flags = (int)SA_RESETHAND};

    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
void signals_watch_crashes(void)
{
    /* The sanitizers say more. */
}
#else
/* Only what POSIX allows in a handler: write and _exit. */
static void on_crash(int signal_number)
{
    static const char text[] =
        "askfirst: stopped by a memory fault; most likely the store is damaged so that it cannot "
        "be read: run `askfirst check`, and restore the last backup if it finds faults\n";
    ssize_t n = write(STDERR_FILENO, text, sizeof text - 1);

    (void)n;
    (void)signal_number;
    _exit(1);
}

void signals_watch_crashes(void)
{
    static uint8_t stack[64 << 10]; /* its own: the fault may be a stack used up */
    const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK};

    (void)sigaltstack(&alternate, NULL);
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
        (void)sigaction(crashes[i], &action, NULL);
}
#endif

void signals_ignore_crashes(void)
{
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
        (void)signal(crashes[i], SIG_DFL);
}
