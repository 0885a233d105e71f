/* csv.h: a table as text, after RFC 4180: fields in quotes may hold commas, line ends and
 * doubled quotes. What spreadsheets really write is taken too: a byte-order mark, LF alone, and
 * semicolons or tabs for commas (whichever the first row has most of). */
#ifndef ASKFIRST_INTAKE_IMPORT_CSV_H
#define ASKFIRST_INTAKE_IMPORT_CSV_H

#include "intake/import/lines.h"

#define CSV_FIELDS_MAX 256 /* columns; a case has some twenty members */

struct csv {
    struct lines lines;
    uint8_t separator; /* 0 until the first row is read */
    uint64_t no;       /* the line in which the row given last begins */
    struct buf row;
    struct bytes fields[CSV_FIELDS_MAX]; /* of that row; borrowed from `row` */
    size_t count;
};

void csv_init(struct csv *csv, struct source *source, size_t row_bytes_max);
void csv_release(struct csv *csv);

/* The next row that is not empty. As lines_next: AF_NOT_FOUND at the end; AF_INVALID and
 * AF_TOO_LARGE are about this row, and the next one may be asked for. */
enum status csv_next(struct csv *csv, struct error *err) MUST_USE;

#endif
