#include "data/article_impl.h"

#include "data/base/jsontext.h"
#include "data/base/limits.h"

#include <assert.h>
#include <stdlib.h>

#define KEY_ROOM 511 /* LMDB's longest key */

/* --- names -------------------------------------------------------------------------------- */

static const char *const audiences[AUDIENCE_COUNT] = {"public", "customer", "partner", "internal"};

bool audience_parse(struct bytes name, enum audience *out)
{
    for (unsigned i = 0; i < AUDIENCE_COUNT; i++)
        if (bytes_equal(name, bytes_str(audiences[i]))) {
            *out = (enum audience)i;
            return true;
        }
    return false;
}

enum audience article_audience(const json_t *article)
{
    enum audience audience;

    /* Validation keeps unknown words out; should one get in, it is shown to the fewest. */
    if (json_object_get(article, "audience") == NULL)
        return AUDIENCE_PUBLIC;
    return audience_parse(bytes_str(json_get_str(article, "audience")), &audience)
               ? audience
               : AUDIENCE_INTERNAL;
}

bool article_is_findable(const json_t *article)
{
    const char *state = json_get_str(article, "state");

    return strcmp(state, "wip") != 0 && strcmp(state, "archived") != 0;
}

const char *article_first(const json_t *article, const char *member)
{
    const json_t *value = json_object_get(article, member);

    if (json_is_array(value))
        value = json_array_get(value, 0);
    return json_is_string(value) ? json_string_value(value) : "";
}

/* --- where the texts are ------------------------------------------------------------------ */

/* The elements of the list "cases" in the text of a body, found without building them: the
 * offsets go into the records, so that one case can be read out of a batch of many. */
static const struct bytes cases_member = BYTES_LIT("{\"cases\":[");

bool cases_begin(struct bytes body, struct reader *r)
{
    struct bytes skipped;

    *r = reader_of(body);
    return bytes_has_prefix(body, cases_member) && reader_take(r, cases_member.len, &skipped);
}

bool cases_next(struct reader *r, struct bytes *out)
{
    return jsontext_element(r, out) == JSONTEXT_VALUE && out->data[0] == '{';
}

/* --- records ------------------------------------------------------------------------------ */

static struct bytes version_key(struct bytes id, uint32_t version, uint8_t at[KEY_ROOM])
{
    assert(id.len <= ARTICLE_ID_BYTES_MAX);
    memcpy(at, id.data, id.len);
    at[id.len] = 0;
    put_be32(at + id.len + 1, version);
    return bytes_of(at, id.len + 5);
}

/* A record is, since format 2,
 *
 *     no varint | version varint | seq varint | offset varint | length varint | print be64
 *
 * and was in format 1 the JSON {"no":1,"version":2,"seq":40,"offset":812,"length":1500,"print":
 * "<16 hex>"}, which is still read. */
static void ref_encode(const struct article_ref *ref, struct buf *out)
{
    buf_add_varint(out, ref->no);
    buf_add_varint(out, ref->version);
    buf_add_varint(out, ref->seq);
    buf_add_varint(out, ref->offset);
    buf_add_varint(out, ref->length);
    buf_add_be64(out, ref->print);
}

static bool ref_decode(struct bytes body, struct article_ref *out)
{
    struct reader r = reader_of(body);
    struct article_ref ref = {0};
    uint64_t offset, length;

    if (!reader_varint32(&r, &ref.no) || !reader_varint32(&r, &ref.version) ||
        !reader_varint64(&r, &ref.seq) || !reader_varint64(&r, &offset) ||
        !reader_varint64(&r, &length) || !reader_be64(&r, &ref.print) || reader_left(&r) > 0)
        return false;
    ref.offset = (size_t)offset;
    ref.length = (size_t)length;
    *out = ref;
    return true;
}

static bool ref_decode_1(struct bytes body, struct article_ref *out)
{
    json_t *json;

    if (json_parse(body, &json, NULL) != AF_OK)
        return false;
    *out = (struct article_ref){
        .no = (uint32_t)json_get_u64(json, "no"),
        .version = (uint32_t)json_get_u64(json, "version"),
        .seq = json_get_u64(json, "seq"),
        .offset = (size_t)json_get_u64(json, "offset"),
        .length = (size_t)json_get_u64(json, "length"),
        .print = strtoull(json_get_str(json, "print"), NULL, 16),
    };
    json_decref(json);
    return true;
}

static enum status get_ref(struct txn *txn, enum table table, struct bytes key,
                           struct article_ref *out, struct error *err)
{
    struct bytes body;
    uint8_t format;
    char text[64];
    enum status status = store_get_format(txn, table, key, &body, &format, err);

    if (status != AF_OK)
        return status;
    if (format == 1 ? ref_decode_1(body, out) : ref_decode(body, out))
        return AF_OK;
    key_text(key, text, sizeof text);
    return error_set(err, AF_CORRUPT, "damaged: table %s, key %s: not what belongs there",
                     table_name(table), text);
}

static enum status put_ref(struct txn *txn, enum table table, struct bytes key,
                           const struct article_ref *ref, struct error *err)
{
    struct buf body = {0};
    enum status status;

    ref_encode(ref, &body);
    status = buf_status(&body, "a case", err);
    if (status == AF_OK)
        status = store_put(txn, table, key, buf_bytes(&body), err);
    buf_release(&body);
    return status;
}

enum status article_save(struct txn *txn, struct bytes id, const struct article_ref *ref,
                         const struct article_ref *old, struct error *err)
{
    uint8_t key[KEY_ROOM];
    enum status status = put_ref(txn, TABLE_ARTICLE, id, ref, err);

    if (status == AF_OK && old != NULL)
        status = put_ref(txn, TABLE_ARTICLE_VERSION, version_key(id, old->version, key), old, err);
    return status;
}

static enum status no_such_case(struct bytes id, struct error *err)
{
    char text[64];

    key_text(id, text, sizeof text);
    return error_set(err, AF_NOT_FOUND, "there is no case %s", text);
}

enum status article_look(struct txn *txn, struct bytes id, struct article_ref *out,
                         struct error *err)
{
    return id.len > ARTICLE_ID_BYTES_MAX ? AF_NOT_FOUND : get_ref(txn, TABLE_ARTICLE, id, out, err);
}

enum status article_find(struct txn *txn, struct bytes id, struct article_ref *out,
                         struct error *err)
{
    enum status status = article_look(txn, id, out, err);

    return status == AF_NOT_FOUND ? no_such_case(id, err) : status;
}

enum status article_find_kept(struct txn *txn, struct bytes id, uint32_t version,
                              struct article_ref *out, struct error *err)
{
    uint8_t key[KEY_ROOM];

    return get_ref(txn, TABLE_ARTICLE_VERSION, version_key(id, version, key), out, err);
}

enum status article_find_version(struct txn *txn, struct bytes id, uint32_t version,
                                 struct article_ref *out, struct error *err)
{
    enum status status = article_find(txn, id, out, err);

    if (status != AF_OK || version == 0 || version == out->version)
        return status;
    status = article_find_kept(txn, id, version, out, err);
    return status == AF_NOT_FOUND ? no_such_case(id, err) : status;
}

enum status article_id_of(struct txn *txn, uint32_t no, struct bytes *id, struct error *err)
{
    uint8_t key[4];
    enum status status;

    put_be32(key, no);
    status = store_get(txn, TABLE_ARTICLE_NO, bytes_of(key, sizeof key), id, err);
    if (status == AF_NOT_FOUND)
        return error_set(err, AF_NOT_FOUND, "there is no case with number %u", no);
    return status;
}

enum status article_print(const json_t *article, uint64_t *print, struct error *err)
{
    struct buf text = {0};
    enum status status = json_write(article, true, &text, err);
    struct bytes bytes = buf_bytes(&text);

    if (status == AF_OK)
        *print = checksum64(0, &bytes, 1);
    buf_release(&text);
    return status;
}

enum status article_text(struct txn *txn, const struct article_ref *ref, struct bytes *text,
                         struct error *err)
{
    enum status status = journal_text(txn, ref->seq, ref->offset, ref->length, text, err);

    if (status == AF_NOT_FOUND)
        return error_set(err, AF_CORRUPT,
                         "damaged: table journal, entry %llu: case %u is not in it",
                         (unsigned long long)ref->seq, ref->no);
    return status;
}

enum status article_read(struct txn *txn, const struct article_ref *ref, json_t **out,
                         struct error *err)
{
    struct bytes text;
    enum status status = article_text(txn, ref, &text, err);

    if (status == AF_OK)
        status = json_parse(text, out, err);
    if (status == AF_INVALID)
        return error_set(err, AF_CORRUPT, "damaged: table journal, entry %llu: case %u is not JSON",
                         (unsigned long long)ref->seq, ref->no);
    return status;
}
