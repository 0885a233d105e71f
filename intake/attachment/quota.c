#include "intake/attachment/quota.h"

#include "data/base/hash.h"
#include "data/base/limits.h"

#include <pthread.h>
#include <stdlib.h>

#define ADDRESSES 4096
#define HOUR_MS 3600000

struct sender {
    uint64_t address; /* hashed; 0: nobody */
    int64_t since_ms, heard_ms;
    uint64_t bytes;
    unsigned files;
};

struct quota {
    pthread_mutex_t lock;
    struct sender senders[ADDRESSES];
};

enum status quota_new(struct quota **out, struct error *err)
{
    struct quota *quota = calloc(1, sizeof *quota);

    if (quota == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory to count what is sent");
    pthread_mutex_init(&quota->lock, NULL);
    *out = quota;
    return AF_OK;
}

void quota_free(struct quota *quota)
{
    if (quota == NULL)
        return;
    pthread_mutex_destroy(&quota->lock);
    free(quota);
}

static struct sender *find(struct quota *quota, uint64_t address, int64_t now_ms)
{
    struct sender *oldest = &quota->senders[0];

    for (size_t i = 0; i < ADDRESSES; i++) {
        struct sender *sender = &quota->senders[i];

        if (sender->address == address)
            return sender;
        if (sender->heard_ms < oldest->heard_ms)
            oldest = sender;
    }
    *oldest = (struct sender){.address = address, .since_ms = now_ms};
    return oldest;
}

enum status quota_take(struct quota *quota, struct bytes address, unsigned files, uint64_t bytes,
                       int64_t now_ms, struct error *err)
{
    uint64_t hashed = checksum64(1, &address, 1) | 1;
    enum status status = AF_OK;
    struct sender *sender;

    pthread_mutex_lock(&quota->lock);
    sender = find(quota, hashed, now_ms);
    if (now_ms - sender->since_ms >= HOUR_MS || now_ms < sender->since_ms)
        *sender = (struct sender){.address = hashed, .since_ms = now_ms};
    sender->heard_ms = now_ms;
    if (sender->files + files > UPLOAD_HOUR_FILES_MAX ||
        sender->bytes + bytes > UPLOAD_HOUR_BYTES_MAX) {
        status = error_set(err, AF_BUSY,
                           "more than %d files or %u MiB were sent from here within an hour: try "
                           "again later, or sign in",
                           UPLOAD_HOUR_FILES_MAX, UPLOAD_HOUR_BYTES_MAX >> 20);
    } else {
        sender->files += files;
        sender->bytes += bytes;
    }
    pthread_mutex_unlock(&quota->lock);
    return status;
}
