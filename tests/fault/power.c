#include "tests/fault/power.h"

#include "data/journal.h"
#include "tests/fault/scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 2, WRITE_EVERY = 16 };

/* --- the disk ----------------------------------------------------------------------------- */

#define DISK_BYTES ((size_t)16 << 20) /* far more than a run writes */

/* A version of one sector that a write brought and no sync has made sure of yet. */
struct pending {
    uint64_t sector;
    size_t op;
    uint8_t data[SECTOR_BYTES];
};

struct disk {
    uint8_t *durable, *now; /* surely on the disk; as the program sees it */
    size_t durable_bytes, now_bytes;
    struct pending *pending;
    size_t count, room;
};

static void *must(void *at)
{
    if (at == NULL)
        abort();
    return at;
}

static void make_durable(struct disk *disk, const struct pending *p)
{
    size_t end = (size_t)(p->sector + 1) * SECTOR_BYTES;

    memcpy(disk->durable + p->sector * SECTOR_BYTES, p->data, SECTOR_BYTES);
    if (end > disk->durable_bytes)
        disk->durable_bytes = end;
}

static void drop_pending(struct disk *disk, uint64_t sector)
{
    size_t kept = 0;

    for (size_t i = 0; i < disk->count; i++)
        if (disk->pending[i].sector != sector)
            disk->pending[kept++] = disk->pending[i];
    disk->count = kept;
}

static void add_pending(struct disk *disk, uint64_t sector, size_t op)
{
    struct pending *p;

    if (disk->count == disk->room) {
        disk->room = disk->room == 0 ? 1024 : 2 * disk->room;
        disk->pending = must(realloc(disk->pending, disk->room * sizeof *disk->pending));
    }
    p = &disk->pending[disk->count++];
    p->sector = sector;
    p->op = op;
    memcpy(p->data, disk->now + sector * SECTOR_BYTES, SECTOR_BYTES);
}

/* The call as the program sees it: its sectors are pending, whatever the descriptor. */
static void begin_write(struct disk *disk, const struct op *op, size_t number)
{
    uint64_t first = op->at / SECTOR_BYTES, last = (op->at + op->len - 1) / SECTOR_BYTES;

    if (op->at + op->len > DISK_BYTES)
        abort();
    memcpy(disk->now + op->at, op->data, op->len);
    if ((last + 1) * SECTOR_BYTES > disk->now_bytes)
        disk->now_bytes = (size_t)(last + 1) * SECTOR_BYTES;
    for (uint64_t sector = first; sector <= last; sector++)
        add_pending(disk, sector, number);
}

/* A write with O_DSYNC has made its own sectors durable, and nothing else. */
static void end_synced_write(struct disk *disk, size_t number)
{
    for (size_t i = 0; i < disk->count;) {
        struct pending p = disk->pending[i];

        if (p.op != number) {
            i++;
            continue;
        }
        make_durable(disk, &p);
        drop_pending(disk, p.sector);
        i = 0;
    }
}

static void sync_all(struct disk *disk)
{
    for (size_t i = 0; i < disk->count; i++)
        make_durable(disk, &disk->pending[i]);
    disk->count = 0;
}

/* --- one image ---------------------------------------------------------------------------- */

/* Which of the pending sectors reached the disk. */
struct fate {
    enum { NONE, ALL, SECTORS, WRITES, ONE_WRITE, ALL_BUT_ONE, LATER_WRITES, FATES } kind;
    uint32_t percent;
    size_t op;
    bool reorder; /* of two versions of a sector, either may be the one that stays */
};

static struct fate choose_fate(const struct disk *disk, struct test_random *random)
{
    static const uint32_t percents[] = {3, 20, 50, 80, 97};
    struct fate fate = {.kind = test_random_below(random, FATES),
                        .percent = percents[test_random_below(random, 5)],
                        .reorder = test_random_below(random, 2) == 0};

    if (disk->count > 0)
        fate.op = disk->pending[test_random_below(random, (uint32_t)disk->count)].op;
    return fate;
}

static bool is_kept(const struct fate *fate, const struct pending *p, uint64_t salt,
                    struct test_random *random)
{
    switch (fate->kind) {
    case NONE:
        return false;
    case ALL:
        return true;
    case SECTORS:
        return test_random_below(random, 100) < fate->percent;
    case WRITES: /* the same answer for all sectors of a write */
        return ((p->op + 1) * 0x9E3779B97F4A7C15u ^ salt) % 101 < fate->percent;
    case ONE_WRITE:
        return p->op == fate->op;
    case ALL_BUT_ONE:
        return p->op != fate->op;
    case LATER_WRITES:
        return p->op >= fate->op;
    case FATES:
        break;
    }
    return false;
}

static void write_all(int fd, const uint8_t *data, size_t len)
{
    if (ftruncate(fd, 0) != 0 || pwrite(fd, data, len, 0) != (ssize_t)len)
        abort();
}

static void make_image(const struct disk *disk, const char *path, struct test_random *random,
                       struct power_result *result)
{
    struct fate fate = choose_fate(disk, random);
    uint64_t salt = test_random_next(random);
    uint8_t *image = must(malloc(disk->now_bytes + 1));
    uint8_t *stays = must(calloc(disk->now_bytes / SECTOR_BYTES + 1, 1));
    size_t bytes = disk->durable_bytes;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        abort();
    memset(image, 0, disk->now_bytes);
    memcpy(image, disk->durable, disk->durable_bytes);
    for (size_t i = 0; i < disk->count; i++) {
        const struct pending *p = &disk->pending[i];
        size_t end = (size_t)(p->sector + 1) * SECTOR_BYTES;

        if (!is_kept(&fate, p, salt, random) || (stays[p->sector] && fate.reorder)) {
            result->dropped_sectors++;
            continue;
        }
        memcpy(image + p->sector * SECTOR_BYTES, p->data, SECTOR_BYTES);
        stays[p->sector] = fate.reorder && test_random_below(random, 2) == 0;
        result->kept_sectors++;
        if (end > bytes)
            bytes = end;
    }
    write_all(fd, image, bytes);
    (void)close(fd);
    free(image);
    free(stays);
}

/* --- after the restart -------------------------------------------------------------------- */

static enum status check_head(struct store *store, const struct record *record, uint64_t acked_seq,
                              struct error *err)
{
    struct journal_head head;
    struct txn *txn;
    enum status status = store_begin_read(store, &txn, err);

    if (status != AF_OK)
        return status;
    status = journal_head(txn, &head, err);
    txn_abort(txn);
    if (status != AF_OK)
        return status;
    if (head.seq < acked_seq)
        return error_set(err, AF_NOT_FOUND,
                         "lost: entry %llu was acknowledged, the journal ends with %llu",
                         (unsigned long long)acked_seq, (unsigned long long)head.seq);
    if (head.seq > record->head_seq ||
        (head.seq > 0 && !digest_equal(&head.hash, &record->hashes[head.seq])))
        return error_set(err, AF_CORRUPT, "wrong: the journal is not a beginning of the run's");
    return AF_OK;
}

/* The store must open, hold what was acknowledged, be sound, and take the next command. */
static enum status check_image(const char *dir, const struct record *record, uint64_t acked_seq,
                               bool write_too, struct error *err)
{
    struct check_counts counts;
    struct scenario s = {0};
    uint64_t seq;
    bool repeated;
    enum status status =
        write_too ? scenario_open(&s, dir, err) : store_open(dir, STORE_READ, &s.store, err);

    if (status != AF_OK)
        return status;
    status = check_head(s.store, record, acked_seq, err);
    if (status == AF_OK)
        status = scenario_check(s.store, &counts, err);
    if (status == AF_OK && write_too) {
        status = scenario_step(&s, "after", 1, &seq, &repeated, err);
        if (status == AF_OK)
            status = scenario_check(s.store, &counts, err);
    }
    scenario_close(&s);
    return status;
}

/* --- a run -------------------------------------------------------------------------------- */

struct place {
    char dir[PATH_MAX]; /* of the images' data folder */
    char file[PATH_MAX];
};

static void make_place(const char *base, const char *name, struct place *out)
{
    char store[PATH_MAX];

    if ((size_t)snprintf(out->dir, PATH_MAX, "%.3000s/%s", base, name) >= PATH_MAX)
        abort();
    (void)snprintf(store, sizeof store, "%.3500s/store", out->dir);
    (void)snprintf(out->file, sizeof out->file, "%.3500s/data.mdb", store);
    if ((mkdir(out->dir, 0700) != 0 || mkdir(store, 0700) != 0) && errno != EEXIST)
        abort();
}

static void fail_image(struct power_result *result, const struct error *err, size_t cut)
{
    if (result->failures++ == 0)
        (void)snprintf(result->first, sizeof result->first, "image %llu, cut in call %zu: %s",
                       (unsigned long long)result->images, cut, err->text);
}

/* The calls before `number` are done; call `number` is under way. */
static void take_images(struct disk *disk, const struct record *record, const struct place *place,
                        size_t number, uint64_t acked_seq, uint64_t count,
                        struct test_random *random, struct power_result *result)
{
    for (uint64_t i = 0; i < count; i++) {
        struct error err;

        make_image(disk, place->file, random, result);
        result->images++;
        /* Reading alone finds no store before its tables are made: a restart writes. */
        if (check_image(place->dir, record, acked_seq,
                        acked_seq == 0 || result->images % WRITE_EVERY == 0, &err) != AF_OK)
            fail_image(result, &err, number);
    }
}

static size_t first_sync(const struct record *record)
{
    size_t i = 0;

    while (i < record->count && record->ops[i].kind != OP_SYNC)
        i++;
    return i;
}

static void image_run(const struct record *record, const struct place *place, uint64_t images,
                      bool stop_at_first, struct test_random *random, struct power_result *result)
{
    struct disk disk = {.durable = must(calloc(1, DISK_BYTES)), .now = must(calloc(1, DISK_BYTES))};
    size_t begin = first_sync(record); /* before it, the file has another name: env.c */
    uint64_t left = images, acked_seq = 0;

    for (size_t i = 0; i < record->count && !(stop_at_first && result->failures > 0); i++) {
        const struct op *op = &record->ops[i];
        uint64_t share;

        if (op->kind == OP_ACK && op->at > acked_seq)
            acked_seq = op->at;
        if (op->kind == OP_WRITE)
            begin_write(&disk, op, i);
        if (i > begin) {
            /* Evenly over the calls that are left; by chance where that is less than one each. */
            share = left / (record->count - i);
            if (test_random_below(random, (uint32_t)(record->count - i)) <
                left % (record->count - i))
                share++;
            take_images(&disk, record, place, i, acked_seq, share, random, result);
            left -= share;
        }
        if (op->kind == OP_WRITE && op->is_synced)
            end_synced_write(&disk, i);
        if (op->kind == OP_SYNC)
            sync_all(&disk);
    }
    free(disk.durable);
    free(disk.now);
    free(disk.pending);
}

static void remove_place(const char *base, const char *name)
{
    static const char *const names[] = {"store/data.mdb", "store/lock.mdb", "store", ""};
    char path[PATH_MAX];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(path, sizeof path, "%.3000s/%s/%s", base, name, names[i]);
        (void)remove(path);
    }
}

static void work(const char *base, unsigned number, uint64_t images, bool stop_at_first,
                 struct test_random random, struct power_result *result)
{
    char run[32], image[32];
    struct place place, images_at;
    struct record record;
    struct error err;

    (void)snprintf(run, sizeof run, "run-%u", number);
    (void)snprintf(image, sizeof image, "image-%u", number);
    make_place(base, run, &place);
    make_place(base, image, &images_at);
    result->runs++;
    if (record_run(place.dir, &random, &record, &err) == AF_OK) {
        result->commands += record.head_seq;
        image_run(&record, &images_at, images, stop_at_first, &random, result);
        record_release(&record);
    } else {
        fail_image(result, &err, 0);
    }
    remove_place(base, run);
    remove_place(base, image);
}

/* --- workers ------------------------------------------------------------------------------ */

static void add_result(struct power_result *sum, const struct power_result *one)
{
    if (sum->failures == 0 && one->failures > 0)
        memcpy(sum->first, one->first, sizeof sum->first);
    sum->images += one->images;
    sum->runs += one->runs;
    sum->commands += one->commands;
    sum->failures += one->failures;
    sum->dropped_sectors += one->dropped_sectors;
    sum->kept_sectors += one->kept_sectors;
}

static void wait_for_worker(pid_t pid, struct power_result *shared, struct power_result *sum)
{
    struct error err;
    int how = 0;

    while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
        continue;
    if (WIFSIGNALED(how)) {
        (void)error_set(&err, AF_CORRUPT, "the reader died by signal %d", WTERMSIG(how));
        fail_image(shared, &err, 0);
    }
    add_result(sum, shared);
}

void power_run(const char *base, uint64_t images, bool stop_at_first, struct test_random *random,
               struct power_result *out)
{
    struct power_result *shared = mmap(NULL, WORKERS * sizeof *shared, PROT_READ | PROT_WRITE,
                                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    unsigned run = 0;

    if (shared == MAP_FAILED)
        abort();
    *out = (struct power_result){0};
    while (images > 0 && !(stop_at_first && out->failures > 0)) {
        pid_t pids[WORKERS];
        unsigned started = 0;

        for (; started < WORKERS && images > 0; started++, run++) {
            uint64_t count = images < IMAGES_A_RUN ? images : IMAGES_A_RUN;
            struct test_random own = {test_random_next(random) | 1};

            images -= count;
            memset(&shared[started], 0, sizeof shared[started]);
            (void)fflush(NULL);
            pids[started] = fork();
            if (pids[started] < 0)
                abort();
            if (pids[started] == 0) {
                work(base, run, count, stop_at_first, own, &shared[started]);
                _exit(0);
            }
        }
        for (unsigned i = 0; i < started; i++)
            wait_for_worker(pids[i], &shared[i], out);
    }
    (void)munmap(shared, WORKERS * sizeof *shared);
}
