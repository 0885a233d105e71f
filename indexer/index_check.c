#include "indexer/index_impl.h"

#include "data/article.h"
#include "indexer/build/segment_stem.h"
#include "indexer/segment/block.h"
#include "indexer/segment/docs.h"
#include "indexer/segment/postings.h"

#include <stdio.h>
#include <stdlib.h>

#define CHECK_ARENA_BYTES (64u << 20)

struct check {
    const struct index_source *source;
    fault_fn fault;
    void *context;
    uint64_t faults;
    struct txn *txn;
    bool at_head; /* the index knows all that the store has */
    struct arena *arena;
    struct impact_table impacts; /* of the segment being walked */
};

/* Says it, and goes on. Only what is not damage ends the check. */
static enum status report(struct check *check, enum status status, const struct error *why)
{
    if (status == AF_CORRUPT) {
        check->faults++;
        if (check->fault != NULL)
            check->fault(check->context, why->text);
        return AF_OK;
    }
    return status;
}

static enum status fault(struct check *check, const struct segment *segment, const char *what,
                         uint64_t number)
{
    struct error why;

    return report(check,
                  error_set(&why, AF_CORRUPT, "the index, segment %u: %s %llu",
                            (unsigned)segment->base->id, what, (unsigned long long)number),
                  &why);
}

/* --- terms and postings --- */

/* Does the posting in hand say more than its block or its list may? */
static bool says_too_much(const struct check *check, const struct segment *segment,
                          const struct term_entry *entry, const struct postings *postings)
{
    float strength =
        impact_of(&check->impacts, postings->tf, segment_lengths(segment, postings->doc));

    return strength > impact_strength(postings->block_impact) ||
           strength > impact_strength(entry->impact);
}

/* The skips of a long list lead to a block that says as much as the list may. */
static enum status check_skips(const struct check *check, const struct segment *segment,
                               const struct term_entry *entry, struct error *why)
{
    struct postings postings;
    uint32_t passed;
    enum status status;

    if (entry->df <= POSTINGS_BLOCK)
        return AF_OK;
    status = postings_open(segment, entry, check->arena, &postings, why);
    if (status == AF_OK)
        status = postings_block_seek_above(&postings, 0, entry->impact, &passed, why);
    if (status == AF_OK && postings.block_last == DOC_END)
        return error_set(why, AF_CORRUPT, "the index, segment %u: the skips of a list are wrong",
                         (unsigned)segment->base->id);
    return status;
}

static enum status walk_postings(const struct check *check, const struct segment *segment,
                                 const struct term_entry *entry, struct error *why)
{
    struct postings postings;
    uint64_t count = 0, before = 0;
    enum status status = postings_open(segment, entry, check->arena, &postings, why);

    if (status == AF_OK)
        status = postings_next(&postings, why);
    while (status == AF_OK && postings.doc != DOC_END) {
        if (count > 0 && postings.doc <= before)
            return error_set(why, AF_CORRUPT, "the index, segment %u: postings do not rise",
                             (unsigned)segment->base->id);
        if (says_too_much(check, segment, entry, &postings))
            return error_set(why, AF_CORRUPT, "the index, segment %u: a bound of postings is wrong",
                             (unsigned)segment->base->id);
        before = postings.doc;
        count++;
        status = postings_next(&postings, why);
    }
    if (status == AF_OK && count != entry->df)
        status = error_set(
            why, AF_CORRUPT, "the index, segment %u: a term has %llu postings and says %u",
            (unsigned)segment->base->id, (unsigned long long)count, (unsigned)entry->df);
    return status;
}

/* Of the dictionary's terms none may be missing from the filter. */
static enum status check_bloom(const struct segment *segment, const struct bloom *bloom,
                               struct bytes term, struct error *why)
{
    if (bloom == NULL || !bloom_takes(term) || bloom_may_have(bloom, bloom_hash(term)))
        return AF_OK;
    return error_set(why, AF_CORRUPT, "the index, segment %u: its filter lacks a term",
                     (unsigned)segment->base->id);
}

static enum status check_terms(struct check *check, const struct segment *segment,
                               const struct bloom *bloom)
{
    struct block_cursor cursor;
    struct error why = {0};
    uint64_t terms = 0;
    bool found = false;
    enum status status = block_seek(&cursor, segment->image, IMAGE_TERMS, BYTES_NONE, &why);

    if (status == AF_OK)
        status = block_next(&cursor, &found, &why);
    while (status == AF_OK && found) {
        struct term_entry entry = {.at = cursor.payload};

        if (!postings_head(entry.at, &entry.df, &entry.impact))
            return fault(check, segment, "an entry of the dictionary is damaged, term", terms);
        status = walk_postings(check, segment, &entry, &why);
        if (status == AF_OK)
            status = check_skips(check, segment, &entry, &why);
        if (status == AF_OK)
            status = check_bloom(segment, bloom, block_cursor_key(&cursor), &why);
        arena_clear(check->arena);
        if (status != AF_OK && (status = report(check, status, &why)) != AF_OK)
            return status;
        terms++;
        status = block_next(&cursor, &found, &why);
    }
    if (status == AF_OK && terms != segment->base->terms)
        return fault(check, segment, "its dictionary does not have as many terms as it says:",
                     segment->base->terms);
    return report(check, status, &why);
}

static enum status check_stems(struct check *check, const struct segment *segment)
{
    struct block_cursor cursor;
    struct error why = {0};
    bool found = false;
    enum status status = block_seek(&cursor, segment->image, IMAGE_STEMS, BYTES_NONE, &why);

    if (status == AF_OK)
        status = block_next(&cursor, &found, &why);
    while (status == AF_OK && found) {
        struct reader r = reader_of(cursor.payload);
        struct bytes surface;

        while (reader_left(&r) > 0)
            if (!stem_surface_next(&r, &surface))
                return fault(check, segment,
                             "a stem group is damaged; languages:", segment->base->langs_count);
        status = block_next(&cursor, &found, &why);
    }
    return report(check, status, &why);
}

/* --- documents --- */

/* A live document is the newest version of what the store has. */
static enum status check_case(struct check *check, const struct segment *segment, uint32_t doc,
                              const struct document *document)
{
    struct article_ref ref;
    struct error why = {0};
    enum status status;

    if (!check->at_head || !segment_is_live(segment, doc))
        return AF_OK;
    status = check->source->find(check->txn, document->id, &ref, &why);
    if (status == AF_CORRUPT)
        return AF_OK; /* the store's own check says it */
    if (status == AF_NOT_FOUND ||
        (status == AF_OK && (ref.no != document->no || ref.version != document->version)))
        return fault(check, segment, "is out of date about document", doc);
    return status;
}

static enum status check_document(struct check *check, const struct segment *segment, uint32_t doc)
{
    struct document document;
    struct error why = {0};
    uint32_t at;
    bool found;
    enum status status = segment_document(segment, doc, &document, &why);

    if (status != AF_OK)
        return report(check, status, &why);
    status = segment_find_number(segment, document.no, &at, &found, &why);
    if (status != AF_OK)
        return report(check, status, &why);
    if (!found || at != doc)
        return fault(check, segment, "its numbers lack document", doc);
    return check_case(check, segment, doc, &document);
}

/* Reads the filter itself: the segment may hold one from before it went bad. */
static enum status check_dictionary(struct check *check, const struct segment *segment)
{
    struct bloom_place *place = bloom_place_new(segment->base->terms);
    const struct bloom *bloom = NULL;
    struct error why = {0};
    enum status status = AF_NO_MEMORY;

    if (place != NULL)
        status = report(check, bloom_get(place, segment->image, &bloom, &why), &why);
    if (status == AF_OK)
        status = check_terms(check, segment, bloom);
    bloom_place_free(place);
    return status;
}

static enum status check_segment(struct check *check, const struct segment *segment)
{
    double average[FIELD_COUNT];
    enum status status;

    struct error why = {0};

    segment_averages(segment, average);
    impact_table_init(&check->impacts, &impact_reference, average);
    status = report(check, segment_verify_again(segment, &why), &why);
    if (status == AF_OK)
        status = check_dictionary(check, segment);
    if (status == AF_OK)
        status = check_stems(check, segment);
    for (uint32_t doc = 0; status == AF_OK && doc < segment_docs(segment); doc++)
        status = check_document(check, segment, doc);
    return status;
}

/* --- the whole --- */

/* Damage that has been met since the index was opened is a fault too, though by now the cases
 * are found from memory. */
static enum status look(struct index *index, struct check *check, struct snapshot **out,
                        struct error *err)
{
    struct error why = {0};
    enum status status;

    *out = NULL;
    (void)pthread_mutex_lock(&index->changing);
    if (index->met[0] != '\0')
        (void)report(check, error_set(&why, AF_CORRUPT, "%s", index->met), &why);
    status = index->damaged ? AF_OK : index_refresh(index, &why);
    if (status == AF_OK && !index->damaged)
        status = snapshot_make(index, index->state, out, &why);
    (void)pthread_mutex_unlock(&index->changing);
    status = report(check, status, &why);
    if (status != AF_OK && err != NULL)
        *err = why;
    return status;
}

static enum status check_all(struct check *check, const struct snapshot *snapshot)
{
    struct journal_head head;
    struct error why = {0};
    enum status status = journal_head(check->txn, &head, &why);

    check->at_head = status == AF_OK && head.seq == snapshot->state->covers_seq;
    for (uint32_t i = 0; status == AF_OK && i < snapshot->state->count; i++)
        status = check_segment(check, &snapshot->segments[i]);
    return status;
}

enum status index_check(struct index *index, fault_fn fault_sentence, void *context,
                        uint64_t *faults, struct error *err)
{
    struct check check = {.source = index->source, .fault = fault_sentence, .context = context};
    struct snapshot *snapshot = NULL;
    enum status status = store_begin_read(index->store, &check.txn, err);

    if (status != AF_OK)
        return status;
    check.arena = arena_new(CHECK_ARENA_BYTES);
    if (check.arena == NULL)
        status = error_set(err, AF_NO_MEMORY, "no memory for checking the index");
    if (status == AF_OK)
        status = look(index, &check, &snapshot, err);
    if (status == AF_OK && snapshot != NULL) {
        status = check_all(&check, snapshot);
        if (status != AF_OK)
            (void)error_set(err, status, "the index cannot be checked");
    }
    snapshot_release(snapshot);
    arena_free(check.arena);
    txn_abort(check.txn);
    *faults = check.faults;
    return status;
}

enum status index_stats(struct index *index, struct index_stats *out, struct error *err)
{
    struct index_stats stats = {0};
    struct snapshot_totals totals;
    struct snapshot *snapshot;
    struct txn *txn;
    enum status status = store_begin_read(index->store, &txn, err);

    if (status != AF_OK)
        return status;
    status = snapshot_acquire(index, txn, &snapshot, err);
    txn_abort(txn);
    if (status != AF_OK)
        return status;
    totals = snapshot_totals(snapshot);
    stats.segments = snapshot->state->count;
    stats.docs = totals.docs;
    stats.deleted = totals.docs_all - totals.docs;
    stats.covers_seq = totals.covers_seq;
    stats.disk_covers_seq = snapshot->state->disk_covers_seq;
    for (uint32_t i = 0; i < snapshot->state->count; i++) {
        stats.terms += snapshot->state->entries[i].base->terms;
        stats.bytes += snapshot->state->entries[i].bytes;
    }
    snapshot_release(snapshot);
    *out = stats;
    return AF_OK;
}
