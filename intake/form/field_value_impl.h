/* field_value_impl.h: what the files of field_value share: one value on its way. */
#ifndef ASKFIRST_INTAKE_FORM_FIELD_VALUE_IMPL_H
#define ASKFIRST_INTAKE_FORM_FIELD_VALUE_IMPL_H

#include "intake/form/field_value.h"

struct taking {
    const json_t *field;
    enum field_kind kind;
    int64_t now_ms;
    struct field_fault *fault;
    struct error *err;
};

/* Notes the fault; AF_OK, as a value that is wrong is no failure of ours. */
enum status taking_refuse(struct taking *t, const char *code);
enum status taking_refuse_count(struct taking *t, const char *code, int64_t limit);
enum status taking_refuse_text(struct taking *t, const char *code, const char *limit);

/* A text of the kinds with a form of their own (number to mail), narrow and trimmed; it becomes
 * what is kept. field_value_kinds.c */
enum status taking_kind(struct taking *t, struct buf *text) MUST_USE;

/* field_plain.c: blanks around it cut; full-width forms narrow; lines ended by \n alone. */
struct bytes plain_trim(struct bytes text);
void plain_add_narrow(struct buf *out, struct bytes text);
void plain_add_lines(struct buf *out, struct bytes text);
bool plain_is_digit(uint8_t c);
bool plain_is_letter(uint8_t c);

#endif
