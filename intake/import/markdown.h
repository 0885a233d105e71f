/* markdown.h: one Markdown or text file as one case.
 *
 *     ---
 *     title: Wi-Fi drops every few minutes      front matter, all of it optional: the members
 *     product: NetHome HG8                      of a case; lists as [a, b], a, or - lines
 *     category: [Connectivity, Wireless]
 *     ---
 *     # Wi-Fi drops …                           the title when the front matter has none
 *     text …
 *
 * The front matter is read as the plain lines above, not as the whole of YAML: no nesting, no
 * anchors, no multi-line values. The text keeps its Markdown; the analyzer reads through it. */
#ifndef ASKFIRST_INTAKE_IMPORT_MARKDOWN_H
#define ASKFIRST_INTAKE_IMPORT_MARKDOWN_H

#include "data/base/json.h"

/* `text` is valid UTF-8. `name` is the title when there is no other. The caller owns *article.
 * AF_INVALID gives *line (from 1), the place of what cannot be read. */
enum status markdown_read(struct bytes text, const char *name, json_t **article, uint64_t *line,
                          struct error *err) MUST_USE;

#endif
