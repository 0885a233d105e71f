/* hash.h: the two hashes we use, and random bytes; all three are libraries.
 *
 * checksum64: XXH3-64 (libxxhash), against accidents: a flipped bit, a torn or swapped page.
 * digest: BLAKE2b-256 (libsodium), against people: the journal's and the ledger's chains. */
#ifndef ASKFIRST_DATA_BASE_HASH_H
#define ASKFIRST_DATA_BASE_HASH_H

#include "data/base/buf.h"

#define DIGEST_BYTES 32
#define DIGEST_HEX_BYTES (2 * DIGEST_BYTES + 1)
#define ID_HEX_BYTES 33 /* 128 random bits as hex, and a NUL */

struct digest {
    uint8_t b[DIGEST_BYTES];
};

/* Once, before any other call here; idempotent. AF_IO when the machine has no randomness. */
enum status hash_start(struct error *err) MUST_USE;

/* Of the parts one after another, each preceded by its length, so that ("a","bc") and
 * ("ab","c") differ. */
uint64_t checksum64(uint64_t seed, const struct bytes *parts, size_t count);
struct digest digest_of(const struct bytes *parts, size_t count);
/* BLAKE2b-256 of the bytes alone, as `b2sum -l 256` prints it. */
struct digest digest_plain(struct bytes bytes);

void digest_hex(const struct digest *digest, char hex[DIGEST_HEX_BYTES]);
bool digest_parse(struct bytes hex, struct digest *out);
bool digest_equal(const struct digest *a, const struct digest *b); /* in constant time */

/* A digest that only the holder of `key` (32 bytes) can make: keyed BLAKE2b-256. */
struct digest digest_keyed(struct bytes key, struct bytes bytes);

void hash_random(uint8_t *at, size_t len);

/* A new public id: 128 random bits in hex. Not to be guessed, so knowing it is permission. */
void id_random(char hex[ID_HEX_BYTES]);

#endif
