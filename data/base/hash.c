#include "data/base/hash.h"

#include <assert.h>
#include <sodium.h>
#include <xxhash.h>
#ifdef __x86_64__ /* xxhash.h alone is SSE2; this asks the processor: 4 KB in 0.1 µs, not 0.8 */
#include <xxh_x86dispatch.h>
#endif

_Static_assert(DIGEST_BYTES == crypto_generichash_BYTES, "BLAKE2b-256");

enum status hash_start(struct error *err)
{
    if (sodium_init() < 0)
        return error_set(err, AF_IO,
                         "this machine gives no random numbers (libsodium did not start)");
    return AF_OK;
}

uint64_t checksum64(uint64_t seed, const struct bytes *parts, size_t count)
{
    uint64_t h = seed;

    /* Chained: the running hash and the length seed the next part. */
    for (size_t i = 0; i < count; i++)
        h = XXH3_64bits_withSeed(parts[i].len == 0 ? "" : (const void *)parts[i].data, parts[i].len,
                                 h + parts[i].len * 0x9E3779B97F4A7C15u);
    return h;
}

struct digest digest_of(const struct bytes *parts, size_t count)
{
    crypto_generichash_state state;
    struct digest digest;

    (void)crypto_generichash_init(&state, NULL, 0, DIGEST_BYTES); /* fails on bad sizes only */
    for (size_t i = 0; i < count; i++) {
        uint8_t len[8];

        put_be64(len, parts[i].len);
        (void)crypto_generichash_update(&state, len, sizeof len);
        (void)crypto_generichash_update(&state, parts[i].data, parts[i].len);
    }
    (void)crypto_generichash_final(&state, digest.b, DIGEST_BYTES);
    return digest;
}

struct digest digest_plain(struct bytes bytes)
{
    struct digest digest;

    (void)crypto_generichash(digest.b, DIGEST_BYTES, bytes.data, bytes.len, NULL, 0);
    return digest;
}

struct digest digest_keyed(struct bytes key, struct bytes bytes)
{
    struct digest digest;

    assert(key.len >= crypto_generichash_KEYBYTES_MIN &&
           key.len <= crypto_generichash_KEYBYTES_MAX);
    (void)crypto_generichash(digest.b, DIGEST_BYTES, bytes.data, bytes.len, key.data, key.len);
    return digest;
}

void digest_hex(const struct digest *digest, char hex[DIGEST_HEX_BYTES])
{
    (void)sodium_bin2hex(hex, DIGEST_HEX_BYTES, digest->b, DIGEST_BYTES);
}

bool digest_parse(struct bytes hex, struct digest *out)
{
    size_t len = 0;
    struct digest digest;

    if (hex.len != 2 * DIGEST_BYTES ||
        sodium_hex2bin(digest.b, sizeof digest.b, (const char *)hex.data, hex.len, NULL, &len,
                       NULL) != 0 ||
        len != DIGEST_BYTES)
        return false;
    *out = digest;
    return true;
}

bool digest_equal(const struct digest *a, const struct digest *b)
{
    return sodium_memcmp(a->b, b->b, DIGEST_BYTES) == 0;
}

void hash_random(uint8_t *at, size_t len)
{
    randombytes_buf(at, len);
}

void id_random(char hex[ID_HEX_BYTES])
{
    uint8_t bits[16];

    randombytes_buf(bits, sizeof bits);
    (void)sodium_bin2hex(hex, ID_HEX_BYTES, bits, sizeof bits);
}
