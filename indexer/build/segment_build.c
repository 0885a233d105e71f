#include "indexer/build/segment_build.h"

#include "indexer/build/learned_terms.h"
#include "indexer/build/segment_runs.h"
#include "indexer/build/segment_stem.h"
#include "indexer/build/tally.h"
#include "indexer/segment/docs.h"
#include "indexer/text/markup.h"
#include "indexer/text/title_terms.h"
#include "indexer/text/written.h"

#include <stdlib.h>

struct segment_builder {
    struct analyzer *analyzer;
    struct run run; /* its documents so far */
    struct tally tally;
    const struct learned *learned; /* of the case added next; or NULL */
    struct learned_terms learned_terms;
    struct title_terms title_terms;
    /* scratch of one case */
    struct buf text, blanked, record;
    struct buf id, title, lang, product, category;
};

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for indexing cases");
}

enum status segment_builder_new(struct analyzer *analyzer, struct run_store *store,
                                struct segment_builder **out, struct error *err)
{
    struct segment_builder *builder = calloc(1, sizeof *builder);

    if (builder == NULL)
        return no_memory(err);
    builder->analyzer = analyzer;
    run_init(&builder->run, store, 0);
    *out = builder;
    return AF_OK;
}

void segment_builder_free(struct segment_builder *builder)
{
    if (builder == NULL)
        return;
    run_release(&builder->run);
    tally_release(&builder->tally);
    learned_terms_release(&builder->learned_terms);
    buf_release(&builder->text);
    buf_release(&builder->blanked);
    buf_release(&builder->record);
    buf_release(&builder->id);
    buf_release(&builder->title);
    buf_release(&builder->lang);
    buf_release(&builder->product);
    buf_release(&builder->category);
    free(builder);
}

void segment_builder_set_learned(struct segment_builder *builder, const struct learned *learned)
{
    builder->learned = learned;
}

uint32_t segment_builder_docs(const struct segment_builder *builder)
{
    return builder->run.docs_count;
}

size_t segment_builder_bytes(const struct segment_builder *builder)
{
    return tally_bytes(&builder->tally);
}

/* --- fields ------------------------------------------------------------------------------- */

/* Fields that people write prose in, where Markdown and HTML are markup and not text. */
static bool is_prose(enum field field)
{
    return field == FIELD_SYMPTOM || field == FIELD_CAUSE || field == FIELD_RESOLUTION ||
           field == FIELD_BODY;
}

/* They add nothing to the title's length: they are no words of it. */
static bool add_title_terms(struct segment_builder *builder, struct bytes folded)
{
    title_terms_of(folded, &builder->title_terms);
    for (uint32_t i = 0; i < builder->title_terms.count; i++)
        if (!tally_term(&builder->tally, title_term(&builder->title_terms, i),
                        UINT64_C(1) << 8 * FIELD_TITLE))
            return false;
    return true;
}

/* A title also gives terms that say how it is written. They have no place and no length. */
static bool add_written(struct segment_builder *builder, struct bytes text,
                        const struct analysis *analysis)
{
    struct written written = {.text = text, .analysis = analysis};
    uint8_t term[WRITTEN_TERM_BYTES];
    size_t len;
    bool ok = true;

    while (ok && (len = written_next(&written, term)) > 0) {
        struct token token = {
            .key = term_key(bytes_of(term, len)), .term = term, .term_bytes = (uint8_t)len};

        ok = tally_tokens(&builder->tally, FIELD_TITLE, &token, 1);
    }
    return ok;
}

/* Analyses one field: counts its terms, gives its length. */
static enum status add_field(struct segment_builder *builder, const struct article_view *view,
                             enum field field, uint8_t *length, struct error *err)
{
    struct bytes text;
    struct analysis analysis;
    enum status status;

    buf_clear(&builder->text);
    buf_clear(&builder->blanked);
    field_view_text(view, field, &builder->text);
    if (is_prose(field))
        markup_blank(buf_bytes(&builder->text), &builder->blanked);
    text = buf_bytes(is_prose(field) ? &builder->blanked : &builder->text);
    if (!buf_ok(&builder->text) || !buf_ok(&builder->blanked))
        return no_memory(err);
    *length = 0;
    if (text.len == 0)
        return AF_OK;
    status = analyzer_run(builder->analyzer, ANALYZE_DOCUMENT, text, &analysis, err);
    if (status != AF_OK)
        return status;
    if (!tally_tokens(&builder->tally, field, analysis.tokens, analysis.count) ||
        (field == FIELD_TITLE &&
         (!add_title_terms(builder, analysis.folded) || !add_written(builder, text, &analysis))))
        return no_memory(err);
    *length = field_length_encode(analysis.units);
    return AF_OK;
}

/* --- the document ------------------------------------------------------------------------- */

static uint32_t find_lang(struct run *run, struct bytes tag)
{
    char lang[SEGMENT_LANG_BYTES] = {0};

    if (!stem_language(tag, lang))
        return 0;
    for (uint32_t i = 0; i < run->langs_count; i++)
        if (strcmp(run->langs[i], lang) == 0)
            return 1u << i;
    if (run->langs_count == SEGMENT_LANGS_MAX)
        return 0;
    memcpy(run->langs[run->langs_count], lang, sizeof lang);
    return 1u << run->langs_count++;
}

static void join_category(const struct article_view *view, struct buf *out)
{
    struct bytes value = view->of[ARTICLE_CATEGORY], element;
    struct reader r;
    bool is_first = true;

    buf_clear(out);
    if (jsontext_is_string(value))
        jsontext_unescape(value, out);
    if (!jsontext_enter(value, '[', &r))
        return;
    while (jsontext_element(&r, &element) == JSONTEXT_VALUE) {
        if (!is_first)
            buf_add_u8(out, 0x1F);
        is_first = false;
        if (jsontext_is_string(element))
            jsontext_unescape(element, out);
    }
}

static enum status add_document(struct segment_builder *builder, const struct article_ref *ref,
                                const struct article_view *view, const uint8_t lengths[FIELD_COUNT],
                                struct error *err)
{
    struct document document = {
        .no = ref->no,
        .version = ref->version,
        .id = article_view_str(view, ARTICLE_ID, &builder->id),
        .title = article_view_str(view, ARTICLE_TITLE, &builder->title),
        .lang = article_view_str(view, ARTICLE_LANG, &builder->lang),
        .product = article_view_str(view, ARTICLE_PRODUCT, &builder->product),
        .audience = (uint8_t)article_view_audience(view),
    };
    struct buf *out = &builder->run.docs.open;

    join_category(view, &builder->category);
    document.category = buf_bytes(&builder->category);
    buf_clear(&builder->record);
    document_encode(&document, &builder->record);
    buf_add_varint(out, ref->no);
    buf_add(out, bytes_of(lengths, FIELD_COUNT));
    buf_add_varint(out, builder->record.len);
    buf_add(out, buf_bytes(&builder->record));
    if (!buf_ok(&builder->id) || !buf_ok(&builder->title) || !buf_ok(&builder->lang) ||
        !buf_ok(&builder->product) || !buf_ok(&builder->category) || !buf_ok(&builder->record))
        return no_memory(err);
    return run_list_added(builder->run.store, &builder->run.docs, err);
}

enum status segment_builder_add(struct segment_builder *builder, const struct article_ref *ref,
                                const struct article_view *view, struct error *err)
{
    uint8_t lengths[FIELD_COUNT];
    enum status status = AF_OK;

    if (builder->run.docs_count == 0)
        builder->run.seq = ref->seq;
    tally_begin(&builder->tally,
                find_lang(&builder->run, article_view_str(view, ARTICLE_LANG, &builder->lang)));
    for (enum field field = 0; status == AF_OK && field < FIELD_COUNT; field++) {
        status = add_field(builder, view, field, &lengths[field], err);
    }
    if (status == AF_OK && builder->learned != NULL)
        status = learned_terms_add(&builder->learned_terms, builder->learned, builder->analyzer,
                                   &builder->tally, err);
    builder->learned = NULL;
    if (status == AF_OK && !tally_end(&builder->tally, builder->run.docs_count))
        status = no_memory(err);
    if (status == AF_OK)
        status = add_document(builder, ref, view, lengths, err);
    if (status == AF_OK)
        builder->run.docs_count++;
    return status;
}

/* --- the run ------------------------------------------------------------------------------ */

enum status segment_builder_end(struct segment_builder *builder, struct run *out, struct error *err)
{
    struct run_store *store = builder->run.store;
    enum status status = tally_write(&builder->tally, store, &builder->run.terms, err);

    if (status == AF_OK)
        status = run_list_end(store, &builder->run.terms, err);
    if (status == AF_OK)
        status = run_list_end(store, &builder->run.docs, err);
    if (status != AF_OK)
        return status;
    *out = builder->run;
    run_init(&builder->run, store, 0);
    tally_clear(&builder->tally);
    return AF_OK;
}

enum status segment_builder_write(struct segment_builder *builder, struct stemmer *stemmer,
                                  struct image_sink sink, struct error *err)
{
    struct segment_runs runs = {.store = builder->run.store, .count = 1, .stemmer = stemmer};
    struct run run;
    enum status status = segment_builder_end(builder, &run, err);

    if (status != AF_OK)
        return status;
    runs.runs = &run;
    status = segment_from_runs(&runs, sink, err);
    run_release(&run);
    return status;
}
