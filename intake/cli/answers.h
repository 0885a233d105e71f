/* answers.h: the answers of a search, for people. (For programs: intake/hits.h.) */
#ifndef ASKFIRST_INTAKE_CLI_ANSWERS_H
#define ASKFIRST_INTAKE_CLI_ANSWERS_H

#include "search/search.h"

/* Numbered lines on stdout, with what matched in bold on a terminal; a sentence when there is
 * nothing. */
void answers_print(const struct search_result *result);

#endif
