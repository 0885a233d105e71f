#include "data/base/clock.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

/* What clock_format can write: 0000-01-01T00:00:00.000Z to 9999-12-31T23:59:59.999Z. */
#define YEAR_0_MS (-62167219200000)
#define YEAR_9999_MS 253402300799999

static _Atomic int64_t fixed_ms = -1;

static int64_t read_clock(clockid_t id, int64_t units_per_s)
{
    struct timespec now = {0};

    (void)clock_gettime(id, &now); /* cannot fail for these two clocks on Linux */
    return (int64_t)now.tv_sec * units_per_s + now.tv_nsec / (1000000000 / units_per_s);
}

int64_t clock_now_ms(void)
{
    int64_t at_ms = atomic_load(&fixed_ms);

    return at_ms >= 0 ? at_ms : read_clock(CLOCK_REALTIME, 1000);
}

void clock_fix(int64_t at_ms)
{
    atomic_store(&fixed_ms, at_ms);
}

int64_t clock_steady_us(void)
{
    return read_clock(CLOCK_MONOTONIC, 1000000);
}

/* Days since 1970-01-01 of a proleptic Gregorian date, and back. Counting years from March
 * puts the leap day last, so that month lengths follow one line (153 days in 5 months). */
static int64_t days_from_date(int64_t y, int64_t m, int64_t d)
{
    int64_t era, yoe, doy;

    if (m <= 2)
        y--;
    era = (y >= 0 ? y : y - 399) / 400;
    yoe = y - era * 400;
    doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void date_from_days(int64_t days, int *y, int *m, int *d)
{
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;

    *d = (int)(doy - (153 * mp + 2) / 5 + 1);
    *m = (int)(mp < 10 ? mp + 3 : mp - 9);
    *y = (int)(yoe + era * 400 + (*m <= 2));
}

void clock_format(int64_t at_ms, char text[CLOCK_TEXT_BYTES])
{
    const int64_t day_ms = 86400000;
    int64_t days = at_ms >= 0 ? at_ms / day_ms : -((day_ms - 1 - at_ms) / day_ms);
    int64_t rest = at_ms - days * day_ms;
    int y, m, d;

    date_from_days(days, &y, &m, &d);
    (void)snprintf(text, CLOCK_TEXT_BYTES, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
                   (unsigned)y % 10000, (unsigned)m % 100, (unsigned)d % 100,
                   (unsigned)(rest / 3600000) % 100, (unsigned)(rest / 60000 % 60),
                   (unsigned)(rest / 1000 % 60), (unsigned)(rest % 1000));
}

static bool take_number(struct reader *r, unsigned digits, int64_t *out)
{
    int64_t v = 0;

    for (unsigned i = 0; i < digits; i++) {
        uint8_t c;

        if (!reader_u8(r, &c) || c < '0' || c > '9')
            return false;
        v = v * 10 + (c - '0');
    }
    *out = v;
    return true;
}

static bool take_char(struct reader *r, uint8_t wanted)
{
    if (r->at == r->end || *r->at != wanted)
        return false;
    r->at++;
    return true;
}

static int64_t days_in_month(int64_t y, int64_t m)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

    return m == 2 && leap ? 29 : days[m - 1];
}

static bool take_fraction_ms(struct reader *r, int64_t *ms)
{
    int64_t scale = 100;

    *ms = 0;
    if (!take_char(r, '.'))
        return true;
    if (r->at == r->end || *r->at < '0' || *r->at > '9')
        return false;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9') {
        *ms += scale * (*r->at++ - '0');
        scale /= 10;
    }
    return true;
}

static bool take_offset_ms(struct reader *r, int64_t *ms)
{
    int64_t hours, minutes, sign = 1;

    *ms = 0;
    if (take_char(r, 'Z') || take_char(r, 'z'))
        return true;
    if (take_char(r, '-'))
        sign = -1;
    else if (!take_char(r, '+'))
        return false;
    if (!take_number(r, 2, &hours) || !take_char(r, ':') || !take_number(r, 2, &minutes) ||
        hours > 23 || minutes > 59)
        return false;
    *ms = sign * (hours * 60 + minutes) * 60000;
    return true;
}

bool clock_parse(struct bytes text, int64_t *at_ms)
{
    struct reader r = reader_of(text);
    int64_t y, m, d, hour = 0, minute = 0, second = 0, fraction = 0, offset = 0, v;

    if (!take_number(&r, 4, &y) || !take_char(&r, '-') || !take_number(&r, 2, &m) ||
        !take_char(&r, '-') || !take_number(&r, 2, &d) || m < 1 || m > 12 || d < 1 ||
        d > days_in_month(y, m))
        return false;
    if (r.at < r.end) {
        if (!(take_char(&r, 'T') || take_char(&r, 't') || take_char(&r, ' ')) ||
            !take_number(&r, 2, &hour) || !take_char(&r, ':') || !take_number(&r, 2, &minute) ||
            !take_char(&r, ':') || !take_number(&r, 2, &second) || hour > 23 || minute > 59 ||
            second > 60 || !take_fraction_ms(&r, &fraction) || !take_offset_ms(&r, &offset) ||
            r.at != r.end)
            return false;
    }
    v = ((days_from_date(y, m, d) * 24 + hour) * 60 + minute) * 60000 + second * 1000 + fraction -
        offset;
    if (v < YEAR_0_MS || v > YEAR_9999_MS) /* an offset or a leap second led out of it */
        return false;
    *at_ms = v;
    return true;
}
