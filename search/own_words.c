#include "search/own_words.h"

#include "data/base/json.h"
#include "data/base/limits.h"
#include "search/query/vocabulary_build.h"

/* Of VOCABULARY_BYTES_MAX of text with VOCABULARY_RULES_MAX pairs, and what making it takes. */
#define ARENA_BYTES ((size_t)32 << 20)

enum status own_words_read(struct txn *txn, json_t **record, uint32_t *version, struct bytes *text,
                           struct error *err)
{
    enum status status = store_get_json(txn, TABLE_VOCABULARY, OWN_WORDS_KEY, record, err);

    if (status != AF_OK)
        *record = NULL;
    if (status != AF_OK && status != AF_NOT_FOUND)
        return status;
    *version = (uint32_t)json_get_u64(*record, "version");
    *text = bytes_str(json_get_str(*record, "text"));
    return AF_OK;
}

void own_words_init(struct own_words *own)
{
    *own = (struct own_words){.vocabulary = vocabulary_empty};
}

void own_words_release(struct own_words *own)
{
    arena_free(own->arena);
    own_words_init(own);
}

static enum status build(struct own_words *own, struct txn *txn, struct folder *folder)
{
    json_t *record;
    struct bytes text;
    struct error err;
    uint32_t version;
    enum status status = own_words_read(txn, &record, &version, &text, &err);

    if (status == AF_OK && text.len > 0) {
        own->arena = arena_new(ARENA_BYTES);
        status = own->arena == NULL
                     ? AF_NO_MEMORY
                     : vocabulary_build(text, folder, own->arena, &own->vocabulary, &err);
    }
    json_decref(record);
    return status;
}

void own_words_refresh(struct own_words *own, struct txn *txn, struct folder *folder)
{
    struct table_sum now = store_sum(txn, TABLE_VOCABULARY);

    if (now.count == own->seen.count && now.sum == own->seen.sum)
        return;
    own_words_release(own);
    if (build(own, txn, folder) != AF_OK)
        own_words_release(own);
    own->seen = now;
}
