#include "indexer/tokens.h"

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
}

struct place tokens_place(const struct tokens *t, size_t fold_start, size_t fold_end)
{
    return (struct place){
        .start = t->folded.source[fold_start],
        .end = folded_end(&t->folded, fold_end),
        .fold_start = (uint32_t)fold_start,
        .fold_end = (uint32_t)fold_end,
        .position = t->position,
        .flags = t->is_query && fold_end == t->folded.text.len ? TOKEN_LAST : 0,
    };
}

static bool grow(struct tokens *t)
{
    uint32_t room = t->room == 0 ? 256 : t->room * 2;
    struct token *list = realloc(t->list, room * sizeof *list);
    uint32_t *term_at;

    if (list == NULL)
        return false;
    t->list = list;
    term_at = realloc(t->term_at, room * sizeof *term_at);
    if (term_at == NULL)
        return false;
    t->term_at = term_at;
    t->room = room;
    return true;
}

static struct token *next_token(struct tokens *t, const struct place *place)
{
    struct token *token;

    if (t->failed)
        return NULL;
    if (t->count == t->room && !grow(t)) {
        t->failed = true;
        return NULL;
    }
    t->term_at[t->count] = (uint32_t)t->terms.len;
    token = &t->list[t->count++];
    token->start = place->start;
    token->end = place->end;
    token->fold_start = place->fold_start;
    token->fold_end = place->fold_end;
    token->position = place->position;
    token->flags = place->flags;
    return token;
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
    struct token *token;
    uint8_t *at;

    if (term.len == 0)
        return;
    at = buf_reserve(&t->terms, TERM_BYTES_MAX);
    token = at == NULL ? NULL : next_token(t, place);
    if (token == NULL) {
        t->failed = true;
        return;
    }
    at[0] = (uint8_t) class;
    token->term_bytes = (uint32_t)(1 + put_term(at + 1, term));
    t->terms.len += token->term_bytes;
}

enum status tokens_finish(struct tokens *t, struct error *err)
{
    if (t->failed)
        return error_set(err, AF_NO_MEMORY, "no memory for the words of a text of %zu bytes",
                         t->text.len);
    for (uint32_t i = 0; i < t->count; i++)
        t->list[i].term = t->terms.data + t->term_at[i];
    return AF_OK;
}

void tokens_release(struct tokens *t)
{
    free(t->list);
    free(t->term_at);
    t->list = NULL;
    t->term_at = NULL;
    t->count = t->room = 0;
    buf_release(&t->terms);
    buf_release(&t->scratch);
}
