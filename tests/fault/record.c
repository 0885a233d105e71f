#include "tests/fault/power.h"

#include "tests/fault/disk.h"
#include "tests/fault/scenario.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { CLIENTS = 3, COMMANDS_A_CLIENT = 40, SYNC_US = 200 };

/* One recording at a time in a process: the hooks have no context. */
static struct record *recording;
static pthread_mutex_t recording_lock = PTHREAD_MUTEX_INITIALIZER;

static void add_op(struct op op)
{
    struct record *record = recording;

    (void)pthread_mutex_lock(&recording_lock);
    if (record->count == record->room) {
        record->room = record->room == 0 ? 4096 : 2 * record->room;
        record->ops = realloc(record->ops, record->room * sizeof *record->ops);
        if (record->ops == NULL)
            abort();
    }
    record->ops[record->count++] = op;
    (void)pthread_mutex_unlock(&recording_lock);
}

static void note_write(int fd, off_t at, const void *data, size_t len, bool is_synced)
{
    struct op op = {.kind = OP_WRITE,
                    .is_synced = is_synced,
                    .at = (uint64_t)at,
                    .len = len,
                    .data = malloc(len)};

    (void)fd;
    if (op.data == NULL)
        abort();
    memcpy(op.data, data, len);
    add_op(op);
}

static void note_sync(int fd)
{
    (void)fd;
    add_op((struct op){.kind = OP_SYNC});
}

/* A sync takes its time on a disk; on a memory file it would end before anybody could be told
 * something too early. */
static struct disk_fault slow_sync(enum disk_call call, int fd)
{
    (void)fd;
    if (call == DISK_SYNC)
        (void)usleep(SYNC_US);
    return (struct disk_fault){0};
}

struct client {
    struct scenario *s;
    char prefix[16];
    unsigned offset;
    bool failed;
    struct error error;
};

static void *send_commands(void *context)
{
    struct client *client = context;

    for (unsigned i = 1; i <= COMMANDS_A_CLIENT && !client->failed; i++) {
        uint64_t seq;
        bool repeated;

        if (scenario_step(client->s, client->prefix, client->offset + i, &seq, &repeated,
                          &client->error) == AF_OK)
            add_op((struct op){.kind = OP_ACK, .at = seq});
        else
            client->failed = true;
    }
    return NULL;
}

static enum status run_clients(struct scenario *s, struct test_random *random, struct error *err)
{
    struct client clients[CLIENTS];
    pthread_t threads[CLIENTS];
    enum status status = AF_OK;

    for (unsigned i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){.s = s, .offset = test_random_below(random, 1000)};
        (void)snprintf(clients[i].prefix, sizeof clients[i].prefix, "p%u", i);
        if (pthread_create(&threads[i], NULL, send_commands, &clients[i]) != 0)
            abort();
    }
    for (unsigned i = 0; i < CLIENTS; i++) {
        (void)pthread_join(threads[i], NULL);
        if (clients[i].failed) {
            *err = clients[i].error;
            status = err->status;
        }
    }
    return status;
}

static enum status keep_hashes(struct store *store, struct record *record, struct error *err)
{
    struct journal_head head;
    struct txn *txn;
    enum status status = store_begin_read(store, &txn, err);

    if (status != AF_OK)
        return status;
    if ((status = journal_head(txn, &head, err)) != AF_OK)
        goto done;
    record->head_seq = head.seq;
    record->hashes = calloc((size_t)head.seq + 1, sizeof *record->hashes);
    if (record->hashes == NULL)
        abort();
    for (uint64_t seq = 1; seq <= head.seq; seq++) {
        struct bytes line;

        if ((status = journal_line(txn, seq, &line, err)) != AF_OK)
            break;
        record->hashes[seq] = digest_plain(line);
    }
done:
    txn_abort(txn);
    return status;
}

enum status record_run(const char *dir, struct test_random *random, struct record *out,
                       struct error *err)
{
    struct scenario s;
    enum status status;

    *out = (struct record){0};
    recording = out;
    disk_hooks = (struct disk_hooks){
        .before = slow_sync, .wrote = note_write, .synced = note_sync, .free_bytes = 0};
    status = scenario_open(&s, dir, err);
    if (status == AF_OK) {
        status = run_clients(&s, random, err);
        if (status == AF_OK)
            status = keep_hashes(s.store, out, err);
        scenario_close(&s);
    }
    disk_hooks = (struct disk_hooks){.free_bytes = 0}; /* still no reserve file */
    recording = NULL;
    if (status != AF_OK)
        record_release(out);
    return status;
}

void record_release(struct record *record)
{
    for (size_t i = 0; i < record->count; i++)
        free(record->ops[i].data);
    free(record->ops);
    free(record->hashes);
    *record = (struct record){0};
}
