/* out.h: writing to standard output: JSON for programs, and text that comes from cases, tickets
 * and customers for people, with whatever could act on a terminal taken out. */
#ifndef ASKFIRST_INTAKE_CLI_OUT_H
#define ASKFIRST_INTAKE_CLI_OUT_H

#include "data/base/json.h"
#include "search/search.h"

/* Prints one line of JSON and lets go of `json` (NULL: there was no memory). An exit code. */
int out_json(json_t *json);

/* Appends `text` for a terminal: control characters, line ends and the marks that turn the
 * direction of writing become one blank, broken bytes U+FFFD. */
void out_add_plain(struct buf *out, struct bytes text);
/* The same, several lines long: line ends stay. */
void out_add_lines(struct buf *out, struct bytes text);
/* With the marked parts in bold when `is_bold`. */
void out_add_marked(struct buf *out, const struct marked_text *text, bool is_bold);

/* What is wrong with a document (rules/complaints.h) or at the fields of a form (form_check.h), a
 * line each, on standard error. */
void out_complaints(const json_t *complaints);

/* Prints and empties; false when standard output takes no more. */
bool out_print(struct buf *text);

bool out_is_terminal(void);

/* The code to end with: `code`, or 1 with a sentence when what was printed did not arrive. A
 * reader that went away (`| head`) is no failure. */
int out_finish(int code);

#endif
