/* vocabulary_page.h: an administrator's own words: seeing, changing, trying, taking them along.
 *
 *   GET  /desk/vocabulary?q=       the text as it is; with q also how a question is understood
 *   POST /desk/vocabulary          text, version: replaces all of it, or says what is wrong, line
 *                                  by line, with what was typed still there
 *   GET  /desk/vocabulary.txt      the same text as a file
 *
 * What a line means is in search/query/vocabulary_text.h; who may, in intake/vocabulary.h. */
#ifndef ASKFIRST_INTAKE_WEB_VOCABULARY_PAGE_H
#define ASKFIRST_INTAKE_WEB_VOCABULARY_PAGE_H

#include "intake/web/visit.h"

enum status vocabulary_page_get(void *app, struct request *req, struct reply *rep,
                                struct error *err);
enum status vocabulary_page_post(void *app, struct request *req, struct reply *rep,
                                 struct error *err);
enum status vocabulary_page_file(void *app, struct request *req, struct reply *rep,
                                 struct error *err);

#endif
