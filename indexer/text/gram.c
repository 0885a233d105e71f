/* gram.c: one pass over a run, a character in hand and the one after it.
 *
 *     "换行 测" → 1:换 2:换行 | 1:行 2:行测~ | 1:测        (~ TOKEN_BRIDGED)
 *
 * Nine tenths of the tokens of a Chinese case come from here. So a gram is never bytes on the way:
 * the bytes of a character are a number, shifted into place behind the class they are the term's
 * key, and the key is the term (only two characters outside the BMP do not fit). What the loop
 * needs of `struct tokens` is in a pen, since every byte it writes might for all the compiler
 * knows change the struct. */
#include "indexer/text/gram.h"

#include "indexer/text/script.h"

struct character {
    uint32_t at, end;     /* in the folded text */
    uint32_t start, stop; /* in the text as typed */
    uint64_t bytes;       /* its UTF-8, the last byte lowest */
};

static inline void place_character(const struct folded *folded, size_t at, size_t end,
                                   struct character *c)
{
    c->at = (uint32_t)at;
    c->end = (uint32_t)end;
    c->start = folded->source[at];
    c->stop = folded_end(folded, end);
}

/* The CJK character at `at`; false when another kind stands there, or nothing. */
static bool take(const struct folded *folded, size_t at, struct character *c)
{
    const uint8_t *p = folded->text.data;
    size_t end = at;

    if (at >= folded->text.len || script_of(script_next(p, &end)) != SCRIPT_CJK)
        return false;
    place_character(folded, at, end, c);
    for (c->bytes = 0; at < end; at++)
        c->bytes = c->bytes << 8 | p[at];
    return true;
}

#define WIDE 3 /* bytes of nearly all of these characters */

/* The same when it has WIDE bytes. (FOLD_SLACK: four can be read, and zeros are no character.) */
static ALWAYS_INLINE bool take_wide(const struct folded *folded, size_t at, struct character *c)
{
    uint32_t bytes, cp;

    memcpy(&bytes, folded->text.data + at, sizeof bytes);
    bytes = be32toh(bytes) >> 8;
    cp = (bytes & 0xF0000) >> 4 | (bytes & 0x3F00) >> 2 | (bytes & 0x3F);
    if ((bytes & 0xF00000) != 0xE00000 || (script_table[cp] & SCRIPT_MASK) != SCRIPT_CJK)
        return false;
    place_character(folded, at, at + WIDE, c);
    c->bytes = bytes;
    return true;
}

/* Where the tokens of a run go. */
struct pen {
    struct token *token;
    uint8_t *term;
    uint32_t room; /* tokens */
    uint32_t position;
};

static struct pen pen_of(const struct tokens *t)
{
    size_t terms = (t->terms.room - t->terms.len) / TERM_KEY_BYTES;

    return (struct pen){
        .token = t->list + t->count,
        .term = t->terms.data + t->terms.len,
        .room = terms < t->room - t->count ? (uint32_t)terms : t->room - t->count,
        .position = t->position,
    };
}

/* What was written becomes the list's. */
static void pen_drop(const struct pen *pen, struct tokens *t)
{
    t->count = (uint32_t)(pen->token - t->list);
    t->terms.len = (size_t)(pen->term - t->terms.data);
    t->units += pen->position - t->position;
    t->position = pen->position;
}

static ALWAYS_INLINE uint64_t key_of(enum term_class class, uint64_t bytes, size_t len)
{
    return (uint64_t) class << 56 | bytes << (56 - 8 * len);
}

static inline uint64_t pair_of(const struct character *a, const struct character *b)
{
    return a->bytes << 8 * (b->end - b->at) | b->bytes;
}

static ALWAYS_INLINE void write_gram(struct pen *pen, const struct character *first,
                                     const struct character *last, uint64_t key, size_t len,
                                     unsigned flags)
{
    uint64_t bytes = htobe64(key);

    memcpy(pen->term, &bytes, sizeof bytes);
    *pen->token++ = (struct token){
        .key = key,
        .term = pen->term,
        .start = first->start,
        .end = last->stop,
        .fold_start = first->at,
        .fold_end = last->end,
        .position = pen->position,
        .term_bytes = (uint8_t)(1 + len),
        .flags = (uint8_t)flags,
    };
    pen->term += 1 + len;
    pen->room--;
}

/* Does an ICU word end at `source`? Asked in rising order. */
static bool is_word_end(struct word_ends *ends, uint32_t source)
{
    while (ends->at < ends->count && ends->list[ends->at] < source)
        ends->at++;
    return ends->at < ends->count && ends->list[ends->at] == source;
}

/* Writes what comes easily: the grams of `c` and of those after it while all have WIDE bytes, there
 * is room, and the text does not end. Afterwards `c` is the first without its grams. */
static void add_easy(struct tokens *t, struct word_ends *ends, struct character *c)
{
    const struct folded folded = t->folded;
    struct character a = *c, b;
    struct pen pen = pen_of(t);
    bool is_asked = ends->count > 0;

    while (pen.room >= 2 && take_wide(&folded, a.end, &b) && b.end < folded.text.len) {
        bool straddles = is_asked && is_word_end(ends, b.start);

        write_gram(&pen, &a, &a, key_of(TERM_GRAM1, a.bytes, WIDE), WIDE, 0);
        write_gram(&pen, &a, &b, key_of(TERM_GRAM2, a.bytes << 24 | b.bytes, 2 * WIDE), 2 * WIDE,
                   straddles ? TOKEN_STRADDLES : 0);
        pen.position++;
        a = b;
    }
    pen_drop(&pen, t);
    *c = a;
}

static void add_one(struct tokens *t, const struct character *c)
{
    struct place place = tokens_place(t, c->at, c->end);
    size_t len = c->end - c->at;

    tokens_add_key(t, key_of(TERM_GRAM1, c->bytes, len), 1 + len, &place);
}

static void add_pair(struct tokens *t, const struct character *a, const struct character *b,
                     unsigned flags)
{
    size_t len = a->end - a->at + b->end - b->at;
    struct place place = tokens_place(t, a->at, b->end);

    place.flags |= (uint8_t)flags;
    if (len < TERM_KEY_BYTES) {
        tokens_add_key(t, key_of(TERM_GRAM2, pair_of(a, b), len), 1 + len, &place);
        return;
    }
    buf_clear(&t->scratch);
    buf_add(&t->scratch, bytes_of(t->folded.text.data + a->at, a->end - a->at));
    buf_add(&t->scratch, bytes_of(t->folded.text.data + b->at, b->end - b->at));
    t->failed = t->failed || !buf_ok(&t->scratch);
    tokens_add(t, TERM_GRAM2, buf_bytes(&t->scratch), &place);
}

/* The character that a gram may reach over exactly one blank or line break. */
static bool take_bridged(const struct folded *folded, size_t at, struct character *c)
{
    struct bytes text = folded->text;

    if (at >= text.len || script_of(text.data[at]) != SCRIPT_BLANK)
        return false;
    at += text.data[at] == '\r' && text.data[at + 1] == '\n' ? 2 : 1;
    return take(folded, at, c);
}

size_t gram_add(struct tokens *t, struct word_ends *ends, size_t at)
{
    struct character c, next;
    bool is_more = take(&t->folded, at, &c);

    while (is_more) {
        if (c.end - c.at == WIDE)
            add_easy(t, ends, &c);
        add_one(t, &c);
        is_more = take(&t->folded, c.end, &next);
        if (is_more) {
            add_pair(t, &c, &next, is_word_end(ends, next.start) ? TOKEN_STRADDLES : 0);
            t->units++;
            t->position++;
            c = next;
        }
    }
    if (take_bridged(&t->folded, c.end, &next))
        add_pair(t, &c, &next, TOKEN_BRIDGED);
    t->position++;
    return c.end;
}
