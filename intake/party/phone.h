/* phone.h: telephone numbers as people write them, in the one form they are compared in.
 *
 *   138 0013 8000, ０１３８…, 0086-13800138000, +86 (0)10 8234 5678 转 101
 *     → "+8613800138000", …, "+861082345678;ext=101"            (RFC 3966, without "tel:")
 *
 * Blanks, dashes, dots, brackets, slashes and invisible marks separate; any script's digits are
 * digits. A number that names no country is one of `country`. Which codes there are, what is
 * dialled before a number at home, and how long one may be: phone_plan.h. An extension is part of
 * who is called, so it stays.
 *
 * Not whether the number is in use, nor its area: a number without its area code is taken as it
 * is. */
#ifndef ASKFIRST_INTAKE_PARTY_PHONE_H
#define ASKFIRST_INTAKE_PARTY_PHONE_H

#include "data/base/buf.h"

#define PHONE_BYTES 32 /* "+", 15 digits (E.164), ";ext=", 8 digits, and a NUL */

/* AF_INVALID says what is not understood. What comes out, put in again, comes out the same. */
enum status phone_normalise(struct bytes text, const char *country, char out[PHONE_BYTES],
                            struct error *err) MUST_USE;

/* Is it a region that there is a plan for: CN? */
bool phone_has_country(const char *country);

#endif
