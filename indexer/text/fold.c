/* fold.c: one pass with a table; the rare rest by ICU on small spans (fold_span.c).
 *
 * Example: "ﬁle Ｘ か゛" → "file x が". ﬁ is an expansion, so both its letters point at it; Ｘ is
 * a plain table value; the loose voicing mark has the code FOLD_JOIN_DROP, so the folder goes
 * back to the last starter (か), takes all marks that follow, and lets ICU compose the span.
 *
 * Folding is idempotent: for single characters the table is (a test walks all of them), and a
 * span is folded until it is a fixed point. */
#include "indexer/text/folder.h"

#include "data/base/limits.h"

#include <assert.h>
#include <endian.h>
#include <stdlib.h>

#define CHAR_OUT_MAX 512      /* folded bytes that one step may add */
#define KEPT_BYTES (1u << 17) /* more is given back when the next text is short */

enum status folder_new(struct folder **out, struct error *err)
{
    UErrorCode e = U_ZERO_ERROR;
    struct folder *f = calloc(1, sizeof *f);

    if (f == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for folding text");
    f->nfkc_cf = unorm2_getNFKCCasefoldInstance(&e);
    f->nfc = unorm2_getNFCInstance(&e);
    if (U_FAILURE(e)) {
        free(f);
        return error_set(err, AF_IO, "ICU has no normalisation data (%s)", u_errorName(e));
    }
    *out = f;
    return AF_OK;
}

void folder_free(struct folder *f)
{
    if (f == NULL)
        return;
    free(f->out);
    free(f->source);
    free(f);
}

static void give_back(struct folder *f)
{
    free(f->out);
    free(f->source);
    f->out = NULL;
    f->source = NULL;
    f->room = 0;
}

static bool reserve(struct folder *f, size_t need)
{
    size_t room = f->room < 256 ? 256 : f->room;
    uint8_t *out;
    uint32_t *source;

    if (need <= f->room)
        return true;
    while (room < need)
        room *= 2;
    out = realloc(f->out, room);
    if (out == NULL)
        return false;
    f->out = out;
    source = realloc(f->source, room * sizeof *source);
    if (source == NULL)
        return false;
    f->source = source;
    f->room = room;
    return true;
}

/* --- the pass ------------------------------------------------------------------------- */

static void begin_starter(struct folder *f)
{
    f->starter = f->len;
    f->starter_from = f->from;
    f->marks = 0;
}

static void fold_rare(struct folder *f, uint32_t cp)
{
    if (fold_is_dropped(cp))
        return;
    if (fold_is_mark(f, cp)) {
        folder_mark(f, cp);
        return;
    }
    begin_starter(f);
    if (cp >= 0x10000)
        folder_astral(f, cp);
    else
        folder_put(f, cp);
}

static void fold_one(struct folder *f)
{
    uint32_t cp;
    uint16_t v;

    f->from = (uint32_t)(f->at - f->text);
    cp = folder_decode(f);
    v = cp < 0x10000 ? fold_table[cp] : FOLD_DROP;
    if (v < FOLD_DROP || v >= FOLD_CODE_END) {
        begin_starter(f);
        folder_put_char(f, v);
    } else {
        fold_rare(f, cp);
    }
}

/* --- runs of what most texts are made of ------------------------------------------------ */

/* A run was folded up to `at` and `len`; its last character took `last` bytes out. */
static void end_run(struct folder *f, const uint8_t *at, size_t len, size_t last)
{
    f->at = at;
    f->len = len;
    f->starter = len - last;
    f->starter_from = f->source[len - 1];
    f->marks = 0;
}

/* How many bytes of the text a run may read that puts out no more than it reads. */
static size_t run_room(const struct folder *f)
{
    size_t left = (size_t)(f->end - f->at), room = f->room - CHAR_OUT_MAX - f->len;

    return left < room ? left : room;
}

/* ASCII, NUL apart: capitals to small letters, all others stay (a test asks the table). Eight bytes
 * are taken at once as a number, the first lowest; how many of them are such characters. What the
 * others come to is written over by what follows. */
static size_t fold_ascii_block(const uint8_t *in, uint8_t *out, uint32_t *source, uint32_t from)
{
    const uint64_t ones = 0x0101010101010101;
    uint64_t bytes, odd, over, under;

    memcpy(&bytes, in, sizeof bytes);
    bytes = le64toh(bytes);
    odd = (bytes | (bytes - ones)) & 0x80 * ones;
    over = bytes + (0x80 - 'A') * ones; /* high bit: from A on; a carry only spoils odd bytes */
    under = bytes + (0x80 - 'Z' - 1) * ones;
    bytes = htole64(bytes | (((over & ~under & 0x80 * ones)) >> 2));
    memcpy(out, &bytes, sizeof bytes);
    for (unsigned i = 0; i < sizeof bytes; i++)
        source[i] = from + i;
    return odd == 0 ? sizeof bytes : (size_t)__builtin_ctzll(odd) / 8;
}

static void fold_ascii(struct folder *f)
{
    const uint8_t *in = f->at, *stop = in + run_room(f);
    size_t len = f->len, block = sizeof(uint64_t);

    while (block == sizeof(uint64_t) && stop - in >= (ptrdiff_t)sizeof(uint64_t)) {
        block = fold_ascii_block(in, f->out + len, f->source + len, (uint32_t)(in - f->text));
        in += block;
        len += block;
    }
    for (; in < stop && *in < 0x80 && *in != 0; in++, len++) {
        f->out[len] = (uint8_t)(*in + ((uint8_t)(*in - 'A') < 26 ? 'a' - 'A' : 0));
        f->source[len] = (uint32_t)(in - f->text);
    }
    end_run(f, in, len, 1);
}

/* Four bytes, of which the first three have the form of one character. */
#define WIDE_MASK 0xF0C0C000u
#define WIDE_FORM 0xE0808000u

/* Three bytes that become three, or one (，), of characters that need no thought; false when the
 * first needs some. That a character is its own folded form in U+0800 … U+D7FF says also that its
 * bytes are no overlong form and no surrogate. */
static bool fold_wide(struct folder *f)
{
    const uint8_t *in = f->at, *stop = in + run_room(f);
    uint8_t *out = f->out + f->len;
    uint32_t *source = f->source + f->len, four, cp, v;
    size_t last = 0;

    for (; stop - in >= 4; in += 3, out += last, source += last) {
        memcpy(&four, in, sizeof four);
        four = be32toh(four);
        if ((four & WIDE_MASK) != WIDE_FORM)
            break;
        cp = (four >> 12 & 0xF000) | (four >> 10 & 0xFC0) | (four >> 8 & 0x3F);
        v = fold_table[cp];
        source[0] = source[1] = source[2] = (uint32_t)(in - f->text);
        if (v == cp && v - 0x800 < FOLD_DROP - 0x800) {
            memcpy(out, in, 4);
            last = 3;
        } else if (cp >= 0x800 && v < 0x80) {
            out[0] = (uint8_t)v;
            last = 1;
        } else if (cp >= 0x800 && v - 0x800 < FOLD_DROP - 0x800) {
            out[0] = (uint8_t)(0xE0 | v >> 12);
            out[1] = (uint8_t)(0x80 | (v >> 6 & 0x3F));
            out[2] = (uint8_t)(0x80 | (v & 0x3F));
            last = 3;
        } else {
            break;
        }
    }
    if (last == 0)
        return false;
    end_run(f, in, (size_t)(out - f->out), last);
    return true;
}

static bool fold_all(struct folder *f)
{
    while (f->at < f->end) {
        if (f->len + CHAR_OUT_MAX >= f->room && !reserve(f, f->len + CHAR_OUT_MAX + 1))
            return false;
        if (*f->at < 0x80 && *f->at != 0)
            fold_ascii(f);
        else if (!fold_wide(f))
            fold_one(f);
    }
    return true;
}

enum status folder_run(struct folder *f, struct bytes text, struct folded *out, struct error *err)
{
    assert(text.len < UINT32_MAX);
    if (f->room > 2 * KEPT_BYTES && text.len < KEPT_BYTES)
        give_back(f);
    f->text = f->at = text.len == 0 ? (const uint8_t *)"" : text.data;
    f->end = f->text + text.len;
    f->len = f->starter = 0;
    f->starter_from = f->from = 0;
    f->marks = 0;
    f->ceiling = text.len * FOLD_GROWTH + FOLD_GROWTH_FREE;
    if (!reserve(f, text.len + CHAR_OUT_MAX + 1) || !fold_all(f))
        return error_set(err, AF_NO_MEMORY, "no memory to fold a text of %zu bytes", text.len);
    memset(f->out + f->len, 0, FOLD_SLACK);
    f->source[f->len] = (uint32_t)text.len;
    out->text = bytes_of(f->out, f->len);
    out->source = f->source;
    return AF_OK;
}
