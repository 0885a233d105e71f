/* A file that is no dump, or one with anything changed, does not load: nothing is written, and
 * the sentence says why. A dump that does load gives the journal that its first line promises. */
#include "tests/fuzz/fuzz.h"

#include "data/article.h"
#include "data/dump.h"

static const struct command_kind kinds[] = {
    {"case.put", 1, article_apply_put, true },
    {NULL,       0, NULL,              false},
};

struct fixture {
    struct store *store;
    struct journal *journal;
};

static void make(struct fixture *f)
{
    struct error err;
    char dir[64];

    fuzz_dir_new(dir);
    ENSURE_OK(hash_start(&err));
    ENSURE_OK(store_open(dir, STORE_WRITE, &f->store, &err));
    ENSURE_OK(journal_open(f->store, kinds, &f->journal, &err));
    fuzz_dir_remove(dir);
}

static uint64_t head_seq(const struct fixture *f)
{
    struct journal_head head;
    struct txn *txn;
    struct error err;

    ENSURE_OK(store_begin_read(f->store, &txn, &err));
    ENSURE_OK(journal_head(txn, &head, &err));
    txn_abort(txn);
    return head.seq;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fixture f;
    struct error err;
    uint64_t entries = 0;
    enum status status;
    FILE *in;

    if (f.store == NULL)
        make(&f);
    in = fopen(fuzz_file(bytes_of(data, size)), "r");
    ENSURE(in != NULL);
    status = dump_load(f.store, f.journal, in, NULL, NULL, &entries, &err);
    (void)fclose(in);
    if (status != AF_OK)
        ensure_refusal(status, &err, KIND(AF_INVALID) | KIND(AF_CORRUPT) | KIND(AF_NEWER));
    ENSURE(head_seq(&f) == entries);
    if (entries > 0) {
        journal_close(f.journal);
        store_close(f.store);
        f.store = NULL;
    }
    return 0;
}
