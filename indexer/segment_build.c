#include "indexer/segment_build.h"

#include "indexer/docs.h"
#include "indexer/keysort.h"
#include "indexer/markup.h"
#include "indexer/postings.h"
#include "indexer/postpool.h"
#include "indexer/segment_runs.h"
#include "indexer/segment_stem.h"
#include "indexer/termtable.h"

#include <assert.h>
#include <endian.h>
#include <stdlib.h>

#define AHEAD 32 /* so many tokens' or postings' memory is asked for before it is used */

/* A term of the case being added: how often it occurs, a byte a field, the first the lowest. */
struct count {
    uint64_t tf;
    uint32_t term;
    uint32_t langs;
};

#define SHAPES_LOG 8

struct builder_shape {
    uint64_t tf; /* 0: none, which no term has */
    uint8_t code;
};

struct segment_builder {
    struct analyzer *analyzer;
    struct run run; /* its documents so far */
    struct termtable terms;
    struct buf pool; /* their postings */
    /* scratch of one case */
    struct buf text, blanked, record;
    struct buf id, title, lang, product, category;
    struct count *counts;
    uint32_t counts_count, counts_room;
    uint32_t lang_bit; /* of its language in the run; 0: none */
    struct builder_shape shapes[1 << SHAPES_LOG];
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
    termtable_release(&builder->terms);
    buf_release(&builder->pool);
    buf_release(&builder->text);
    buf_release(&builder->blanked);
    buf_release(&builder->record);
    buf_release(&builder->id);
    buf_release(&builder->title);
    buf_release(&builder->lang);
    buf_release(&builder->product);
    buf_release(&builder->category);
    free(builder->counts);
    free(builder);
}

uint32_t segment_builder_docs(const struct segment_builder *builder)
{
    return builder->run.docs_count;
}

size_t segment_builder_bytes(const struct segment_builder *builder)
{
    return termtable_bytes(&builder->terms) + builder->pool.len;
}

/* --- counting ----------------------------------------------------------------------------- */

static bool counts_grow(struct segment_builder *builder)
{
    uint32_t room = builder->counts_room == 0 ? 1024 : builder->counts_room * 2;
    struct count *counts = realloc(builder->counts, room * sizeof *counts);

    if (counts == NULL)
        return false;
    builder->counts = counts;
    builder->counts_room = room;
    return true;
}

/* A slot's count is right when the count there is the term's; nothing is reset between cases. */
static inline bool count_term(struct segment_builder *builder, struct term_slot *slot,
                              unsigned shift, uint32_t langs)
{
    uint32_t no = slot->no - 1;
    struct count *count;

    if (slot->count >= builder->counts_count || builder->counts[slot->count].term != no) {
        if (builder->counts_count == builder->counts_room && !counts_grow(builder))
            return false;
        slot->count = builder->counts_count++;
        builder->counts[slot->count] = (struct count){1ull << shift, no, langs};
        return true;
    }
    count = &builder->counts[slot->count];
    if ((count->tf >> shift & 0xFF) != 0xFF)
        count->tf += 1ull << shift;
    return true;
}

static bool count_token(struct segment_builder *builder, const struct token *token, uint32_t place,
                        unsigned shift)
{
    struct term_slot *slot = &builder->terms.slots[place];
    uint32_t langs = token->key >> 56 == TERM_WORD ? builder->lang_bit : 0;

    if (slot->key != token->key || slot->no == 0 || token->term_bytes > TERM_KEY_BYTES)
        slot = termtable_add(&builder->terms, token->key, bytes_of(token->term, token->term_bytes));
    return slot != NULL && count_term(builder, slot, shift, langs);
}

/* Looks some tokens up, far enough behind the fetching of their slots. */
static bool count_tokens(struct segment_builder *builder, enum field field,
                         const struct token *tokens, uint32_t count)
{
    const unsigned shift = 8 * (unsigned)field;
    uint32_t places[AHEAD];

    if (!termtable_reserve(&builder->terms, count))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        places[i] = termtable_place(&builder->terms, tokens[i].key);
        __builtin_prefetch(&builder->terms.slots[places[i]], 1);
    }
    for (uint32_t i = 0; i < count; i++)
        if (!count_token(builder, &tokens[i], places[i], shift))
            return false;
    return true;
}

/* Fields that people write prose in, where Markdown and HTML are markup and not text. */
static bool is_prose(enum field field)
{
    return field == FIELD_SYMPTOM || field == FIELD_CAUSE || field == FIELD_RESOLUTION ||
           field == FIELD_BODY;
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
    for (uint32_t i = 0; i < analysis.count; i += AHEAD) {
        uint32_t left = analysis.count - i;

        if (!count_tokens(builder, field, analysis.tokens + i, left < AHEAD ? left : AHEAD))
            return no_memory(err);
    }
    *length = field_length_encode(analysis.units);
    return AF_OK;
}

/* A few dozen shapes are nearly all: what was answered last is kept by a hash of them. */
static unsigned code_of_many(struct builder_shape *shapes, uint64_t tf)
{
    struct builder_shape *shape = &shapes[tf * UINT64_C(0x9E3779B97F4A7C15) >> (64 - SHAPES_LOG)];

    if (shape->tf != tf) {
        uint64_t le = htole64(tf);
        uint8_t each[sizeof le];

        memcpy(each, &le, sizeof each);
        *shape = (struct builder_shape){tf, shape_code(each)};
    }
    return shape->code;
}

static unsigned code_of(struct builder_shape *shapes, uint64_t tf)
{
    unsigned field = (unsigned)__builtin_ctzll(tf) / 8;
    uint64_t times = tf >> 8 * field;

    return times <= SHAPE_TIMES /* in one field, as five of six */
               ? (unsigned)(times - 1) * FIELD_COUNT + field
               : code_of_many(shapes, tf);
}

static bool add_long_posting(struct buf *pool, struct term *term, uint32_t gap, uint64_t tf)
{
    uint8_t posting[5 + POSTINGS_CODE_BYTES_MAX], each[sizeof tf];
    unsigned len = 0;

    tf = htole64(tf);
    memcpy(each, &tf, sizeof each);
    for (; gap >= 0x80; gap >>= 7)
        posting[len++] = (uint8_t)(gap | 0x80);
    posting[len++] = (uint8_t)gap;
    len += (unsigned)postings_code_encode(each, posting + len);
    return postpool_add(pool, term, posting, len);
}

static inline bool add_posting(struct segment_builder *builder, const struct count *count,
                               uint32_t doc)
{
    struct term *term = &builder->terms.terms[count->term];
    uint32_t gap = doc - term->next_doc;
    unsigned code = code_of(builder->shapes, count->tf);
    bool added;

    if (code == SHAPE_ESCAPE || gap >= 1u << 14)
        added = add_long_posting(&builder->pool, term, gap, count->tf);
    else if (gap < 0x80)
        added = postpool_add_short(&builder->pool, term, gap | code << 8, 2);
    else
        added = postpool_add_short(&builder->pool, term,
                                   (gap & 0x7F) | 0x80 | gap >> 7 << 8 | code << 16, 3);
    if (!added)
        return false;
    term->next_doc = doc + 1;
    term->langs |= count->langs;
    return true;
}

/* What was counted becomes postings; memory is asked for in two steps, as it is found. */
static enum status add_postings(struct segment_builder *builder, struct error *err)
{
    const struct term *terms = builder->terms.terms;
    const struct count *counts = builder->counts;
    uint32_t n = builder->counts_count;

    for (uint32_t i = 0; i < n && i < AHEAD; i++)
        __builtin_prefetch(&terms[counts[i].term], 1);
    for (uint32_t i = 0; i < n; i++) {
        if (i + AHEAD < n)
            __builtin_prefetch(&terms[counts[i + AHEAD].term], 1);
        if (i + AHEAD / 2 < n)
            postpool_prefetch(&builder->pool, &terms[counts[i + AHEAD / 2].term]);
        if (!add_posting(builder, &counts[i], builder->run.docs_count))
            return no_memory(err);
    }
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
    builder->counts_count = 0;
    builder->lang_bit =
        find_lang(&builder->run, article_view_str(view, ARTICLE_LANG, &builder->lang));
    for (enum field field = 0; status == AF_OK && field < FIELD_COUNT; field++) {
        status = add_field(builder, view, field, &lengths[field], err);
    }
    if (status == AF_OK)
        status = add_postings(builder, err);
    if (status == AF_OK)
        status = add_document(builder, ref, view, lengths, err);
    if (status == AF_OK)
        builder->run.docs_count++;
    return status;
}

/* --- the run ------------------------------------------------------------------------------ */

static int compare_terms(const void *a, const void *b, void *context)
{
    const struct termtable *terms = context;

    return bytes_compare(termtable_bytes_of(terms, ((const struct keyed *)a)->no),
                         termtable_bytes_of(terms, ((const struct keyed *)b)->no));
}

static struct keyed *sort_terms(struct termtable *terms)
{
    struct keyed *items = malloc((terms->count + 1u) * sizeof *items);
    size_t count = 0;

    if (items == NULL)
        return NULL;
    for (uint32_t i = 0; i < terms->slots_count; i++) {
        const struct term_slot *slot = &terms->slots[i];
        uint32_t no = slot->no - 1;

        if (slot->no == 0)
            continue;
        items[count++] = (struct keyed){
            term_slot_is_long(slot) ? term_key(termtable_bytes_of(terms, no)) : slot->key, no};
    }
    assert(count == terms->count);
    if (keysort(items, count, compare_terms, terms))
        return items;
    free(items);
    return NULL;
}

static enum status put_terms(struct segment_builder *builder, const struct keyed *items,
                             struct error *err)
{
    const struct termtable *terms = &builder->terms;
    struct buf scratch = {0};
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i < terms->count; i++) {
        const struct term *term = &terms->terms[items[i].no];
        struct bytes postings;

        if (i + 16 < terms->count)
            __builtin_prefetch(&terms->terms[items[i + 16].no]);
        if (i + 8 < terms->count) {
            __builtin_prefetch(builder->pool.data + terms->terms[items[i + 8].no].head);
            __builtin_prefetch(terms->bytes.data + terms->terms[items[i + 8].no].at);
        }
        postings = postpool_list(&builder->pool, term, &scratch);
        status = buf_status(&scratch, "indexing cases", err);
        if (status == AF_OK)
            status =
                run_add_entry(builder->run.store, &builder->run.terms,
                              termtable_bytes_of(terms, items[i].no), term->langs, postings, err);
    }
    buf_release(&scratch);
    return status;
}

enum status segment_builder_end(struct segment_builder *builder, struct run *out, struct error *err)
{
    struct run_store *store = builder->run.store;
    struct keyed *items = sort_terms(&builder->terms);
    enum status status = items == NULL ? no_memory(err) : put_terms(builder, items, err);

    free(items);
    if (status == AF_OK)
        status = run_list_end(store, &builder->run.terms, err);
    if (status == AF_OK)
        status = run_list_end(store, &builder->run.docs, err);
    if (status != AF_OK)
        return status;
    *out = builder->run;
    run_init(&builder->run, store, 0);
    termtable_clear(&builder->terms);
    buf_clear(&builder->pool);
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
