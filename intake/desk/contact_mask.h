/* contact_mask.h: what names the person who asked, taken out of a text that others will read.
 *
 *   Anna Lee, 138 0013 8000: it blinks. ANNA@example.org  →  [name], [phone]: it blinks. [mail]
 *
 * Looked for are the values of a ticket's contact, and of the contact and account it was matched
 * to: as they are written, whatever the capitals, with no letter or digit of ASCII going on before
 * or behind; the parts of a name of three letters or more, with capitals as they are; telephone
 * numbers by their digits, in any script and however grouped, with or without the country's code.
 *
 * Not caught: anybody's data that no record has (a colleague, a second number), a name written in
 * another script or with a slip, a mail address in another form (full width, punycode), numbers of
 * fewer than MASK_PHONE_DIGITS digits, serial numbers, addresses. A word too much may go, when
 * somebody is called like a word: whoever reads the text sees the mark, but not what was missed.
 * So it is a help to an author and no way to make texts anonymous. */
#ifndef ASKFIRST_INTAKE_DESK_CONTACT_MASK_H
#define ASKFIRST_INTAKE_DESK_CONTACT_MASK_H

#include "data/base/json.h"

#define MASK_PHONE_DIGITS 7 /* at the end of a number, that all writings of it share */

/* What to look for, the caller's; NULL without memory. `contact` is the ticket's member, `party`
 * and `account` are records of party/party_record.h; each may be NULL. */
json_t *contact_mask_new(const json_t *contact, const json_t *party, const json_t *account);

/* Appends the text with a mark in place of each: [name], [mail], [phone], [company], [contact].
 * `text` is UTF-8. */
void contact_mask_add(const json_t *mask, struct bytes text, struct buf *out);

#endif
