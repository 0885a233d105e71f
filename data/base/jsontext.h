/* jsontext.h: JSON read where it stands, for the paths that see every case: import, and the
 * index. Nothing is built and nothing is allocated for a value.
 *
 * *Compact text* is what json_write() gives: no blanks, escapes only where JSON demands them,
 * integers as jansson prints them. Every journal entry is compact text. jsontext_compact() makes
 * it of any JSON, as strictly as json_parse(); what it does not know for sure (a real number, a
 * huge integer, more than JSONTEXT_KEYS_MAX members open at once) it leaves to jansson, as it
 * leaves every sentence: a refusal here means "ask json_parse".
 *
 * The walkers below are for text that went through it (or through json_write). On any other
 * bytes they end early and stay inside, no more. */
#ifndef ASKFIRST_DATA_BASE_JSONTEXT_H
#define ASKFIRST_DATA_BASE_JSONTEXT_H

#include "data/base/buf.h"

/* Compared with each other to find a member that is there twice; a case has ten. */
#define JSONTEXT_KEYS_MAX 64

/* Appends one JSON value as compact text: byte for byte what json_write() makes of what
 * json_parse() reads. False: not valid, or left to jansson, or no memory; `out` is as before. */
bool jsontext_compact(struct bytes text, struct buf *out) MUST_USE;

/* --- walking compact text ----------------------------------------------------------------- */

enum jsontext_step {
    JSONTEXT_END,
    JSONTEXT_VALUE,
    JSONTEXT_BAD, /* not compact JSON; the reader stays where it is */
};

/* Stands before the first member of an object ('{') or element of a list ('['). */
bool jsontext_enter(struct bytes value, uint8_t bracket, struct reader *r);
/* The next member of an object: its name without quotes, as written; its value's text. */
enum jsontext_step jsontext_member(struct reader *r, struct bytes *name, struct bytes *value);
/* The next element of a list. */
enum jsontext_step jsontext_element(struct reader *r, struct bytes *value);

static inline bool jsontext_is_string(struct bytes value)
{
    return value.len >= 2 && value.data[0] == '"';
}

/* A string's text between its quotes, escapes and all; the flag says whether there are any. */
struct bytes jsontext_inside(struct bytes value, bool *has_escapes);
/* Appends what a string value says. */
void jsontext_unescape(struct bytes value, struct buf *out);

#endif
