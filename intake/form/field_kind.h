/* field_kind.h: the kinds of fields that a form may have, and what may be said of each.
 *
 *   line      one line of text                    serial   a serial number, like its patterns
 *   text      as many lines as needed             version  of software: letters, digits, points
 *   choice    one of several                      yes_no   yes or no
 *   choices   any of several                      phone    a telephone number
 *   number    with its unit, bounds, decimals     mail     a mail address
 *   date      a day, "past": not after today      file     says which file is wanted; no value
 *   time      of the day
 *
 * What a value of each looks like: field_value.h. */
#ifndef ASKFIRST_INTAKE_FORM_FIELD_KIND_H
#define ASKFIRST_INTAKE_FORM_FIELD_KIND_H

#include "data/base/bytes.h"

enum field_kind {
    FIELD_LINE,
    FIELD_TEXT,
    FIELD_CHOICE,
    FIELD_CHOICES,
    FIELD_NUMBER,
    FIELD_DATE,
    FIELD_TIME,
    FIELD_SERIAL,
    FIELD_VERSION,
    FIELD_YES_NO,
    FIELD_PHONE,
    FIELD_MAIL,
    FIELD_FILE,
    FIELD_KINDS
};

const char *field_kind_name(enum field_kind kind);
bool field_kind_parse(struct bytes name, enum field_kind *out);
/* "line, text, …", for sentences. */
const char *field_kind_names(void);

/* May a field of this kind have this member? Those that every field has are not asked for. */
bool field_kind_has(enum field_kind kind, const char *member);
/* Characters of a value when "length_max" is absent, and the most that it may say. */
unsigned field_kind_length(enum field_kind kind);
unsigned field_kind_length_max(enum field_kind kind);

/* "yes", "no": the values of a field that has them; NULL ends them. */
extern const char *const field_yes_no[];

#endif
