/* cases_impl.h: what the forms of files share: cases.c (JSONL and the way in), cases_table.c,
 * cases_document.c. For these files only. */
#ifndef ASKFIRST_INTAKE_IMPORT_CASES_IMPL_H
#define ASKFIRST_INTAKE_IMPORT_CASES_IMPL_H

#include "intake/import/cases.h"
#include "intake/import/source.h"

struct reading {
    const struct import_file *file;
    const struct case_visitor *visitor;
    struct source *source;
    struct case_place place;
};

/* Absent, null or the empty string. */
bool case_lacks(const json_t *article, const char *member);

/* Validates, completes and hands over; takes the article in every case. Not AF_OK: end. */
enum status reading_deliver(struct reading *r, json_t *article, struct error *err) MUST_USE;
/* Is this failure about one line only? Then it is reported and reading goes on. */
bool reading_refuses(struct reading *r, enum status status, const struct error *err);
/* Reports how far it is. */
void reading_moved(struct reading *r);
/* What the end of a file means to the caller of cases_read. */
enum status reading_end(struct reading *r, enum status status, struct error *err) MUST_USE;

enum status reading_table(struct reading *r, struct error *err) MUST_USE;
enum status reading_document(struct reading *r, struct error *err) MUST_USE;

#endif
