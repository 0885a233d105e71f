/* constants.h: the constants of ranking by name, so that a program can try others.
 *
 *   k1 1.8    title 0.1    word 3    gram1 0.75    W.title 12    b.body 0.4 … */
#ifndef ASKFIRST_TESTS_RELEVANCE_CONSTANTS_H
#define ASKFIRST_TESTS_RELEVANCE_CONSTANTS_H

#include "search/score/settings.h"

struct constants {
    struct settings settings;
    struct impact_settings fields; /* settings points here */
};

/* The shipped ones. */
void constants_init(struct constants *constants);
/* "name=value name=value …"; false: no such name, or no number. Changes `words`. */
bool constants_set(struct constants *constants, char *words);
/* Each name with its value, a line each. */
void constants_print(const struct constants *constants);

#endif
