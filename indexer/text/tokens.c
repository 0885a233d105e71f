#include "indexer/text/tokens.h"

#include "data/base/hash.h"
#include "data/base/limits.h"
#include "data/base/utf8.h"

#include <stdlib.h>

#define HASH_BYTES 17      /* '~' and 16 hex digits */
#define KEPT_TOKENS 65536u /* memory of more is given back when the next text is short */

void tokens_begin(struct tokens *t, struct bytes text, struct folded folded, bool is_query)
{
    if (t->room > KEPT_TOKENS && text.len < KEPT_TOKENS)
        tokens_release(t);
    t->count = 0;
    t->failed = false;
    buf_clear(&t->terms);
    t->text = text;
    t->folded = folded;
    t->is_query = is_query;
    t->position = 0;
    t->units = 0;
    tokens_have_room(t); /* from the beginning, so that nobody meets NULL */
}

static bool grow_list(struct tokens *t)
{
    uint32_t room = t->room == 0 ? 256 : t->room * 2;
    struct token *list = realloc(t->list, room * sizeof *list);

    if (list == NULL)
        return false;
    t->list = list;
    t->room = room;
    return true;
}

/* The buffer of terms has moved: they stand in it one after another. */
static void point_again(struct tokens *t)
{
    const uint8_t *at = t->terms.data;

    for (uint32_t i = 0; i < t->count; i++) {
        t->list[i].term = at;
        at += t->list[i].term_bytes;
    }
}

bool tokens_grow(struct tokens *t)
{
    const uint8_t *before = t->terms.data;

    if (t->failed)
        return false;
    if ((t->count == t->room && !grow_list(t)) || buf_reserve(&t->terms, TERM_BYTES_MAX) == NULL) {
        t->failed = true;
        return false;
    }
    if (t->terms.data != before)
        point_again(t);
    return true;
}

static size_t count_characters(struct bytes text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += (text.data[i] & 0xC0) != 0x80;
    return count;
}

/* The beginning, and a hash over all of it: long terms still only match themselves, and a
 * prefix still finds them. */
static size_t put_long(uint8_t *at, struct bytes term)
{
    static const char hex[] = "0123456789abcdef";
    uint64_t hash = checksum64(0, &term, 1);
    struct bytes keep = utf8_cut(term, TERM_BYTES_MAX - 1 - HASH_BYTES);

    memcpy(at, keep.data, keep.len);
    at[keep.len] = '~';
    for (size_t i = 0; i < HASH_BYTES - 1; i++)
        at[keep.len + 1 + i] = (uint8_t)hex[hash >> (60 - 4 * i) & 15];
    return keep.len + HASH_BYTES;
}

static size_t put_term(uint8_t *at, struct bytes term)
{
    if (term.len >= TERM_BYTES_MAX ||
        (term.len > TOKEN_CODEPOINTS_MAX && count_characters(term) > TOKEN_CODEPOINTS_MAX))
        return put_long(at, term);
    memcpy(at, term.data, term.len);
    return term.len;
}

void tokens_add(struct tokens *t, enum term_class class, struct bytes term,
                const struct place *place)
{
    uint8_t *at;
    size_t len;

    if (term.len == 0 || !tokens_have_room(t))
        return;
    at = t->terms.data + t->terms.len;
    at[0] = (uint8_t) class;
    len = 1 + put_term(at + 1, term);
    tokens_push(t, term_key(bytes_of(at, len)), len, place);
}

enum status tokens_finish(struct tokens *t, struct error *err)
{
    if (t->failed)
        return error_set(err, AF_NO_MEMORY, "no memory for the words of a text of %zu bytes",
                         t->text.len);
    return AF_OK;
}

void tokens_release(struct tokens *t)
{
    free(t->list);
    t->list = NULL;
    t->count = t->room = 0;
    buf_release(&t->terms);
    buf_release(&t->scratch);
}
