#include "intake/attachment/receipt.h"

#include "data/base/hash.h"
#include "data/base/limits.h"

#include <sodium.h>
#include <stdio.h>

#define MAC_HEX_BYTES 33 /* 128 bits, and a NUL */
#define RECEIPT_BYTES_MAX 2048
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

/* Of what a receipt is and nothing else that this secret signs. */
static void sign(struct store *store, struct bytes payload, char mac[MAC_HEX_BYTES])
{
    struct digest inner = digest_plain(payload), outer;
    uint8_t text[8 + DIGEST_BYTES] = "receipt";
    char hex[DIGEST_HEX_BYTES];

    memcpy(text + 8, inner.b, DIGEST_BYTES);
    outer = digest_keyed(store_secret(store), bytes_of(text, sizeof text));
    digest_hex(&outer, hex);
    (void)snprintf(mac, MAC_HEX_BYTES, "%.32s", hex);
}

enum status receipt_make(struct store *store, const json_t *file, int64_t now_ms,
                         struct arena *arena, const char **out, struct error *err)
{
    json_t *json = json_deep_copy(file);
    char mac[MAC_HEX_BYTES], *text = NULL;
    struct buf payload = {0};
    size_t room;
    bool ok = json != NULL;
    enum status status;

    if (ok)
        json_put(json, "until", json_integer(now_ms + RECEIPT_HOURS * INT64_C(3600000)), &ok);
    status = ok ? json_write(json, false, &payload, err)
                : error_set(err, AF_NO_MEMORY, "no memory for a receipt");
    json_decref(json);
    if (status == AF_OK) {
        room = sodium_base64_encoded_len(payload.len, VARIANT);
        text = arena_alloc(arena, room);
        status = text == NULL ? arena_exhausted(arena, err) : AF_OK;
    }
    if (status == AF_OK) {
        (void)sodium_bin2base64(text, room, payload.data, payload.len, VARIANT);
        sign(store, bytes_str(text), mac);
        *out = arena_printf(arena, "%s.%s", text, mac);
        status = *out == NULL ? arena_exhausted(arena, err) : AF_OK;
    }
    buf_release(&payload);
    return status;
}

static enum status refused(const char *field, const char *why, struct error *err)
{
    return error_set(err, AF_INVALID, "\"%s\" %s: send the file again", field, why);
}

static enum status read_one(struct store *store, const char *field, struct bytes text,
                            int64_t now_ms, json_t **file, struct error *err)
{
    uint8_t payload[RECEIPT_BYTES_MAX];
    const uint8_t *dot = text.len == 0 ? NULL : memchr(text.data, '.', text.len);
    char mac[MAC_HEX_BYTES];
    struct bytes body;
    size_t len;
    json_t *json;

    if (dot == NULL || text.len > RECEIPT_BYTES_MAX)
        return refused(field, "has something that is no receipt", err);
    body = bytes_of(text.data, (size_t)(dot - text.data));
    sign(store, body, mac);
    if (text.len - body.len != MAC_HEX_BYTES || sodium_memcmp(dot + 1, mac, MAC_HEX_BYTES - 1) != 0)
        return refused(field, "has something that is no receipt of this library", err);
    if (sodium_base642bin(payload, sizeof payload, (const char *)body.data, body.len, NULL, &len,
                          NULL, VARIANT) != 0 ||
        json_parse(bytes_of(payload, len), &json, NULL) != AF_OK)
        return refused(field, "has a damaged receipt", err);
    if ((int64_t)json_get_u64(json, "until") < now_ms) {
        json_decref(json);
        return refused(field, "has a receipt that is too old", err);
    }
    (void)json_object_del(json, "until");
    *file = json;
    return AF_OK;
}

enum status receipts_read(struct store *store, const char *field, const json_t *list,
                          int64_t now_ms, json_t **files, struct error *err)
{
    const json_t *item;
    json_t *found, *file;
    enum status status = AF_OK;
    size_t i;

    *files = NULL;
    if (list == NULL || json_is_null(list) || (json_is_array(list) && json_array_size(list) == 0))
        return AF_OK;
    if (!json_is_array(list))
        return error_set(err, AF_INVALID, "\"%s\" must be a list of receipts", field);
    if (json_array_size(list) > ATTACHMENTS_A_POST_MAX)
        return error_set(err, AF_TOO_LARGE, "\"%s\" has more than %d: send them in two", field,
                         ATTACHMENTS_A_POST_MAX);
    found = json_array();
    json_array_foreach(list, i, item)
    {
        struct bytes text = json_is_string(item) ? bytes_str(json_string_value(item)) : BYTES_NONE;

        status = read_one(store, field, text, now_ms, &file, err);
        if (status == AF_OK && json_array_append_new(found, file) != 0)
            status = error_set(err, AF_NO_MEMORY, "no memory for files");
        if (status != AF_OK)
            break;
    }
    if (status == AF_OK)
        *files = found;
    else
        json_decref(found);
    return status;
}
