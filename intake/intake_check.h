/* intake_check.h: what data/check.c cannot know: do consults, tickets, links and accounts agree
 * with one another?
 *
 * Each finding is one sentence that names table and key. Records that do not verify or are no
 * JSON are passed over: the walk of their own table (data/check.c) named them. */
#ifndef ASKFIRST_INTAKE_INTAKE_CHECK_H
#define ASKFIRST_INTAKE_INTAKE_CHECK_H

#include "data/check.h"

/* For check_options.more; ended by NULL. */
extern const check_more_fn intake_checks[];

#endif
