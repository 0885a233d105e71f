/* main.c: signals, then the command line (cli.h).
 *
 * LMDB reads its file through memory: a page that is gone raises SIGBUS, and a damaged tree may
 * send it anywhere or into an assertion of its own. env.h and frame.h catch what can be caught
 * before; for the rest a person gets a sentence and an exit code in place of "Bus error". */
#include "intake/cli/cli.h"
#include "intake/cli/out.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The only mutable globals: what a signal handler needs. */
static volatile sig_atomic_t stop;

static void on_stop(int signal_number)
{
    (void)signal_number;
    stop = 1;
}

void cli_watch_signals(void)
{
    struct sigaction action = {.sa_handler = on_stop, .sa_flags = (int)SA_RESETHAND};

    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static void watch_crashes(void)
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
    _exit(CLI_PART);
}

static void watch_crashes(void)
{
    static uint8_t stack[64 << 10]; /* its own: the fault may be a stack used up */
    const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK};
    static const int signals[] = {SIGBUS, SIGSEGV, SIGABRT, SIGFPE, SIGILL};

    (void)sigaltstack(&alternate, NULL);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        (void)sigaction(signals[i], &action, NULL);
}
#endif

int main(int argc, char **argv)
{
    struct error err;

    (void)signal(SIGPIPE, SIG_IGN); /* a write then answers EPIPE, see out_finish */
    watch_crashes();
    if (hash_start(&err) != AF_OK) {
        cli_say("%s", err.text);
        return CLI_PART;
    }
    return out_finish(cli_main(argc, argv, &stop));
}
