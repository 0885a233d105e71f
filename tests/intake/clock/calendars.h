/* calendars.h: working hours that the tests of clocks share, as an administrator writes them. */
#ifndef ASKFIRST_TESTS_INTAKE_CLOCK_CALENDARS_H
#define ASKFIRST_TESTS_INTAKE_CLOCK_CALENDARS_H

#include "tests/harness.h"

#include "data/base/clock.h"
#include "intake/clock/calendar.h"

#define MINUTE_MS INT64_C(60000)

/* clang-format off */
#define WORKDAYS(h) "'mon':[" h "],'tue':[" h "],'wed':[" h "],'thu':[" h "],'fri':[" h "]"
#define ALL_DAYS(h) WORKDAYS(h) ",'sat':[" h "],'sun':[" h "]"

/* National Day, the Saturday worked for it, and one hour of the Sunday after. */
#define DESK                                                                                       \
    "{'name':'cn-desk','zone':'Asia/Shanghai',"                                                    \
    "'week':{" WORKDAYS("'09:00-12:00','13:30-18:00'") "},"                                        \
    "'closed':[{'from':'2026-10-01','to':'2026-10-07','name':'国庆节'},"                           \
    "          {'from':'2026-10-10','to':'2026-10-10'}],"                                          \
    "'open':[{'date':'2026-10-10','name':'调休'},"                                                 \
    "        {'date':'2026-10-11','hours':['10:00-11:00']}]}"
#define ALWAYS                                                                                     \
    "{'name':'24x7','zone':'Europe/Berlin','week':{" ALL_DAYS("'00:00-24:00'") "}}"
#define NIGHTS                                                                                     \
    "{'name':'nights','zone':'Europe/Berlin',"                                                     \
    "'week':{'fri':['22:00-06:00'],'sat':['22:00-06:00']},"                                        \
    "'closed':[{'from':'2026-12-26','to':'2026-12-26'}]}"
#define EARLY "{'name':'early','zone':'Europe/Berlin','week':{'sun':['02:30-10:00']}}"
/* clang-format on */

static inline struct calendar *calendar_of(const char *text)
{
    json_t *json = test_json_quoted(text);
    struct calendar *calendar = NULL;
    struct error err;

    assert_ok(calendar_new(json, &calendar, &err));
    json_decref(json);
    return calendar;
}

static inline int64_t at(const char *text)
{
    int64_t at_ms = 0;

    if (!clock_parse(bytes_str(text), &at_ms))
        fail_msg("%s is no time", text);
    return at_ms;
}

#endif
