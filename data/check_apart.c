/* The check in a child process. What the child has to say comes through a pipe:
 *
 *   | kind u8 | length be32 | body |
 *
 *   'F'  a sentence, one fault              'P'  done be64, all be64
 *   'C'  struct check_counts, at the end    'E'  status u8, sentence: could not be made
 *
 * A child that ends without 'C' or 'E' died on a damaged page, which is a fault as well. */
#include "data/check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define HEADER_BYTES 5
#define MESSAGE_BYTES_MAX 4096

/* --- the child ---------------------------------------------------------------------------- */

static void send_bytes(int fd, const uint8_t *at, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, at, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            _exit(1); /* nobody listens any more */
        at += n;
        len -= (size_t)n;
    }
}

static void send_message(int fd, uint8_t kind, struct bytes body)
{
    uint8_t message[HEADER_BYTES + MESSAGE_BYTES_MAX];

    if (body.len > MESSAGE_BYTES_MAX)
        body.len = MESSAGE_BYTES_MAX;
    message[0] = kind;
    put_be32(message + 1, (uint32_t)body.len);
    if (body.len > 0)
        memcpy(message + HEADER_BYTES, body.data, body.len);
    send_bytes(fd, message, HEADER_BYTES + body.len);
}

static void send_fault(void *context, const char *sentence)
{
    send_message(*(const int *)context, 'F', bytes_str(sentence));
}

static void send_progress(void *context, uint64_t done, uint64_t all)
{
    uint8_t body[16];

    put_be64(body, done);
    put_be64(body + 8, all);
    send_message(*(const int *)context, 'P', bytes_of(body, sizeof body));
}

/* LMDB found its own data impossible; it would print and abort. */
static void stop_at_assertion(MDB_env *mdb, const char *message)
{
    char sentence[ERROR_TEXT_MAX];
    int *fd = mdb_env_get_userctx(mdb);

    (void)snprintf(sentence, sizeof sentence, "damaged: LMDB stops at an impossible page: %s",
                   message);
    send_fault(fd, sentence);
    _exit(1);
}

/* Handlers of the caller (a server's, a test's) are not for this process: it shall just die. */
static void default_signals(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGTERM, SIGINT};

    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        (void)signal(signals[i], SIG_DFL);
    (void)signal(SIGPIPE, SIG_IGN);
}

static void run_child(const char *dir, const struct check_options *options, int fd)
{
    const struct check_options own = {.fault = send_fault,
                                      .progress = options->progress != NULL ? send_progress : NULL,
                                      .context = &fd,
                                      .more = options->more};
    struct check_counts counts;
    struct store *store = NULL;
    struct error err;
    uint8_t body[1 + ERROR_TEXT_MAX];
    enum status status = store_open(dir, STORE_READ, &store, &err);

    if (status == AF_OK) {
        MDB_env *mdb = store_env(store)->mdb;

        (void)mdb_env_set_userctx(mdb, &fd);
        (void)mdb_env_set_assert(mdb, stop_at_assertion);
        status = store_check_with(store, &own, &counts, &err);
        store_close(store);
    }
    if (status == AF_OK) {
        send_message(fd, 'C', bytes_of(&counts, sizeof counts));
    } else {
        body[0] = (uint8_t)status;
        memcpy(body + 1, err.text, strlen(err.text));
        send_message(fd, 'E', bytes_of(body, 1 + strlen(err.text)));
    }
}

/* --- the parent --------------------------------------------------------------------------- */

struct listener {
    const struct check_options *options;
    struct check_counts counts;
    struct error error;
    uint64_t faults; /* heard so far, for a child that cannot count to the end */
    bool ended;      /* 'C' or 'E' was heard */
};

static void hear(struct listener *listener, uint8_t kind, struct bytes body)
{
    const struct check_options *options = listener->options;
    struct reader r = reader_of(body);
    uint64_t done, all;

    if (kind == 'F') {
        char sentence[ERROR_TEXT_MAX + 1];
        size_t n = body.len < ERROR_TEXT_MAX ? body.len : ERROR_TEXT_MAX;

        memcpy(sentence, body.data, n);
        sentence[n] = '\0';
        listener->faults++;
        options->fault(options->context, sentence);
    } else if (kind == 'P' && options->progress != NULL && reader_be64(&r, &done) &&
               reader_be64(&r, &all)) {
        options->progress(options->context, done, all);
    } else if (kind == 'C' && body.len == sizeof listener->counts) {
        memcpy(&listener->counts, body.data, body.len); /* our own process image wrote it */
        listener->ended = true;
    } else if (kind == 'E' && body.len > 1 && body.data[0] < AF_STATUS_COUNT) {
        (void)error_set(&listener->error, (enum status)body.data[0], "%.*s", (int)body.len - 1,
                        (const char *)body.data + 1);
        listener->ended = true;
    }
}

/* Hands over the whole messages at the front of `in` and keeps the rest. */
static void hear_all(struct listener *listener, struct buf *in)
{
    struct reader r = reader_of(buf_bytes(in)), whole = r;
    struct bytes body;
    uint8_t kind;
    uint32_t len;

    while (reader_u8(&r, &kind) && reader_be32(&r, &len) && reader_take(&r, len, &body)) {
        hear(listener, kind, body);
        whole = r;
    }
    in->len = reader_left(&whole);
    if (in->len > 0)
        memmove(in->data, whole.at, in->len);
}

static enum status listen_to(struct listener *listener, int fd, struct error *err)
{
    struct buf in = {0};
    enum status status = AF_OK;

    for (;;) {
        uint8_t *at = buf_reserve(&in, 16384);
        ssize_t n;

        if (at == NULL) {
            status = buf_status(&in, "a check", err);
            break;
        }
        n = read(fd, at, 16384);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        in.len += (size_t)n;
        hear_all(listener, &in);
    }
    buf_release(&in);
    return status;
}

static void report_death(struct listener *listener, int how)
{
    char sentence[ERROR_TEXT_MAX];

    if (WIFSIGNALED(how))
        (void)snprintf(sentence, sizeof sentence,
                       "damaged: reading the store ends in signal %d (%s): a page of it is not "
                       "what LMDB wrote",
                       WTERMSIG(how), strsignal(WTERMSIG(how)));
    else if (listener->faults > 0)
        return; /* it said why before it stopped */
    else
        (void)snprintf(sentence, sizeof sentence, "the check stopped without a result (%d)",
                       WEXITSTATUS(how));
    listener->faults++;
    listener->options->fault(listener->options->context, sentence);
}

static int wait_for_child(pid_t pid)
{
    int how = 0;

    while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
        continue;
    return how;
}

enum status store_check_apart(const char *dir, const struct check_options *options,
                              struct check_counts *out, struct error *err)
{
    struct listener listener = {.options = options};
    enum status status;
    int ends[2], how;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_set(err, AF_IO, "the check cannot be started: %s", strerror(errno));
    pid = env_fork();
    if (pid == 0) {
        close(ends[0]);
        default_signals();
        run_child(dir, options, ends[1]);
        _exit(0);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return error_set(err, AF_IO, "the check cannot be started: %s", strerror(errno));
    }
    status = listen_to(&listener, ends[0], err);
    close(ends[0]);
    how = wait_for_child(pid);
    if (status != AF_OK)
        return status;
    if (!listener.ended) {
        report_death(&listener, how);
        listener.counts = (struct check_counts){.faults = listener.faults};
    } else if (listener.error.status != AF_OK) {
        return error_set(err, listener.error.status, "%s", listener.error.text);
    }
    *out = listener.counts;
    return AF_OK;
}
