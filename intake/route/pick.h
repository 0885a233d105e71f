/* pick.h: who of a group's people gets the next ticket. Pure: what is known of them in, a choice
 * out; the same for everybody who asks at the same moment.
 *
 *   1. who has room for one more
 *   2. of those, who knows the matter best (duty.h)
 *   3. of those alike: rotation, who was given one longest ago; least loaded, who has the fewest
 *      open, then rotation
 *   4. who stands first in the document */
#ifndef ASKFIRST_INTAKE_ROUTE_PICK_H
#define ASKFIRST_INTAKE_ROUTE_PICK_H

#include "data/base/bytes.h"

enum pick_mode { PICK_ROTATION, PICK_LEAST_LOADED, PICK_MODES };

bool pick_parse(struct bytes name, enum pick_mode *out); /* "rotation", "least_loaded" */
const char *pick_name(enum pick_mode mode);

#define PICK_NEVER INT64_MIN

struct pick_candidate {
    unsigned fit;
    int64_t last_ms;         /* when he was given one as one of this group; PICK_NEVER */
    uint32_t open, open_max; /* tickets he has, of all groups; 0: as many as there are */
};

/* Its place; `count`: nobody has room. */
size_t pick(enum pick_mode mode, const struct pick_candidate *candidates, size_t count);

#endif
