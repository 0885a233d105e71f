/* work.c: what questions read of the index, counted: lists, postings, bytes, values, pages.
 *
 *     askfirst_work DIR QUESTIONS CLASS N      the first N of a class, each after one like it
 *         worked ASKED NAME=VALUE …            sums, parted by tabs
 *
 * The linker puts the functions __wrap_… below before those of the library (bench.mk), so neither
 * the library nor what `make bench` times has a counter in it. Pages are those of the index's
 * file (pages.h); what the index keeps in memory (lengths, filters, columns) is not among them.
 * A value in a page of its own gives the page its name, a smaller one the leaf of LMDB's tree that
 * it stands in; the rest of the tree is `tree`. */
#include "indexer/image_impl.h"
#include "indexer/postings.h"
#include "tests/bench/pages.h"
#include "tests/bench/session.h"
#include "tests/bench/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static_assert(IMAGE_KIND_COUNT < PAGES_LABELS, "label 0 is the tree's");

struct work {
    uint64_t lists, blocks, postings;
    uint64_t docs_bytes, codes_bytes; /* of blocks that were decoded, and of their codes */
    uint64_t values;                  /* looked up in the tree */
    uint64_t pages[PAGES_LABELS];     /* by kind + 1 */
};
static struct work work;

/* --- what the library calls instead ------------------------------------------------------ */

enum status __real_postings_open(const struct segment *segment, const struct term_entry *entry,
                                 struct arena *arena, struct postings *out, struct error *err);
enum status __wrap_postings_open(const struct segment *segment, const struct term_entry *entry,
                                 struct arena *arena, struct postings *out, struct error *err);
enum status __wrap_postings_open(const struct segment *segment, const struct term_entry *entry,
                                 struct arena *arena, struct postings *out, struct error *err)
{
    work.lists++;
    return __real_postings_open(segment, entry, arena, out, err);
}

bool __real_postings_docs_decode(struct reader *r, uint32_t n, uint32_t base, uint32_t last,
                                 struct postings_block *out);
bool __wrap_postings_docs_decode(struct reader *r, uint32_t n, uint32_t base, uint32_t last,
                                 struct postings_block *out);
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

bool __real_postings_rest_decode(struct reader *r, struct postings_block *out);
bool __wrap_postings_rest_decode(struct reader *r, struct postings_block *out);
bool __wrap_postings_rest_decode(struct reader *r, struct postings_block *out)
{
    const uint8_t *from = r->at;
    bool read = __real_postings_rest_decode(r, out);

    work.codes_bytes += (uint64_t)(r->at - from);
    return read;
}

enum status __real_disk_find(struct image *image, enum image_kind kind, enum image_find how,
                             struct bytes key, struct bytes *at, struct bytes *body, bool *found,
                             struct error *err);
enum status __wrap_disk_find(struct image *image, enum image_kind kind, enum image_find how,
                             struct bytes key, struct bytes *at, struct bytes *body, bool *found,
                             struct error *err);
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

static unsigned count_class(struct session *session, const struct question *questions, size_t count,
                            const char *name, unsigned limit)
{
    unsigned asked = 0;

    for (size_t i = 0; i < count && asked < limit; i++) {
        if (strcmp(questions[i].name, name) != 0)
            continue;
        if (asked++ == 0) { /* sets things up */
            ask(session, &questions[i]);
            work = (struct work){0};
        }
        pages_begin();
        ask(session, &questions[i]);
        pages_end(work.pages);
    }
    return asked;
}

static void print_work(unsigned asked)
{
    uint64_t pages = 0;

    for (unsigned label = 0; label < PAGES_LABELS; label++)
        pages += work.pages[label];
    printf("worked\t%u\tlists=%llu\tblocks=%llu\tpostings=%llu\tdocs_bytes=%llu\tcodes_bytes=%llu"
           "\tvalues=%llu\tpages=%llu\ttree_pages=%llu",
           asked, (unsigned long long)work.lists, (unsigned long long)work.blocks,
           (unsigned long long)work.postings, (unsigned long long)work.docs_bytes,
           (unsigned long long)work.codes_bytes, (unsigned long long)work.values,
           (unsigned long long)pages, (unsigned long long)work.pages[0]);
    for (unsigned kind = 0; kind < IMAGE_KIND_COUNT; kind++)
        printf("\t%s_pages=%llu", image_kind_name(kind), (unsigned long long)work.pages[1 + kind]);
    putchar('\n');
}

int main(int argc, char **argv)
{
    struct session *session;
    struct question *questions;
    size_t count;

    if (argc != 5)
        die("usage: %s DIR QUESTIONS CLASS N", argv[0]);
    session = session_new(session_app(argv[1], false));
    questions = questions_read(argv[2], &count);
    pages_open("/index/data.mdb");
    print_work(
        count_class(session, questions, count, argv[3], (unsigned)strtoul(argv[4], NULL, 10)));
    questions_free(questions, count);
    return 0;
}
