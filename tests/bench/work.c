/* work.c: what questions read of the index, counted: lists, postings, bytes, values, pages.
 *
 *     askfirst_work DIR QUESTIONS CLASS N      the first N of a class, asked once before
 *         worked ASKED NAME=VALUE …            sums, parted by tabs
 *
 * The linker puts the functions __wrap_… below before those of the library (bench.mk), so neither
 * the library nor what `make bench` times has a counter in it. Pages are those of the index's
 * file (pages.h); what the index keeps in memory (lengths, filters, columns) is not among them.
 * A value in a page of its own gives the page its name, a smaller one the leaf of LMDB's tree that
 * it stands in; the rest of the tree is `tree`. */
#include "indexer/segment/elias.h"
#include "indexer/segment/image_impl.h"
#include "indexer/segment/postings.h"
#include "tests/bench/pages.h"
#include "tests/bench/session.h"
#include "tests/bench/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static_assert(IMAGE_KIND_COUNT < PAGES_LABELS, "label 0 is the tree's");

struct work {
    uint64_t lists;
    uint64_t blocks, postings; /* that were decoded */
    uint64_t docs_bytes, codes_bytes;
    uint64_t probes;              /* blocks in which one document was looked for without decoding */
    uint64_t passed;              /* blocks that say too little, passed over */
    uint64_t values;              /* looked up in the tree */
    uint64_t pages[PAGES_LABELS]; /* by kind + 1 */
};
static struct work work;

/* --- what the library calls instead ------------------------------------------------------ */

/* With the types of the library's own, so that a change there does not go unnoticed here. */
#define WRAP(function) __typeof__(function) __real_##function, __wrap_##function
WRAP(postings_open);
WRAP(postings_block_seek_above);
WRAP(postings_docs_decode);
WRAP(postings_rest_decode);
WRAP(elias_find);
WRAP(disk_find);

enum status __wrap_postings_open(const struct segment *segment, const struct term_entry *entry,
                                 struct arena *arena, struct postings *out, struct error *err)
{
    work.lists++;
    return __real_postings_open(segment, entry, arena, out, err);
}

enum status __wrap_postings_block_seek_above(struct postings *postings, uint32_t doc, uint8_t least,
                                             uint32_t *passed, struct error *err)
{
    enum status status = __real_postings_block_seek_above(postings, doc, least, passed, err);

    work.passed += status == AF_OK ? *passed : 0;
    return status;
}

bool __wrap_postings_docs_decode(struct reader *r, uint32_t n, uint32_t base, uint32_t last,
                                 struct postings_block *out)
{
    const uint8_t *from = r->at;
    bool read = __real_postings_docs_decode(r, n, base, last, out);

    work.blocks++;
    work.postings += n;
    work.docs_bytes += (uint64_t)(r->at - from);
    return read;
}

bool __wrap_postings_rest_decode(struct reader *r, struct postings_block *out)
{
    const uint8_t *from = r->at;
    bool read = __real_postings_rest_decode(r, out);

    work.codes_bytes += (uint64_t)(r->at - from);
    return read;
}

bool __wrap_elias_find(struct bytes bytes, uint32_t n, uint32_t base, uint32_t last,
                       uint32_t target, uint32_t *at, uint32_t *number, size_t *end)
{
    work.probes++;
    return __real_elias_find(bytes, n, base, last, target, at, number, end);
}

enum status __wrap_disk_find(struct image *image, enum image_kind kind, enum image_find how,
                             struct bytes key, struct bytes *at, struct bytes *body, bool *found,
                             struct error *err)
{
    enum status status = __real_disk_find(image, kind, how, key, at, body, found, err);

    work.values++;
    if (status == AF_OK && *found)
        pages_label(*body, 1u + (unsigned)kind);
    return status;
}

/* --- asking ------------------------------------------------------------------------------ */

static void ask(struct session *session, const struct question *question)
{
    struct search_result result;

    session_ask(session, question->name, question->text, &result);
}

/* A round that is not counted: values are then known to be sound, as in a server that has run for
 * a while. */
static unsigned ask_class(struct session *session, const struct question *questions, size_t count,
                          const char *name, unsigned limit, bool is_watched)
{
    unsigned asked = 0;

    work = (struct work){0};
    for (size_t i = 0; i < count && asked < limit; i++) {
        if (strcmp(questions[i].name, name) != 0)
            continue;
        if (is_watched)
            pages_begin();
        ask(session, &questions[i]);
        if (is_watched)
            pages_end(work.pages);
        asked++;
    }
    return asked;
}

static void print_work(unsigned asked)
{
    uint64_t pages = 0;

    for (unsigned label = 0; label < PAGES_LABELS; label++)
        pages += work.pages[label];
    printf("worked\t%u\tlists=%llu\tblocks=%llu\tpostings=%llu\tdocs_bytes=%llu\tcodes_bytes=%llu"
           "\tprobes=%llu\tpassed=%llu\tvalues=%llu\tpages=%llu\ttree_pages=%llu",
           asked, (unsigned long long)work.lists, (unsigned long long)work.blocks,
           (unsigned long long)work.postings, (unsigned long long)work.docs_bytes,
           (unsigned long long)work.codes_bytes, (unsigned long long)work.probes,
           (unsigned long long)work.passed, (unsigned long long)work.values,
           (unsigned long long)pages, (unsigned long long)work.pages[0]);
    for (unsigned kind = 0; kind < IMAGE_KIND_COUNT; kind++)
        printf("\t%s_pages=%llu", image_kind_name(kind), (unsigned long long)work.pages[1 + kind]);
    putchar('\n');
}

int main(int argc, char **argv)
{
    struct session *session;
    struct question *questions;
    unsigned limit;
    size_t count;

    if (argc != 5)
        die("usage: %s DIR QUESTIONS CLASS N", argv[0]);
    session = session_new(session_app(argv[1], false));
    questions = questions_read(argv[2], &count);
    limit = (unsigned)strtoul(argv[4], NULL, 10);
    pages_open("/index/data.mdb");
    (void)ask_class(session, questions, count, argv[3], limit, false);
    print_work(ask_class(session, questions, count, argv[3], limit, true));
    questions_free(questions, count);
    return 0;
}
