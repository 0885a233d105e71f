/* power.h: what a power cut may leave of the store, and whether everything acknowledged is in it.
 *
 * A run of commands is recorded: every write to data.mdb, every completed sync, every
 * acknowledgement. Then images are made: the run is cut inside some call; what was synced before
 * is on the disk, and of the writes since, any sectors of 512 bytes, in any order. (A sector is
 * written whole or not: what disks promise and LMDB relies on for its meta page.) Each image is
 * opened like a store after a restart.
 *
 * Not modelled: disks that lie about a sync, and the folder's own entries (env.c syncs them). */
#ifndef ASKFIRST_TESTS_FAULT_POWER_H
#define ASKFIRST_TESTS_FAULT_POWER_H

#include "tests/harness.h"

#define SECTOR_BYTES 512

/* --- the record --------------------------------------------------------------------------- */

enum op_kind { OP_WRITE, OP_SYNC, OP_ACK };

struct op {
    enum op_kind kind;
    bool is_synced; /* a write through a descriptor with O_DSYNC */
    uint64_t at;    /* write: offset; ack: the command's seq */
    size_t len;
    uint8_t *data;
};

struct record {
    struct op *ops;
    size_t count, room;
    struct digest *hashes; /* hashes[seq]: of the run's journal, up to its head */
    uint64_t head_seq;
};

/* Runs commands on a new store in DIR and records what it does to its file. */
enum status record_run(const char *dir, struct test_random *random, struct record *out,
                       struct error *err) MUST_USE;
void record_release(struct record *record);

/* --- images ------------------------------------------------------------------------------- */

struct power_result {
    uint64_t images, runs, commands, failures, dropped_sectors, kept_sectors;
    char first[ERROR_TEXT_MAX + 80]; /* what was wrong with the first that failed */
};

/* `images` images in runs of IMAGES_A_RUN, below the folder BASE, in child processes: an image
 * that kills its reader is a failure. Ends at the first failure when `stop_at_first`. */
#define IMAGES_A_RUN 500
void power_run(const char *base, uint64_t images, bool stop_at_first, struct test_random *random,
               struct power_result *out);

#endif
