#include "tests/fault/trial.h"

#include "tests/harness.h"

#include "data/env.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LEAKED = 77 };

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#define HAS_LEAKED() (__lsan_do_recoverable_leak_check() != 0)
#else
#define HAS_LEAKED() false
#endif

void *trial_share(size_t len)
{
    void *at = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    assert_true(at != MAP_FAILED);
    return at;
}

/* What a child had to say, when it went wrong. */
static void print_heard(FILE *heard)
{
    char line[512];

    rewind(heard);
    while (fgets(line, sizeof line, heard) != NULL)
        print_message("    %s", line);
}

/* A test's handlers would make an end of every crash, and print it as a test's. */
static void be_a_child(int heard)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};

    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        (void)signal(signals[i], SIG_DFL);
    (void)dup2(heard, STDOUT_FILENO);
    (void)dup2(heard, STDERR_FILENO);
    (void)alarm(TRIAL_SECONDS_MAX);
}

static void say_end(int code, int allowed, char *wrong, size_t room)
{
    if (WIFSIGNALED(code))
        (void)snprintf(wrong, room, "died by signal %d", WTERMSIG(code));
    else if (WEXITSTATUS(code) == LEAKED)
        (void)snprintf(wrong, room, "memory was leaked");
    else if (WEXITSTATUS(code) != 0 && WEXITSTATUS(code) != allowed)
        (void)snprintf(wrong, room, "ended with %d", WEXITSTATUS(code));
}

bool trial_run(void (*body)(void *context), void *context, int allowed, char *wrong, size_t room)
{
    FILE *heard = tmpfile();
    int code = 0;
    pid_t pid;

    assert_non_null(heard);
    (void)fflush(NULL);
    pid = env_fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        be_a_child(fileno(heard));
        body(context);
        _exit(HAS_LEAKED() ? LEAKED : 0);
    }
    while (waitpid(pid, &code, 0) < 0 && errno == EINTR)
        continue;
    say_end(code, allowed, wrong, room);
    if (wrong[0] != '\0')
        print_heard(heard);
    (void)fclose(heard);
    return wrong[0] == '\0';
}

struct trial_walk trial_walk(long count, long tries, bool all, unsigned seed)
{
    struct trial_walk walk = {.step = 1, .count = count};

    if (!all && tries > 0 && count > tries)
        walk.step = (count / tries) | 1;
    walk.at = 1 + (long)(seed % (unsigned long)walk.step);
    return walk;
}
