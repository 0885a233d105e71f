/* rows.h: an index's whole content as sorted lines of text, and the same lines made naively from
 * the cases themselves: two indexes are the same when their lines are.
 *
 *   p <term> <case number> <occurrences in each field>
 *   d <case number> <version, members, folded texts, length codes>                            */
#ifndef ASKFIRST_TESTS_INDEXER_ROWS_H
#define ASKFIRST_TESTS_INDEXER_ROWS_H

#include "tests/harness.h"

#include "data/article.h"
#include "indexer/segment/segment.h"
#include "indexer/text/analyzer.h"
#include "indexer/text/markup.h"
#include "indexer/text/title_terms.h"
#include "indexer/text/written.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rows {
    char **lines;
    size_t count, room;
};

static inline void rows_add(struct rows *rows, struct buf *line)
{
    if (rows->count == rows->room) {
        rows->room = rows->room == 0 ? 1024 : rows->room * 2;
        rows->lines = realloc(rows->lines, rows->room * sizeof *rows->lines);
        assert_non_null(rows->lines);
    }
    rows->lines[rows->count++] = strdup(buf_str(line));
    buf_clear(line);
}

static inline void rows_release(struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        free(rows->lines[i]);
    free(rows->lines);
    *rows = (struct rows){0};
}

static inline int rows_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts both, demands that they are the same, and releases them. */
static inline void assert_rows_equal(struct rows *a, struct rows *b)
{
    if (a->count > 0)
        qsort(a->lines, a->count, sizeof *a->lines, rows_compare);
    if (b->count > 0)
        qsort(b->lines, b->count, sizeof *b->lines, rows_compare);
    for (size_t i = 0; i < a->count && i < b->count; i++)
        if (strcmp(a->lines[i], b->lines[i]) != 0)
            fail_msg("row %zu: '%s' and '%s'", i, a->lines[i], b->lines[i]);
    assert_int_equal(a->count, b->count);
    rows_release(a);
    rows_release(b);
}

static inline void add_posting_row(struct rows *rows, struct bytes term, uint32_t no,
                                   const uint8_t tf[FIELD_COUNT])
{
    struct buf line = {0};

    buf_add_str(&line, "p ");
    buf_add(&line, term);
    buf_printf(&line, " %u", (unsigned)no);
    for (int f = 0; f < FIELD_COUNT; f++)
        buf_printf(&line, " %u", tf[f]);
    rows_add(rows, &line);
    buf_release(&line);
}

static inline void add_document_row(struct rows *rows, const struct document *d,
                                    const uint8_t *lengths)
{
    const struct bytes texts[] = {d->id, d->title, d->lang, d->product, d->category};
    struct buf line = {0};

    buf_printf(&line, "d %u %u %u", (unsigned)d->no, (unsigned)d->version, d->audience);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        buf_add_str(&line, "|");
        buf_add(&line, texts[i]);
    }
    for (int f = 0; f < FIELD_COUNT; f++) {
        buf_printf(&line, "|%u", lengths[f]);
    }
    rows_add(rows, &line);
    buf_release(&line);
}

/* Everything live in a segment. */
static inline void rows_of_segment(const struct segment *segment, struct rows *rows)
{
    struct arena *arena = arena_new((size_t)64 << 20), *list = arena_new((size_t)1 << 20);
    uint32_t *numbers = calloc(segment_docs(segment) + 1u, sizeof *numbers);
    struct term_cursor *cursor;
    struct term_entry entry;
    struct error err;
    bool found = true;

    for (uint32_t doc = 0; doc < segment_docs(segment); doc++) {
        struct document document;

        assert_ok(segment_document(segment, doc, &document, &err));
        numbers[doc] = document.no;
        if (segment_is_live(segment, doc))
            add_document_row(rows, &document, segment_lengths(segment, doc));
    }
    assert_ok(term_cursor_open(segment, BYTES_NONE, arena, &cursor, &err));
    for (;;) {
        struct postings postings;
        uint32_t df = 0;

        assert_ok(term_cursor_next(cursor, &entry, &found, &err));
        if (!found)
            break;
        arena_clear(list);
        assert_ok(postings_open(segment, &entry, list, &postings, &err));
        assert_ok(postings_next(&postings, &err));
        for (; postings.doc != DOC_END; df++) {
            if (segment_is_live(segment, postings.doc))
                add_posting_row(rows, entry.term, numbers[postings.doc], postings.tf);
            assert_ok(postings_next(&postings, &err));
        }
        assert_int_equal(entry.df, df);
    }
    term_cursor_close(cursor);
    free(numbers);
    arena_free(list);
    arena_free(arena);
}

/* --- the naive twin --- */

struct naive_count {
    char term[TERM_BYTES_MAX + 1];
    uint32_t term_bytes;
    uint8_t tf[FIELD_COUNT];
};

static inline void naive_term(struct bytes term, enum field field, struct naive_count **counts,
                              size_t *count)
{
    size_t k = 0;

    while (k < *count && ((*counts)[k].term_bytes != term.len ||
                          memcmp((*counts)[k].term, term.data, term.len) != 0))
        k++;
    if (k == *count) {
        *counts = realloc(*counts, ++*count * sizeof **counts);
        memset(&(*counts)[k], 0, sizeof **counts);
        memcpy((*counts)[k].term, term.data, term.len);
        (*counts)[k].term_bytes = (uint32_t)term.len;
    }
    if ((*counts)[k].tf[field] < 255)
        (*counts)[k].tf[field]++;
}

/* What a title says of how it is written. */
static inline void naive_written(struct bytes title, const struct analysis *analysis,
                                 struct naive_count **counts, size_t *count)
{
    struct written written = {.text = title, .analysis = analysis};
    uint8_t term[WRITTEN_TERM_BYTES];
    size_t len;

    while ((len = written_next(&written, term)) > 0)
        naive_term(bytes_of(term, len), FIELD_TITLE, counts, count);
}

static inline void naive_field(struct analyzer *analyzer, const json_t *article, enum field field,
                               struct naive_count **counts, size_t *count, uint8_t *length)
{
    static struct title_terms title;
    struct buf text = {0}, blank = {0};
    struct analysis analysis;
    struct error err;
    bool prose = field == FIELD_SYMPTOM || field == FIELD_CAUSE || field == FIELD_RESOLUTION ||
                 field == FIELD_BODY;

    *length = 0;
    field_text(article, field, &text);
    if (prose)
        markup_blank(buf_bytes(&text), &blank);
    if (text.len > 0) {
        assert_ok(analyzer_run(analyzer, ANALYZE_DOCUMENT, buf_bytes(prose ? &blank : &text),
                               &analysis, &err));
        *length = field_length_encode(analysis.units);
        for (uint32_t i = 0; i < analysis.count; i++)
            naive_term(bytes_of(analysis.tokens[i].term, analysis.tokens[i].term_bytes), field,
                       counts, count);
        title_terms_of(analysis.folded, &title);
        for (uint32_t i = 0; field == FIELD_TITLE && i < title.count; i++)
            naive_term(title_term(&title, i), field, counts, count);
        if (field == FIELD_TITLE)
            naive_written(buf_bytes(&text), &analysis, counts, count);
    }
    buf_release(&text);
    buf_release(&blank);
}

static inline struct bytes member_of(const json_t *article, const char *name)
{
    return bytes_str(json_get_str(article, name));
}

/* The rows of one case. Its category must be a string. */
static inline void rows_of_case(struct analyzer *analyzer, uint32_t no, uint32_t version,
                                const json_t *article, struct rows *rows)
{
    struct naive_count *counts = NULL;
    uint8_t lengths[FIELD_COUNT];
    struct document d = {.no = no,
                         .version = version,
                         .id = member_of(article, "id"),
                         .title = member_of(article, "title"),
                         .lang = member_of(article, "lang"),
                         .product = member_of(article, "product"),
                         .category = member_of(article, "category"),
                         .audience = (uint8_t)article_audience(article)};
    size_t count = 0;

    for (int f = 0; f < FIELD_COUNT; f++) {
        naive_field(analyzer, article, (enum field)f, &counts, &count, &lengths[f]);
    }
    add_document_row(rows, &d, lengths);
    for (size_t i = 0; i < count; i++)
        add_posting_row(rows, bytes_of(counts[i].term, counts[i].term_bytes), no, counts[i].tf);
    free(counts);
}

/* --- cases by chance --- */

static inline void random_text(struct test_random *random, uint32_t words, struct buf *out)
{
    static const char *const some[] = {"router", "printers", "printer",    "ORA-00942",  "HG8245H",
                                       "打印机", "缺纸",     "無法連線",   "プリンター", "프린터",
                                       "E-013",  "timeout",  "resetting",  "reset",      "ล้มเหลว",
                                       "v7.5.1", "WLAN",     "192.168.1.1"};

    buf_clear(out);
    for (uint32_t i = 0; i < words; i++) {
        if (test_random_below(random, 3) == 0)
            buf_add_str(out, some[test_random_below(random, sizeof some / sizeof *some)]);
        else
            buf_printf(out, "word%u",
                       (unsigned)(test_random_below(random, 20) * test_random_below(random, 20)));
        buf_add_str(out, test_random_below(random, 8) == 0 ? "\n" : " ");
    }
}

static inline json_t *random_case(struct test_random *random, const char *id)
{
    static const char *const langs[] = {"en", "zh-Hans", "de-CH", "ja", "fr"};
    static const char *const members[] = {"title", "keywords",   "product", "symptom",
                                          "cause", "resolution", "text",    "category"};
    json_t *article = json_object();
    struct buf text = {0};
    bool ok = true;

    json_put(article, "id", json_string(id), &ok);
    json_put(article, "lang", json_string(langs[test_random_below(random, 5)]), &ok);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (i > 0 && test_random_below(random, 2) == 0)
            continue;
        random_text(random, 1 + test_random_below(random, i < 3 ? 5 : 30), &text);
        json_put(article, members[i], json_string(buf_str(&text)), &ok);
    }
    assert_true(ok);
    buf_release(&text);
    return article;
}

#endif
