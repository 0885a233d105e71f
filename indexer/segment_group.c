#include "indexer/segment_build_impl.h"
#include "indexer/segment_stem.h"

#include <stdlib.h>

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
            return builder_no_memory(err);
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
        status = buf_ok(&key) ? buf_status(&payload, "stems", err) : builder_no_memory(err);
        if (status == AF_OK)
            status = segment_add_stem(writer, buf_bytes(&key), buf_bytes(&payload), err);
    }
    buf_release(&key);
    buf_release(&payload);
    return status;
}

enum status builder_write_stems(const struct segment_builder *builder, const struct inverted *inv,
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
