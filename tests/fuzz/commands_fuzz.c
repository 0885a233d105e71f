/* Commands of any body, as a dump or another machine may bring them (`load`): an apply refuses with
 * a sentence or leaves records that agree with one another, and does the same when all of it is
 * done again.
 *
 *     | kind u8 | body: bytes u16, JSON | …                    ends at the first that is refused */
#include "tests/fuzz/fuzz.h"

#include "data/journal.h"
#include "intake/commands.h"
#include "intake/intake_check.h"

#include <stdio.h>

#define AT_MS 1795312390123ll
#define COMMANDS_MAX 12

static struct store *store_new(void)
{
    struct store *store;
    struct error err;
    char dir[64];

    fuzz_dir_new(dir);
    ENSURE_OK(hash_start(&err));
    ENSURE_OK(store_open(dir, STORE_WRITE, &store, &err));
    fuzz_dir_remove(dir);
    return store;
}

static const struct command_kind *kind_of(uint8_t number)
{
    unsigned count = 0;

    while (command_kinds[count].name != NULL)
        count++;
    return &command_kinds[number % count];
}

static void say_fault(void *context, const char *sentence)
{
    (void)fprintf(stderr, "%s: %s\n", (const char *)context, sentence);
    ENSURE(!"the records agree");
}

static void check(struct txn *txn, const char *after)
{
    struct error err;

    for (const check_more_fn *look = intake_checks; *look != NULL; look++)
        ENSURE_OK((*look)(txn, say_fault, (void *)(uintptr_t)after, &err));
}

/* False: refused. What it answered is added to `said`. */
static bool apply(struct txn *txn, const struct command_kind *kind, const json_t *body,
                  struct buf *said)
{
    struct command command = {.actor = "cli", .kind = kind->name, .body = body};
    struct buf text = {0}, line = {0};
    struct journal_head head;
    struct error err = {0};
    char id[24];
    json_t *result = json_object();
    enum status status;

    ENSURE_OK(json_write(body, false, &text, &err));
    ENSURE_OK(journal_head(txn, &head, &err));
    (void)snprintf(id, sizeof id, "c%llu", (unsigned long long)head.seq);
    command.id = id;
    command.at_ms = AT_MS + (int64_t)head.seq * 1000;
    ENSURE_OK(journal_compose(&head, &command, kind->schema, buf_bytes(&text), &line, &err));
    status = kind->apply(txn, &command, result, &err);
    if (status == AF_OK) {
        ENSURE_OK(json_write(result, false, said, &err));
        ENSURE_OK(journal_append(txn, command.line, command.body_offset, NULL, &head, &err));
    } else {
        buf_printf(said, "%s", err.text);
        ensure_refusal(status, &err,
                       KIND(AF_INVALID) | KIND(AF_CONFLICT) | KIND(AF_NOT_FOUND) | KIND(AF_DENIED) |
                           KIND(AF_TOO_LARGE) | KIND(AF_CORRUPT));
    }
    json_decref(result);
    buf_release(&line);
    buf_release(&text);
    return status == AF_OK;
}

static void run(struct store *store, struct reader r, struct buf *said)
{
    struct error err;
    struct txn *txn;

    ENSURE_OK(store_begin_write(store, &txn, &err));
    for (unsigned i = 0; i < COMMANDS_MAX && reader_left(&r) > 0; i++) {
        const struct command_kind *kind = kind_of(take_u8(&r));
        struct bytes text = take_bytes(&r, 4096);
        json_t *body;
        bool done;

        if (json_parse(text, &body, &err) != AF_OK)
            break;
        done = json_is_object(body) && apply(txn, kind, body, said);
        json_decref(body);
        if (!done)
            break;
        check(txn, kind->name);
    }
    txn_abort(txn);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct store *store;
    struct reader r = reader_of(bytes_of(data, size));
    struct buf once = {0}, twice = {0};

    if (store == NULL)
        store = store_new();
    run(store, r, &once);
    run(store, r, &twice);
    ENSURE(bytes_equal(buf_bytes(&once), buf_bytes(&twice)));
    buf_release(&once);
    buf_release(&twice);
    return 0;
}
