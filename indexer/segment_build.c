#include "indexer/docs.h"
#include "indexer/markup.h"
#include "indexer/postings.h"
#include "indexer/segment_build_impl.h"
#include "indexer/segment_stem.h"

#include <stdlib.h>

enum status builder_no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for indexing cases");
}

enum status segment_builder_new(struct analyzer *analyzer, struct stemmer *stemmer,
                                struct segment_builder **out, struct error *err)
{
    struct segment_builder *builder = calloc(1, sizeof *builder);

    if (builder == NULL)
        return builder_no_memory(err);
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

void segment_builder_clear(struct segment_builder *builder)
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
        return builder_no_memory(err);
    term = &builder->terms.terms[no];
    if (term->doc_mark != builder->mark) {
        if (builder->counts_count == builder->counts_room) {
            uint32_t room = builder->counts_room == 0 ? 1024 : builder->counts_room * 2;
            struct count *counts = realloc(builder->counts, room * sizeof *counts);

            if (counts == NULL)
                return builder_no_memory(err);
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
        return builder_no_memory(err);
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
        return builder_no_memory(err);
    return buf_status(&builder->records, "indexing cases", err);
}

/* What was counted goes to the log. */
static enum status log_counts(struct segment_builder *builder, struct error *err)
{
    for (uint32_t i = 0; i < builder->counts_count; i++) {
        uint8_t *at = buf_reserve(&builder->log, 4 + POSTINGS_CODE_BYTES_MAX);

        if (at == NULL)
            return builder_no_memory(err);
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
        return builder_no_memory(err);
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
