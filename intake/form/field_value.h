/* field_value.h: one value of one field: made plain, and held against what the field says.
 *
 *   kind     taken                                                   kept as
 *   line     text without a line break                               text, blanks around it cut
 *   text     text                                                    the same, lines ended by \n
 *   choice   the id of a choice                                      that
 *   choices  a list of ids, or one                                   a list in the form's order
 *   number   12, "12", "１２,5" (a comma, full width: as typed)        "12", "12.5"
 *   date     2026-11-22, 2026/11/22, 2026年11月22日                   "2026-11-22"
 *   time     9:05, 09:05                                             "09:05"
 *   serial   letters and digits, - / . _ and blanks between          capitals without blanks
 *   version  letters and digits, one digit at least, - . _ ( ) and blanks
 *   yes_no   true, false, "yes", "no"                                "yes", "no"
 *   phone    digits, + - ( ) . / x and blanks: 5 digits at least     as written, narrow
 *   mail     one @, a domain behind it                               as written, narrow
 *   file     nothing
 *
 * Full-width letters and digits, which an input method leaves on, are read as narrow ones except in
 * line and text. A pattern of serial numbers: # is a digit, @ a letter, * either, % at its end any
 * number of either; all else is itself. */
#ifndef ASKFIRST_INTAKE_FORM_FIELD_VALUE_H
#define ASKFIRST_INTAKE_FORM_FIELD_VALUE_H

#include "data/base/json.h"
#include "intake/form/field_kind.h"

/* What is wrong with a value: a word for programs and pages ("too_long"), and the limit that was
 * passed. code NULL: nothing. */
struct field_fault {
    const char *code;
    char limit[48];
    bool is_count; /* the limit is a whole number */
};

/* `field` is one of a sound form. *value is the caller's, NULL when it is empty (null, "", [],
 * blanks) or when there is a fault. `now_ms`: which days have not come yet. AF_NO_MEMORY alone. */
enum status field_value_take(const json_t *field, const json_t *given, int64_t now_ms,
                             json_t **value, struct field_fault *fault, struct error *err) MUST_USE;

/* A sentence for programs' people, without the field's name: "at most 40 characters". */
void field_fault_sentence(const struct field_fault *fault, struct buf *out);

/* Is this a pattern of serial numbers? */
bool field_pattern_is_sound(struct bytes pattern);

#endif
