/* clock.h: the only way to ask what time it is.
 *
 * Times are milliseconds since 1970-01-01T00:00:00Z in int64_t, named `…_ms`. Tests (and a
 * year played in a minute) set the clock with clock_fix(); everything else reads it. */
#ifndef ASKFIRST_DATA_BASE_CLOCK_H
#define ASKFIRST_DATA_BASE_CLOCK_H

#include "data/base/bytes.h"

#define CLOCK_TEXT_BYTES 25 /* "2026-11-22T01:53:10.123Z" and its NUL */

int64_t clock_now_ms(void);

/* From now on clock_now_ms() answers `at_ms`; a negative value lets real time run again. */
void clock_fix(int64_t at_ms);

/* A steady clock for measuring how long something took; its zero means nothing. */
int64_t clock_steady_us(void);

/* RFC 3339, UTC, milliseconds. `at_ms` from year 0000 to 9999. */
void clock_format(int64_t at_ms, char text[CLOCK_TEXT_BYTES]);

/* RFC 3339 with any offset; a date alone is midnight UTC. False when it is not one, or
 * not of the years that clock_format can write. */
bool clock_parse(struct bytes text, int64_t *at_ms);

#endif
