#include "indexer/build/segment_stem.h"
#include "indexer/text/analyzer.h"

/* Han, kana, Hangul and the like have no stems, but the Latin words in such cases do, and they
 * are nearly always English. */
static const char *const as_english[] = {"zh", "ja", "ko", "th", "lo", "km", "my"};

bool stem_language(struct bytes tag, char lang[SEGMENT_LANG_BYTES])
{
    size_t len = 0;

    while (len < tag.len && tag.data[len] != '-' && tag.data[len] != '_')
        len++;
    if (len == 0 || len >= SEGMENT_LANG_BYTES)
        return false;
    for (size_t i = 0; i < len; i++) {
        uint8_t c = tag.data[i];

        lang[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    lang[len] = '\0';
    for (size_t i = 0; i < sizeof as_english / sizeof *as_english; i++)
        if (strcmp(lang, as_english[i]) == 0)
            memcpy(lang, "en", 3);
    return true;
}

void stem_key(struct buf *key, const char *lang, struct bytes stem)
{
    buf_clear(key);
    buf_add(key, bytes_of(lang, strlen(lang) + 1));
    buf_add(key, stem);
}

bool stem_surface_next(struct reader *r, struct bytes *surface)
{
    uint32_t len;

    return reader_varint32(r, &len) && len > 0 && len < TERM_BYTES_MAX &&
           reader_take(r, len, surface);
}

/* What was given already, so that two languages do not give a word twice. */
struct given {
    struct given *next;
    struct bytes term;
};

struct siblings {
    const struct segment *segment;
    struct stemmer *stemmer;
    struct arena *arena;
    struct bytes word; /* with class */
    struct given *given;
    void (*each)(void *context, struct bytes term);
    void *context;
};

static enum status give(struct siblings *s, struct bytes surface, struct error *err)
{
    struct given *given;
    uint8_t *term;

    if (bytes_equal(surface, bytes_of(s->word.data + 1, s->word.len - 1)))
        return AF_OK;
    for (given = s->given; given != NULL; given = given->next)
        if (bytes_equal(surface, bytes_of(given->term.data + 1, given->term.len - 1)))
            return AF_OK;
    given = arena_alloc(s->arena, sizeof *given);
    term = arena_alloc(s->arena, surface.len + 1);
    if (given == NULL || term == NULL)
        return arena_exhausted(s->arena, err);
    term[0] = TERM_WORD;
    memcpy(term + 1, surface.data, surface.len);
    *given = (struct given){s->given, bytes_of(term, surface.len + 1)};
    s->given = given;
    s->each(s->context, given->term);
    return AF_OK;
}

/* The members of the group that the segment has under a stem. */
static enum status give_group(struct siblings *s, const char *lang, struct bytes stem,
                              struct error *err)
{
    struct bytes payload, surface;
    struct reader r;
    struct buf key = {0};
    enum status status;
    bool found = false;

    stem_key(&key, lang, stem);
    status = buf_status(&key, "a stem", err);
    if (status == AF_OK)
        status = block_find(s->segment->image, IMAGE_STEMS, buf_bytes(&key), &payload, &found, err);
    buf_release(&key);
    if (status != AF_OK || !found)
        return segment_note(s->segment, status);
    r = reader_of(payload);
    while (status == AF_OK && reader_left(&r) > 0) {
        if (!stem_surface_next(&r, &surface))
            return segment_note(s->segment, error_set(err, AF_CORRUPT,
                                                      "the index, segment %u, stems: a group "
                                                      "is damaged",
                                                      (unsigned)s->segment->base->id));
        status = give(s, surface, err);
    }
    return status;
}

/* A word that is its own stem is not stored in the group: it is there when the segment has it. */
static enum status give_stem(struct siblings *s, const char *lang, struct bytes stem,
                             struct error *err)
{
    uint8_t term[TERM_BYTES_MAX];
    struct term_entry entry;
    enum status status;
    bool found;

    if (stem.len == 0 || stem.len >= TERM_BYTES_MAX)
        return AF_OK;
    term[0] = TERM_WORD;
    memcpy(term + 1, stem.data, stem.len);
    status = segment_find(s->segment, bytes_of(term, stem.len + 1), &entry, &found, err);
    stem = bytes_of(term + 1, stem.len); /* the stemmer's own is gone after its next call */
    if (status != AF_OK || !found || stemmer_stem(s->stemmer, lang, stem).len > 0)
        return status;
    return give(s, stem, err);
}

enum status segment_stem_siblings(const struct segment *segment, struct stemmer *stemmer,
                                  struct bytes word, struct arena *arena,
                                  void (*each)(void *context, struct bytes term), void *context,
                                  struct error *err)
{
    struct siblings s = {segment, stemmer, arena, word, NULL, each, context};
    enum status status = AF_OK;

    if (word.len < 2 || word.data[0] != TERM_WORD)
        return AF_OK;
    for (uint32_t i = 0; status == AF_OK && i < segment->base->langs_count; i++) {
        const char *lang = segment->base->langs[i];
        struct bytes bare = bytes_of(word.data + 1, word.len - 1);
        struct bytes stem = stemmer_stem(stemmer, lang, bare);
        uint8_t copy[TERM_BYTES_MAX];

        if (stem.len >= sizeof copy)
            continue;
        if (stem.len > 0)
            memcpy(copy, stem.data, stem.len);
        stem = stem.len > 0 ? bytes_of(copy, stem.len) : bare;
        status = give_group(&s, lang, stem, err);
        if (status == AF_OK)
            status = give_stem(&s, lang, stem, err);
    }
    return status;
}
