/* json.h: what we ask of jansson beyond jansson: bounded input, sentences for people, and
 * short ways to read members.
 *
 * jansson itself refuses bad UTF-8, lone surrogates, NUL (unless asked), NaN and trailing
 * bytes. We add: duplicate members are refused, and the text is scanned before parsing for
 * depth and token count, since jansson recurses and spends 76 bytes on one byte of `{}`. */
#ifndef ASKFIRST_DATA_BASE_JSON_H
#define ASKFIRST_DATA_BASE_JSON_H

#include "data/base/arena.h"
#include "data/base/buf.h"

#include <jansson.h>

/* Parses one JSON value. The caller owns *out (json_decref). AF_INVALID says line and column
 * or which limit was passed; AF_NO_MEMORY. */
enum status json_parse(struct bytes text, json_t **out, struct error *err) MUST_USE;

/* The same without the limit on elements: for text of our own, which holds many pieces that each
 * were taken under it. */
enum status json_parse_stored(struct bytes text, json_t **out, struct error *err) MUST_USE;

/* Appends compact JSON; members in insertion order, or sorted when `canonical` (the one form
 * that hashes are taken over). */
enum status json_write(const json_t *json, bool canonical, struct buf *out,
                       struct error *err) MUST_USE;

/* Member as borrowed text: "" when absent or null. AF_INVALID names the member when it is
 * another type, is longer than `bytes_max`, or (required) is absent or empty. */
enum status json_text(const json_t *object, const char *member, size_t bytes_max, bool required,
                      struct bytes *out, struct error *err) MUST_USE;

/* A member that is true or false; false when absent or null. Another type is AF_INVALID: a word
 * or a number taken for false could make public what was meant to be internal. */
enum status json_flag(const json_t *object, const char *member, bool *out,
                      struct error *err) MUST_USE;

/* Readers for our own stored values, where a wrong type can only be damage: the default. */
const char *json_get_str(const json_t *object, const char *member); /* "" by default */
uint64_t json_get_u64(const json_t *object, const char *member);    /* 0 by default */
bool json_get_bool(const json_t *object, const char *member);

/* Steals `value`; remembers a failure so that a run of sets is checked once. A NULL value
 * (no memory inside jansson) is a failure too. */
void json_put(json_t *object, const char *member, json_t *value, bool *ok);
json_t *json_from_bytes(struct bytes text); /* NULL without memory or when not UTF-8 */
json_t *json_from_time(int64_t at_ms);      /* RFC 3339, UTC */

#endif
