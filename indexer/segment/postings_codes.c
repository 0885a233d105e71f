#include "indexer/segment/bitpack.h"
#include "indexer/segment/postings.h"

#include <assert.h>
#include <endian.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define LAYER_LAST 0x80u    /* in k: nothing is left for a next layer */
#define LAYER_CODES_MAX 15u /* with one to say "next"; */
#define LAYER_ALL_MAX 16u   /* without */
#define LAYERS_MAX 3

static unsigned bits_for(unsigned v)
{
    return v == 0 ? 0 : 32u - (unsigned)__builtin_clz(v);
}

/* --- writing: which codes the layers name --- */

/* The codes of a block, the commonest first; equal ones by code. */
struct tally {
    unsigned count; /* different codes */
    uint8_t code[POSTINGS_BLOCK];
    uint8_t upto[POSTINGS_BLOCK + 1]; /* postings with one of the first i codes */
};

static void count_codes(const uint8_t *codes, unsigned n, struct tally *tally)
{
    uint8_t times[256] = {0};
    uint16_t sorted[POSTINGS_BLOCK]; /* times, then the code the other way round */

    tally->count = 0;
    for (unsigned i = 0; i < n; i++)
        if (times[codes[i]]++ == 0)
            tally->code[tally->count++] = codes[i];
    for (unsigned i = 0; i < tally->count; i++) {
        uint8_t code = tally->code[i];
        uint16_t key = (uint16_t)(times[code] << 8 | (255 - code));
        unsigned at = i;

        for (; at > 0 && sorted[at - 1] < key; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = key;
    }
    tally->upto[0] = 0;
    for (unsigned i = 0; i < tally->count; i++) {
        tally->code[i] = (uint8_t)(255 - (sorted[i] & 255));
        tally->upto[i + 1] = (uint8_t)(tally->upto[i] + (sorted[i] >> 8));
    }
}

/* How the codes from the `from`-th on are written: bytes, and `named` of each layer (0: plain). */
struct layers {
    size_t bytes;
    unsigned count;
    unsigned named[LAYERS_MAX];
};

static size_t layer_bytes(unsigned named, unsigned postings, unsigned most)
{
    return 1 + named + bitpack_bytes(postings, bits_for(most));
}

/* One layer that leaves nothing. */
static struct layers plan_last(const struct tally *tally, unsigned from, unsigned n)
{
    unsigned postings = n - tally->upto[from], different = tally->count - from;
    struct layers plan = {.bytes = 1 + postings, .count = 1};

    if (different <= LAYER_ALL_MAX &&
        layer_bytes(different, postings, different - 1) < plan.bytes) {
        plan.bytes = layer_bytes(different, postings, different - 1);
        plan.named[0] = different;
    }
    return plan;
}

/* Up to two layers of 1, 3, 7 or 15 codes, then one that leaves nothing. */
static struct layers plan_layers(const struct tally *tally, unsigned n)
{
    struct layers best = plan_last(tally, 0, n);

    for (unsigned a = 1; a <= LAYER_CODES_MAX && a < tally->count; a = a * 2 + 1) {
        size_t first = layer_bytes(a, n, a);
        struct layers rest = plan_last(tally, a, n);

        if (first >= best.bytes)
            continue;
        if (first + rest.bytes < best.bytes)
            best = (struct layers){
                first + rest.bytes, 2, {a, rest.named[0]}
            };
        for (unsigned b = 1; b <= LAYER_CODES_MAX && a + b < tally->count; b = b * 2 + 1) {
            size_t second = layer_bytes(b, n - tally->upto[a], b);

            rest = plan_last(tally, a + b, n);
            if (first + second + rest.bytes < best.bytes)
                best = (struct layers){
                    first + second + rest.bytes, 3, {a, b, rest.named[0]}
                };
        }
    }
    return best;
}

/* Writes one layer; what it does not name moves to the front of `codes`. Returns its end. */
static uint8_t *write_layer(const struct tally *tally, unsigned from, unsigned named, bool last,
                            uint8_t *codes, unsigned *n, uint8_t *out)
{
    uint8_t index_of[256], index[POSTINGS_BLOCK];
    unsigned left = 0, width = bits_for(last ? named - 1 : named);

    *out++ = (uint8_t)(last ? named | LAYER_LAST : named);
    memcpy(out, tally->code + from, named);
    out += named;
    memset(index_of, (int)named, sizeof index_of);
    for (unsigned i = 0; i < named; i++)
        index_of[tally->code[from + i]] = (uint8_t)i;
    for (unsigned i = 0; i < *n; i++) {
        index[i] = index_of[codes[i]];
        codes[left] = codes[i];
        left += index[i] == named;
    }
    bitpack_encode_bytes(index, *n, width, out);
    out += bitpack_bytes(*n, width);
    *n = left;
    return out;
}

static size_t encode_layers(const uint8_t *all, unsigned n, uint8_t *out)
{
    uint8_t codes[POSTINGS_BLOCK], *at = out;
    struct layers plan;
    struct tally tally;
    unsigned from = 0;

    count_codes(all, n, &tally);
    plan = plan_layers(&tally, n);
    memcpy(codes, all, n);
    for (unsigned i = 0; i < plan.count; i++) {
        if (plan.named[i] == 0) {
            *at++ = 0;
            memcpy(at, codes, n);
            at += n;
            continue;
        }
        at = write_layer(&tally, from, plan.named[i], i + 1 == plan.count, codes, &n, at);
        from += plan.named[i];
    }
    assert((size_t)(at - out) == plan.bytes);
    return plan.bytes;
}

static size_t encode_nibbles(const uint8_t *codes, unsigned n, uint8_t *out)
{
    uint8_t nibbles[3 * POSTINGS_NIBBLES];
    unsigned count = 0;

    for (unsigned i = 0; i < n; i++) {
        if (codes[i] < 15) {
            nibbles[count++] = codes[i];
            continue;
        }
        nibbles[count++] = 15;
        nibbles[count++] = codes[i] & 15u;
        nibbles[count++] = codes[i] >> 4;
    }
    bitpack_encode_bytes(nibbles, count, 4, out);
    return bitpack_bytes(count, 4);
}

size_t postings_codes_encode(const uint8_t *codes, unsigned n, uint8_t *out)
{
    return n < POSTINGS_NIBBLES ? encode_nibbles(codes, n, out) : encode_layers(codes, n, out);
}

/* --- reading --- */

static bool decode_nibbles(struct reader *r, unsigned n, uint8_t *codes)
{
    unsigned held = 0, bits = 0; /* up to three bytes: a code and half of one */

    for (unsigned i = 0; i < n; i++) {
        unsigned need = 4;

        for (;;) {
            uint8_t byte;

            while (bits < need) {
                if (!reader_u8(r, &byte))
                    return false;
                held |= (unsigned)byte << bits;
                bits += 8;
            }
            if (need == 12 || (held & 15u) < 15)
                break;
            need = 12;
        }
        codes[i] = (uint8_t)(need == 4 ? held & 15u : held >> 4 & 255u);
        held >>= need;
        bits -= need;
    }
    return true;
}

/* Index → code; places of those that the layer does not name go to `left`. Returns how many. */
static unsigned name_plain(const uint8_t *index, unsigned n, const uint8_t *named, unsigned k,
                           uint8_t *codes, uint8_t *left)
{
    unsigned count = 0;

    for (unsigned i = 0; i < n; i++) {
        codes[i] = named[index[i] & 15u];
        left[count] = (uint8_t)i;
        count += index[i] >= k;
    }
    return count;
}

#if defined(__x86_64__)

/* The same; a whole 32 at a time, `codes` and `index` have room for that. */
__attribute__((target("avx2,bmi"))) static unsigned name_avx2(const uint8_t *index, unsigned n,
                                                              const uint8_t *named, unsigned k,
                                                              uint8_t *codes, uint8_t *left)
{
    __m256i table = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)named));
    __m256i most = _mm256_set1_epi8((char)(k - 1));
    unsigned count = 0;

    for (unsigned i = 0; i < n; i += 32) {
        __m256i at = _mm256_loadu_si256((const void *)(index + i));
        unsigned beyond = (unsigned)_mm256_movemask_epi8(_mm256_cmpgt_epi8(at, most));

        _mm256_storeu_si256((void *)(codes + i), _mm256_shuffle_epi8(table, at));
        if (n - i < 32)
            beyond &= (1u << (n - i)) - 1u;
        for (; beyond != 0; beyond &= beyond - 1)
            left[count++] = (uint8_t)(i + (unsigned)__builtin_ctz(beyond));
    }
    return count;
}

static unsigned name(bool plain, const uint8_t *index, unsigned n, const uint8_t *named, unsigned k,
                     uint8_t *codes, uint8_t *left)
{
    return plain ? name_plain(index, n, named, k, codes, left)
                 : name_avx2(index, n, named, k, codes, left);
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") != 0;
}

#else

static unsigned name(bool plain, const uint8_t *index, unsigned n, const uint8_t *named, unsigned k,
                     uint8_t *codes, uint8_t *left)
{
    (void)plain;
    return name_plain(index, n, named, k, codes, left);
}

static bool has_avx2(void)
{
    return false;
}

#endif

/* The codes of one layer's postings; *left of them are for the next, at places[]. */
static bool read_layer(bool plain, struct reader *r, unsigned n, uint8_t *codes, unsigned *left,
                       uint8_t *places)
{
    uint8_t scratch[POSTINGS_BLOCK / 2 + BITPACK_SLACK], index[POSTINGS_BLOCK + 1];
    uint8_t k, names[LAYER_ALL_MAX] = {0};
    struct bytes listed;
    const uint8_t *packed;
    unsigned width;

    *left = 0;
    if (!reader_u8(r, &k))
        return false;
    if (k == 0) {
        if (!reader_take(r, n, &listed))
            return false;
        memcpy(codes, listed.data, n);
        return true;
    }
    width = bits_for(k & LAYER_LAST ? (k & ~LAYER_LAST) - 1u : k);
    if ((k & ~LAYER_LAST) == 0 || (k & ~LAYER_LAST) > LAYER_ALL_MAX || width > 4 ||
        !reader_take(r, k & ~LAYER_LAST, &listed))
        return false;
    memcpy(names, listed.data, listed.len);
    packed = bitpack_take(r, bitpack_bytes(n, width), scratch);
    if (packed == NULL)
        return false;
    if (plain)
        bitpack_decode_bytes_plain(packed, n, width, index);
    else
        bitpack_decode_bytes(packed, n, width, index);
    *left = name(plain, index, n, names, (unsigned)listed.len, codes, places);
    return *left == 0 || (k & LAYER_LAST) == 0;
}

bool postings_codes_decode_by(bool plain, struct reader *r, unsigned n, uint8_t *codes)
{
    uint8_t places[POSTINGS_BLOCK + 1], inner[POSTINGS_BLOCK + 1], again[POSTINGS_BLOCK];
    unsigned left, next;

    if (n < POSTINGS_NIBBLES)
        return decode_nibbles(r, n, codes);
    if (!read_layer(plain, r, n, codes, &left, places))
        return false;
    for (unsigned layer = 1; left > 0; layer++, left = next) {
        if (layer == LAYERS_MAX || !read_layer(plain, r, left, again, &next, inner))
            return false;
        for (unsigned i = 0; i < left; i++)
            codes[places[i]] = again[i];
        for (unsigned i = 0; i < next; i++) /* inner[i] ≥ i: nothing is lost */
            places[i] = places[inner[i]];
    }
    return true;
}

bool postings_codes_decode(struct reader *r, unsigned n, uint8_t *codes)
{
    return postings_codes_decode_by(!has_avx2(), r, n, codes);
}

/* --- one of them --- */

/* How many of the first `n` packed numbers have all bits set: "in the next layer". */
static unsigned count_full(const uint8_t *packed, unsigned n, unsigned width)
{
    static const uint64_t lowest[] = {0, UINT64_MAX, 0x5555555555555555, 0x0000249249249249,
                                      0x1111111111111111};
    static const unsigned at_once[] = {0, 64, 32, 16, 16}; /* whole bytes of them in a word */
    unsigned count = 0;

    for (unsigned i = 0; i < n; i += at_once[width]) {
        uint64_t word, full;

        memcpy(&word, packed + (size_t)i * width / 8, sizeof word);
        word = full = le64toh(word);
        for (unsigned bit = 1; bit < width; bit++)
            full &= word >> bit;
        full &= lowest[width];
        if (n - i < at_once[width])
            full &= ((uint64_t)1 << (n - i) * width) - 1;
        count += (unsigned)__builtin_popcountll(full);
    }
    return count;
}

static unsigned number_at(const uint8_t *packed, unsigned i, unsigned width)
{
    uint16_t both;

    memcpy(&both, packed + (size_t)i * width / 8, sizeof both);
    return (unsigned)(le16toh(both) >> i * width % 8) & ((1u << width) - 1u);
}

/* Posting *i of *n in this layer: named here, or which of how many it is in the next one. */
static bool find_in_layer(struct reader *r, unsigned *n, unsigned *i, uint8_t *code, bool *named)
{
    uint8_t scratch[POSTINGS_BLOCK / 2 + BITPACK_SLACK];
    struct bytes listed;
    const uint8_t *packed;
    unsigned k, width, index;
    uint8_t head;

    *named = true;
    if (!reader_u8(r, &head))
        return false;
    k = head & ~LAYER_LAST;
    if (head == 0) {
        if (!reader_take(r, *n, &listed))
            return false;
        *code = listed.data[*i];
        return true;
    }
    width = bits_for(head & LAYER_LAST ? k - 1 : k);
    if (k == 0 || k > LAYER_ALL_MAX || width > 4 || !reader_take(r, k, &listed))
        return false;
    if ((packed = bitpack_take(r, bitpack_bytes(*n, width), scratch)) == NULL)
        return false;
    if ((index = number_at(packed, *i, width)) < k) {
        *code = listed.data[index];
        return true;
    }
    /* Only a layer of 1, 3, 7 or 15 codes has a next one. */
    if (head & LAYER_LAST || (k & (k + 1)) != 0)
        return false;
    *named = false;
    *i = count_full(packed, *i, width);
    *n = count_full(packed, *n, width);
    return true;
}

bool postings_code_find(struct reader *r, unsigned n, unsigned i, uint8_t *code)
{
    bool named = false;

    if (n < POSTINGS_NIBBLES) {
        uint8_t codes[POSTINGS_NIBBLES];

        if (!decode_nibbles(r, n, codes))
            return false;
        *code = codes[i];
        return true;
    }
    for (unsigned layer = 0; layer < LAYERS_MAX && !named; layer++)
        if (!find_in_layer(r, &n, &i, code, &named))
            return false;
    return named;
}
