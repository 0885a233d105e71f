#include "intake/clock/zone.h"

#include "data/base/limits.h"

#include <stdio.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

#define ZONE_UNITS (CALENDAR_NAME_BYTES_MAX + 1)

/* ICU takes any name for GMT; only what it knows itself is a zone. */
static int32_t known_zone(const char *zone, UChar out[ZONE_UNITS])
{
    UErrorCode code = U_ZERO_ERROR;
    UChar canonical[ZONE_UNITS];
    UBool is_system = 0;
    int32_t len = 0;

    if (strlen(zone) > CALENDAR_NAME_BYTES_MAX)
        return 0;
    (void)u_strFromUTF8(out, ZONE_UNITS, &len, zone, -1, &code);
    (void)ucal_getCanonicalTimeZoneID(out, len, canonical, ZONE_UNITS, &is_system, &code);
    return U_SUCCESS(code) && is_system ? len : 0;
}

bool zone_is_known(const char *zone)
{
    UChar units[ZONE_UNITS];

    return known_zone(zone, units) > 0;
}

enum status zone_day(const char *zone, int64_t at_ms, char day[ZONE_DAY_BYTES], struct error *err)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar units[ZONE_UNITS];
    int32_t len = known_zone(zone, units), y, m, d;
    UCalendar *calendar;

    if (len == 0)
        return error_set(err, AF_INVALID, "%.64s is not a time zone like Asia/Shanghai", zone);
    calendar = ucal_open(units, len, "en", UCAL_GREGORIAN, &code);
    if (U_FAILURE(code) || calendar == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a time zone");
    ucal_setMillis(calendar, (UDate)at_ms, &code);
    y = ucal_get(calendar, UCAL_YEAR, &code);
    m = ucal_get(calendar, UCAL_MONTH, &code) + 1;
    d = ucal_get(calendar, UCAL_DATE, &code);
    ucal_close(calendar);
    if (U_FAILURE(code) || y < 0 || y > 9999 || m < 1 || m > 12 || d < 1 || d > 31)
        return error_set(err, AF_INVALID, "no day of a calendar");
    (void)snprintf(day, ZONE_DAY_BYTES, "%04u-%02u-%02u", (unsigned)y % 10000u, (unsigned)m % 100u,
                   (unsigned)d % 100u);
    return AF_OK;
}
