/* zone.h: which day it is where a contract holds. Zones and their rules are ICU's. */
#ifndef ASKFIRST_INTAKE_CLOCK_ZONE_H
#define ASKFIRST_INTAKE_CLOCK_ZONE_H

#include "data/base/error.h"

#include <stdbool.h>
#include <stdint.h>

#define ZONE_DAY_BYTES 11 /* "2026-11-22" and its NUL: in order as text is in order in time */

bool zone_is_known(const char *zone); /* "Asia/Shanghai" */

/* The local calendar's day at an instant. AF_INVALID: no zone of this name. */
enum status zone_day(const char *zone, int64_t at_ms, char day[ZONE_DAY_BYTES],
                     struct error *err) MUST_USE;

#endif
