#include "search/score/settings.h"

/* The one table of constants; where each comes from, with figures, is in README.md. */
const struct settings settings_defaults = {
    .bm25 = {.k1 = 1.8,         .fields = &impact_reference},
    .kind = { [GROUP_WORD] = 3,
             [GROUP_NUMBER] = 3,
             [GROUP_CODE] = 3,
             [GROUP_PART] = 1,
             [GROUP_THAI] = 1,
             [GROUP_GRAM2] = 1,
             [GROUP_GRAM1] = 0.75f},
    .straddles = 0.5f,
    .bridged = 0.5f,
    .filler = 0.15f,
    .text = 1,
    .coverage = 0.1,
    .about = 0.1,
    .lang = 0.05,
    .span = 0.15,
    .span_inside = 0.5,
    .title = 0.1,
    .code = 0.25,
    .unquoted = 0.5,
    .cover_min = 0.35,
};

