#include "indexer/segment_build.h"

#include "indexer/docs.h"
#include "indexer/markup.h"
#include "indexer/postings.h"
#include "indexer/segment_stem.h"
#include "indexer/segment_write.h"
#include "indexer/termtable.h"

#include <assert.h>
#include <stdlib.h>

#define NO_LANG SEGMENT_LANGS_MAX

/* One added case. Its postings are in the log from log_start to log_end:
 *     | term number be32 | code (postings.h) | … */
struct pending {
    uint32_t no;
    bool is_live;
    uint8_t lang; /* in langs, or NO_LANG */
    uint8_t lengths[FIELD_COUNT];
    size_t log_start, log_end;
    size_t record_start, record_bytes;
};

/* A term of the case being added. */
struct count {
    uint32_t term;
    uint8_t tf[FIELD_COUNT];
};

struct segment_builder {
    struct analyzer *analyzer;
    struct stemmer *stemmer;
    struct termtable terms;
    struct pending *docs;
    uint32_t docs_count, docs_room, docs_live;
    struct buf log, records;
    uint64_t postings;
    uint32_t langs_count;
    char langs[SEGMENT_LANGS_MAX][SEGMENT_LANG_BYTES];
    /* scratch of one case */
    struct buf text, blanked, folded, category;
    struct count *counts;
    uint32_t counts_count, counts_room;
    uint32_t mark; /* of the case being added; never the same twice */
};

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for indexing cases");
}

enum status segment_builder_new(struct analyzer *analyzer, struct stemmer *stemmer,
                                struct segment_builder **out, struct error *err)
{
    struct segment_builder *builder = calloc(1, sizeof *builder);

    if (builder == NULL)
        return no_memory(err);
    builder->analyzer = analyzer;
    builder->stemmer = stemmer;
    *out = builder;
    return AF_OK;
}

void segment_builder_free(struct segment_builder *builder)
{
    if (builder == NULL)
        return;
    termtable_release(&builder->terms);
    buf_release(&builder->log);
    buf_release(&builder->records);
    buf_release(&builder->text);
    buf_release(&builder->blanked);
    buf_release(&builder->folded);
    buf_release(&builder->category);
    free(builder->docs);
    free(builder->counts);
    free(builder);
}

static void builder_clear(struct segment_builder *builder)
{
    termtable_release(&builder->terms);
    buf_release(&builder->log);
    buf_release(&builder->records);
    builder->docs_count = builder->docs_live = 0;
    builder->postings = 0;
    builder->langs_count = 0;
}

uint32_t segment_builder_docs(const struct segment_builder *builder)
{
    return builder->docs_live;
}

size_t segment_builder_bytes(const struct segment_builder *builder)
{
    return builder->log.len + builder->records.len + builder->postings * 8 +
           termtable_bytes(&builder->terms) + builder->docs_count * sizeof *builder->docs;
}

void segment_builder_remove(struct segment_builder *builder, uint32_t no)
{
    for (uint32_t i = builder->docs_count; i-- > 0;) {
        struct pending *doc = &builder->docs[i];

        if (doc->no == no && doc->is_live) {
            doc->is_live = false;
            builder->docs_live--;
            return; /* at most one of a number is live */
        }
    }
}

/* --- adding --- */

static enum status count_token(struct segment_builder *builder, enum field field,
                               const struct token *token, struct error *err)
{
    struct term *term;
    struct count *count;
    uint32_t no;

    if (!termtable_add(&builder->terms, bytes_of(token->term, token->term_bytes), &no))
        return no_memory(err);
    term = &builder->terms.terms[no];
    if (term->doc_mark != builder->mark) {
        if (builder->counts_count == builder->counts_room) {
            uint32_t room = builder->counts_room == 0 ? 1024 : builder->counts_room * 2;
            struct count *counts = realloc(builder->counts, room * sizeof *counts);

            if (counts == NULL)
                return no_memory(err);
            builder->counts = counts;
            builder->counts_room = room;
        }
        term->doc_mark = builder->mark;
        term->slot = builder->counts_count++;
        builder->counts[term->slot] = (struct count){.term = no};
    }
    count = &builder->counts[term->slot];
    if (count->tf[field] < UINT8_MAX)
        count->tf[field]++;
    return AF_OK;
}

/* Fields that people write prose in, where Markdown and HTML are markup and not text. */
static bool is_prose(enum field field)
{
    return field == FIELD_SYMPTOM || field == FIELD_CAUSE || field == FIELD_RESOLUTION ||
           field == FIELD_BODY;
}

/* Analyses one field: counts its terms, appends its folded text, gives its length. */
static enum status add_field(struct segment_builder *builder, const json_t *article,
                             enum field field, uint8_t *length, struct error *err)
{
    struct bytes text;
    struct analysis analysis;
    enum status status;

    buf_clear(&builder->text);
    buf_clear(&builder->blanked);
    field_text(article, field, &builder->text);
    if (is_prose(field))
        markup_blank(buf_bytes(&builder->text), &builder->blanked);
    text = buf_bytes(is_prose(field) ? &builder->blanked : &builder->text);
    if (!buf_ok(&builder->text) || !buf_ok(&builder->blanked))
        return no_memory(err);
    *length = 0;
    if (text.len == 0)
        return AF_OK;
    status = analyzer_run(builder->analyzer, ANALYZE_DOCUMENT, text, &analysis, err);
    for (uint32_t i = 0; status == AF_OK && i < analysis.count; i++)
        status = count_token(builder, field, &analysis.tokens[i], err);
    if (status != AF_OK)
        return status;
    buf_add(&builder->folded, analysis.folded);
    *length = field_length_encode(analysis.units);
    return buf_status(&builder->folded, "indexing cases", err);
}

static uint8_t find_lang(struct segment_builder *builder, struct bytes tag)
{
    char lang[SEGMENT_LANG_BYTES];

    if (!stem_language(tag, lang))
        return NO_LANG;
    for (uint32_t i = 0; i < builder->langs_count; i++)
        if (strcmp(builder->langs[i], lang) == 0)
            return (uint8_t)i;
    if (builder->langs_count == SEGMENT_LANGS_MAX)
        return NO_LANG;
    memcpy(builder->langs[builder->langs_count], lang, sizeof lang);
    return (uint8_t)builder->langs_count++;
}

static struct bytes text_of(const json_t *article, const char *member)
{
    const json_t *value = json_object_get(article, member);

    return bytes_of(json_string_value(value), json_string_length(value));
}

static void join_category(const json_t *article, struct buf *out)
{
    const json_t *value = json_object_get(article, "category"), *element;
    size_t i;

    buf_clear(out);
    if (json_is_string(value))
        buf_add(out, bytes_of(json_string_value(value), json_string_length(value)));
    json_array_foreach(value, i, element)
    {
        if (i > 0)
            buf_add_u8(out, 0x1F);
        buf_add(out, bytes_of(json_string_value(element), json_string_length(element)));
    }
}

static enum status add_record(struct segment_builder *builder, const struct article_ref *ref,
                              const json_t *article, const size_t ends[FIELD_COUNT],
                              struct error *err)
{
    struct document document = {
        .no = ref->no,
        .version = ref->version,
        .id = text_of(article, "id"),
        .title = text_of(article, "title"),
        .lang = text_of(article, "lang"),
        .product = text_of(article, "product"),
        .audience = (uint8_t)article_audience(article),
    };
    size_t start = 0;

    join_category(article, &builder->category);
    document.category = buf_bytes(&builder->category);
    for (int field = 0; field < FIELD_COUNT; field++) {
        document.folded[field] = bytes_of(builder->folded.data + start, ends[field] - start);
        if (ends[field] == start)
            document.folded[field] = BYTES_NONE;
        start = ends[field];
    }
    document_encode(&document, &builder->records);
    if (!buf_ok(&builder->category))
        return no_memory(err);
    return buf_status(&builder->records, "indexing cases", err);
}

/* What was counted goes to the log. */
static enum status log_counts(struct segment_builder *builder, struct error *err)
{
    for (uint32_t i = 0; i < builder->counts_count; i++) {
        uint8_t *at = buf_reserve(&builder->log, 4 + POSTINGS_CODE_BYTES_MAX);

        if (at == NULL)
            return no_memory(err);
        put_be32(at, builder->counts[i].term);
        builder->log.len += 4 + postings_code_encode(builder->counts[i].tf, at + 4);
    }
    builder->postings += builder->counts_count;
    return AF_OK;
}

static bool docs_grow(struct segment_builder *builder)
{
    uint32_t room = builder->docs_room == 0 ? 16 : builder->docs_room * 2;
    struct pending *docs = realloc(builder->docs, room * sizeof *docs);

    if (docs == NULL)
        return false;
    builder->docs = docs;
    builder->docs_room = room;
    return true;
}

enum status segment_builder_add(struct segment_builder *builder, const struct article_ref *ref,
                                const json_t *article, struct error *err)
{
    struct pending doc = {.no = ref->no, .is_live = true};
    size_t ends[FIELD_COUNT], log_before = builder->log.len, records_before = builder->records.len;
    enum status status = AF_OK;

    if (builder->docs_count == builder->docs_room && !docs_grow(builder))
        return no_memory(err);
    buf_clear(&builder->folded);
    builder->counts_count = 0;
    builder->mark++;
    for (enum field field = 0; status == AF_OK && field < FIELD_COUNT; field++) {
        status = add_field(builder, article, field, &doc.lengths[field], err);
        ends[field] = builder->folded.len;
    }
    if (status == AF_OK)
        status = log_counts(builder, err);
    if (status == AF_OK)
        status = add_record(builder, ref, article, ends, err);
    if (status != AF_OK) { /* the builder stays usable, without this case */
        builder->log.len = log_before;
        builder->records.len = records_before;
        return status;
    }
    if (ref->version > 1)
        segment_builder_remove(builder, ref->no);
    doc.lang = find_lang(builder, text_of(article, "lang"));
    doc.log_start = log_before;
    doc.log_end = builder->log.len;
    doc.record_start = records_before;
    doc.record_bytes = builder->records.len - records_before;
    builder->docs[builder->docs_count++] = doc;
    builder->docs_live++;
    return AF_OK;
}

/* --- writing --- */

struct sorted {
    uint64_t prefix; /* first eight bytes, so that most comparisons stay in the array */
    uint32_t term;
};

/* The postings of all terms, term after term; `start` of one is its place in both arrays. */
struct inverted {
    uint32_t *docs;
    const uint8_t **codes;
    size_t *start;   /* of each term, and the end of the last */
    uint32_t *langs; /* of each term: a bit a language */
    struct sorted *sorted;
    uint32_t terms;
};

static void inverted_release(struct inverted *inv)
{
    free(inv->docs);
    free(inv->codes);
    free(inv->start);
    free(inv->langs);
    free(inv->sorted);
}

/* One entry of the log. */
static uint32_t log_next(const uint8_t **at, const uint8_t **code)
{
    const uint8_t *p = *at;
    uint32_t term = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];

    *code = p + 4;
    *at = p + 5;
    if (p[4] == POSTINGS_CODE_MANY)
        *at += 1 + __builtin_popcount(p[5]);
    return term;
}

static void count_postings(const struct segment_builder *builder, struct inverted *inv)
{
    for (uint32_t i = 0; i < builder->docs_count; i++) {
        const struct pending *doc = &builder->docs[i];
        const uint8_t *at = builder->log.data + doc->log_start, *code;

        while (doc->is_live && at < builder->log.data + doc->log_end) {
            uint32_t term = log_next(&at, &code);

            inv->start[term + 1]++;
            if (doc->lang != NO_LANG)
                inv->langs[term] |= 1u << doc->lang;
        }
    }
    for (uint32_t i = 0; i < inv->terms; i++)
        inv->start[i + 1] += inv->start[i];
}

/* Afterwards start[t] is where t ends, that is where t+1 begins. */
static void place_postings(const struct segment_builder *builder, struct inverted *inv)
{
    uint32_t number = 0;

    for (uint32_t i = 0; i < builder->docs_count; i++) {
        const struct pending *doc = &builder->docs[i];
        const uint8_t *at = builder->log.data + doc->log_start, *code;

        if (!doc->is_live)
            continue;
        while (at < builder->log.data + doc->log_end) {
            size_t place = inv->start[log_next(&at, &code)]++;

            inv->docs[place] = number;
            inv->codes[place] = code;
        }
        number++;
    }
    memmove(inv->start + 1, inv->start, inv->terms * sizeof *inv->start);
    inv->start[0] = 0;
}

static int compare_sorted(const void *a, const void *b, void *context)
{
    const struct sorted *x = a, *y = b;
    const struct termtable *terms = context;

    if (x->prefix != y->prefix)
        return x->prefix < y->prefix ? -1 : 1;
    return bytes_compare(termtable_bytes_of(terms, x->term), termtable_bytes_of(terms, y->term));
}

static uint64_t prefix_of(struct bytes term)
{
    uint64_t prefix = 0;

    for (size_t i = 0; i < 8; i++)
        prefix = prefix << 8 | (i < term.len ? term.data[i] : 0);
    return prefix;
}

static enum status invert(struct segment_builder *builder, struct inverted *inv, struct error *err)
{
    size_t postings = builder->postings + 1, terms = builder->terms.count;

    inv->terms = builder->terms.count;
    inv->docs = malloc(postings * sizeof *inv->docs);
    inv->codes = malloc(postings * sizeof *inv->codes);
    inv->start = calloc(terms + 2, sizeof *inv->start);
    inv->langs = calloc(terms + 1, sizeof *inv->langs);
    inv->sorted = malloc((terms + 1) * sizeof *inv->sorted);
    if (inv->docs == NULL || inv->codes == NULL || inv->start == NULL || inv->langs == NULL ||
        inv->sorted == NULL)
        return no_memory(err);
    count_postings(builder, inv);
    place_postings(builder, inv);
    for (uint32_t i = 0; i < inv->terms; i++)
        inv->sorted[i] = (struct sorted){prefix_of(termtable_bytes_of(&builder->terms, i)), i};
    qsort_r(inv->sorted, inv->terms, sizeof *inv->sorted, compare_sorted, &builder->terms);
    return AF_OK;
}

static enum status write_documents(const struct segment_builder *builder,
                                   struct segment_writer *writer, struct error *err)
{
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i < builder->docs_count; i++) {
        const struct pending *doc = &builder->docs[i];
        struct bytes record =
            bytes_of(builder->records.data + doc->record_start, doc->record_bytes);

        if (doc->is_live)
            status = segment_add_document(writer, doc->no, record, doc->lengths, err);
    }
    return status;
}

static enum status write_terms(const struct segment_builder *builder, const struct inverted *inv,
                               struct segment_writer *writer, struct error *err)
{
    enum status status = AF_OK;
    bool kept;

    for (uint32_t i = 0; status == AF_OK && i < inv->terms; i++) {
        uint32_t term = inv->sorted[i].term;

        segment_term_begin(writer, termtable_bytes_of(&builder->terms, term));
        for (size_t p = inv->start[term]; status == AF_OK && p < inv->start[term + 1]; p++) {
            struct reader code = {inv->codes[p], inv->codes[p] + POSTINGS_CODE_BYTES_MAX};
            uint8_t tf[FIELD_COUNT];

            if (!postings_code_decode(&code, tf))
                assert(!"our own code");
            status = segment_add_posting(writer, inv->docs[p], tf, err);
        }
        if (status == AF_OK)
            status = segment_term_end(writer, &kept, err);
    }
    return status;
}

/* --- stem groups --- */

struct stemmed {
    uint32_t term, lang;
    size_t at; /* of the stem in the groups' buffer */
    uint32_t len;
};

struct stems {
    const struct segment_builder *builder;
    struct buf bytes; /* stems, one after another */
    struct stemmed *list;
    size_t count, room;
};

static struct bytes stem_of(const struct stems *stems, const struct stemmed *s)
{
    return bytes_of(stems->bytes.data + s->at, s->len);
}

static int compare_stemmed(const void *a, const void *b, void *context)
{
    const struct stemmed *x = a, *y = b;
    const struct stems *stems = context;
    int order = strcmp(stems->builder->langs[x->lang], stems->builder->langs[y->lang]);

    if (order == 0)
        order = bytes_compare(stem_of(stems, x), stem_of(stems, y));
    if (order == 0)
        order = bytes_compare(termtable_bytes_of(&stems->builder->terms, x->term),
                              termtable_bytes_of(&stems->builder->terms, y->term));
    return order;
}

static enum status add_stemmed(struct stems *stems, uint32_t term, uint32_t lang, struct error *err)
{
    struct bytes word = termtable_bytes_of(&stems->builder->terms, term);
    struct bytes stem = stemmer_stem(stems->builder->stemmer, stems->builder->langs[lang],
                                     bytes_of(word.data + 1, word.len - 1));

    if (stem.len == 0)
        return AF_OK;
    if (stems->count == stems->room) {
        size_t room = stems->room == 0 ? 256 : stems->room * 2;
        struct stemmed *list = realloc(stems->list, room * sizeof *list);

        if (list == NULL)
            return no_memory(err);
        stems->list = list;
        stems->room = room;
    }
    stems->list[stems->count++] =
        (struct stemmed){term, lang, stems->bytes.len, (uint32_t)stem.len};
    buf_add(&stems->bytes, stem);
    return buf_status(&stems->bytes, "stems", err);
}

static enum status find_stems(struct stems *stems, const struct inverted *inv, struct error *err)
{
    enum status status = AF_OK;

    for (uint32_t term = 0; term < inv->terms; term++) {
        if (inv->langs[term] == 0 ||
            termtable_bytes_of(&stems->builder->terms, term).data[0] != TERM_WORD)
            continue;
        for (uint32_t lang = 0; status == AF_OK && lang < stems->builder->langs_count; lang++)
            if ((inv->langs[term] >> lang & 1u) != 0)
                status = add_stemmed(stems, term, lang, err);
    }
    if (status == AF_OK && stems->count > 0)
        qsort_r(stems->list, stems->count, sizeof *stems->list, compare_stemmed, stems);
    return status;
}

static bool same_group(const struct stems *stems, const struct stemmed *a, const struct stemmed *b)
{
    return a->lang == b->lang && bytes_equal(stem_of(stems, a), stem_of(stems, b));
}

static enum status write_groups(const struct stems *stems, struct segment_writer *writer,
                                struct error *err)
{
    struct buf key = {0}, payload = {0};
    enum status status = AF_OK;
    size_t next;

    for (size_t i = 0; status == AF_OK && i < stems->count; i = next) {
        const struct stemmed *s = &stems->list[i];

        buf_clear(&payload);
        stem_key(&key, stems->builder->langs[s->lang], stem_of(stems, s));
        for (next = i; next < stems->count && same_group(stems, s, &stems->list[next]); next++) {
            struct bytes word = termtable_bytes_of(&stems->builder->terms, stems->list[next].term);

            buf_add_varint(&payload, word.len - 1);
            buf_add(&payload, bytes_of(word.data + 1, word.len - 1));
        }
        status = buf_ok(&key) ? buf_status(&payload, "stems", err) : no_memory(err);
        if (status == AF_OK)
            status = segment_add_stem(writer, buf_bytes(&key), buf_bytes(&payload), err);
    }
    buf_release(&key);
    buf_release(&payload);
    return status;
}

static enum status write_stems(const struct segment_builder *builder, const struct inverted *inv,
                               struct segment_writer *writer, struct error *err)
{
    struct stems stems = {.builder = builder};
    enum status status = find_stems(&stems, inv, err);

    if (status == AF_OK)
        status = write_groups(&stems, writer, err);
    buf_release(&stems.bytes);
    free(stems.list);
    return status;
}

static int compare_langs(const void *a, const void *b)
{
    return strcmp(a, b);
}

static enum status finish(const struct segment_builder *builder, struct segment_writer *writer,
                          struct error *err)
{
    char langs[SEGMENT_LANGS_MAX][SEGMENT_LANG_BYTES];

    memcpy(langs, builder->langs, sizeof langs);
    qsort(langs, builder->langs_count, sizeof langs[0], compare_langs);
    return segment_finish(writer, builder->langs_count, langs, err);
}

enum status segment_builder_write(struct segment_builder *builder, struct image_sink sink,
                                  uint32_t id, struct error *err)
{
    struct segment_writer *writer = malloc(sizeof *writer);
    struct inverted inv = {0};
    enum status status;

    if (writer == NULL)
        return no_memory(err);
    segment_writer_init(writer, sink, id);
    status = invert(builder, &inv, err);
    if (status == AF_OK)
        status = write_documents(builder, writer, err);
    if (status == AF_OK)
        status = write_terms(builder, &inv, writer, err);
    if (status == AF_OK)
        status = write_stems(builder, &inv, writer, err);
    if (status == AF_OK)
        status = finish(builder, writer, err);
    segment_writer_release(writer);
    free(writer);
    inverted_release(&inv);
    builder_clear(builder);
    return status;
}
