#include "intake/party/phone.h"

#include "data/base/utf8.h"
#include "intake/party/phone_plan.h"

#include <stdio.h>
#include <unicode/uchar.h>

#define DIGITS_MAX 15 /* E.164 2.6: of an international number, its country's code among them */
#define TYPED_MAX 24  /* with what is dialled before it */
#define EXTENSION_MAX 8
#define CODE_DIGITS_MAX 3

/* --- reading -------------------------------------------------------------------------------- */

struct typed {
    char digits[TYPED_MAX + 1];
    size_t count;
    char extension[EXTENSION_MAX + 1];
    size_t extension_count;
    bool has_plus, in_extension, too_long;
};

/* What people write before an extension, longest first where one begins another. */
static const char *const extensions[] = {";ext=", "extension", "ext.", "ext",  "x",    "#",   "转",
                                         "轉",    "分机",      "分機", "內線", "内線", "내선"};

static bool starts_fold(struct bytes text, const char *word)
{
    size_t len = strlen(word);

    if (text.len < len)
        return false;
    for (size_t i = 0; i < len; i++) {
        uint8_t c = text.data[i];

        if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != (uint8_t)word[i])
            return false;
    }
    return true;
}

/* How many bytes of a word for "extension" stand here; 0: none. */
static size_t extension_word(struct bytes text)
{
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++)
        if (starts_fold(text, extensions[i]))
            return strlen(extensions[i]);
    return 0;
}

static bool is_separator(uint32_t cp)
{
    switch (cp) {
    case '.':
    case '/':
    case '(':
    case ')':
    case ':':
    case '~':
    case 0x00B7: /* · */
    case 0x2212: /* − */
    case 0x30FC: /* ー, typed for a dash */
    case 0xFF08:
    case 0xFF09:
    case 0xFF0E:
    case 0xFF0F:
        return true;
    default:
        return u_isUWhiteSpace((UChar32)cp) || u_charType((UChar32)cp) == U_DASH_PUNCTUATION ||
               u_charType((UChar32)cp) == U_FORMAT_CHAR;
    }
}

static void add_digit(struct typed *typed, int digit)
{
    char *to = typed->in_extension ? typed->extension : typed->digits;
    size_t *count = typed->in_extension ? &typed->extension_count : &typed->count;

    if (*count == (typed->in_extension ? EXTENSION_MAX : TYPED_MAX)) {
        typed->too_long = true;
        return;
    }
    to[(*count)++] = (char)('0' + digit);
    to[*count] = '\0';
}

/* One character, or a word. False: it has no place in a number. */
static bool read_one(struct typed *typed, struct reader *r)
{
    struct bytes rest = bytes_of(r->at, reader_left(r));
    size_t word = typed->count > 0 && !typed->in_extension ? extension_word(rest) : 0;
    struct bytes skipped;
    uint32_t cp;

    if (word > 0) {
        typed->in_extension = true;
        return reader_take(r, word, &skipped);
    }
    /* +44 (0)20: what one would dial at home. */
    if (typed->has_plus && !typed->in_extension && starts_fold(rest, "(0)"))
        return reader_take(r, 3, &skipped);
    if ((cp = utf8_next(r)) == UTF8_INVALID)
        return false;
    if (u_charType((UChar32)cp) == U_DECIMAL_DIGIT_NUMBER) {
        add_digit(typed, u_charDigitValue((UChar32)cp));
        return true;
    }
    if ((cp == '+' || cp == 0xFF0B) && typed->count == 0 && !typed->has_plus)
        return typed->has_plus = true;
    return is_separator(cp);
}

static enum status read_typed(struct bytes text, struct typed *typed, struct error *err)
{
    struct reader r = reader_of(text);
    struct bytes scheme;

    if (starts_fold(text, "tel:"))
        (void)reader_take(&r, 4, &scheme);
    while (reader_left(&r) > 0)
        if (!read_one(typed, &r))
            return error_set(err, AF_INVALID,
                             "a phone number has digits, and what separates them: + - ( ) . /");
    if (typed->count == 0)
        return error_set(err, AF_INVALID, "a phone number has digits: there are none");
    if (typed->too_long)
        return error_set(err, AF_INVALID, "a phone number has at most %d digits", DIGITS_MAX);
    if (typed->in_extension && typed->extension_count == 0)
        return error_set(err, AF_INVALID, "a phone number's extension has no digits");
    return AF_OK;
}

/* --- plans ---------------------------------------------------------------------------------- */

static const struct phone_plan *plan_of_region(const char *region)
{
    for (unsigned i = 0; i < phone_plans_count; i++)
        if (strcmp(phone_plans[i].region, region) == 0)
            return &phone_plans[i];
    return NULL;
}

/* Of the regions that share a code, the main one. */
static const struct phone_plan *plan_of_code(unsigned code)
{
    const struct phone_plan *first = NULL;

    for (unsigned i = 0; i < phone_plans_count; i++)
        if (phone_plans[i].code == code && (first == NULL || phone_plans[i].is_main))
            first = &phone_plans[i];
    return first;
}

bool phone_has_country(const char *country)
{
    const struct phone_plan *plan = plan_of_region(country);

    return plan != NULL && plan->region[0] >= 'A';
}

static bool is_long_enough(const struct phone_plan *plan, size_t digits)
{
    return digits < 32 && (plan->lengths >> digits & 1) != 0;
}

/* No code begins another, so the first that fits is the one. */
static const struct phone_plan *take_code(const char **digits)
{
    unsigned code = 0;

    for (int i = 0; i < CODE_DIGITS_MAX && (*digits)[i] != '\0'; i++) {
        const struct phone_plan *plan;

        code = code * 10 + (unsigned)((*digits)[i] - '0');
        if (code > 0 && (plan = plan_of_code(code)) != NULL) {
            *digits += i + 1;
            return plan;
        }
    }
    return NULL;
}

/* What is dialled before a number at home is no part of it. Where that is 0 no number begins with
 * it; an 8 or a 1 may be a number's own first digit, and only its length tells. */
static const char *without_trunk(const struct phone_plan *plan, const char *digits)
{
    size_t trunk = strlen(plan->trunk);

    while (trunk > 0 && strncmp(digits, plan->trunk, trunk) == 0 &&
           is_long_enough(plan, strlen(digits + trunk)) &&
           (plan->trunk[0] == '0' || !is_long_enough(plan, strlen(digits))))
        digits += trunk;
    return digits;
}

static bool strip(const char **digits, const char *prefix)
{
    size_t len = strlen(prefix);

    if (len == 0 || strncmp(*digits, prefix, len) != 0)
        return false;
    *digits += len;
    return true;
}

/* 8613800138000, as tables of numbers have it that lost their plus. */
static bool has_own_code(const struct phone_plan *home, const char *digits)
{
    char code[8];
    int len = snprintf(code, sizeof code, "%u", home->code);

    return strncmp(digits, code, (size_t)len) == 0 && !is_long_enough(home, strlen(digits)) &&
           is_long_enough(home, strlen(without_trunk(home, digits + len))) &&
           !is_long_enough(home, strlen(without_trunk(home, digits)));
}

enum status phone_normalise(struct bytes text, const char *country, char out[PHONE_BYTES],
                            struct error *err)
{
    const struct phone_plan *plan = plan_of_region(country);
    struct typed typed = {.count = 0};
    const char *digits = typed.digits;
    bool is_abroad;
    int len;
    enum status status = read_typed(text, &typed, err);

    if (status != AF_OK)
        return status;
    is_abroad = typed.has_plus || (plan != NULL && strip(&digits, plan->abroad)) ||
                strip(&digits, "00") || (plan != NULL && has_own_code(plan, digits));
    if (is_abroad)
        plan = take_code(&digits);
    if (plan == NULL)
        return error_set(err, AF_INVALID,
                         is_abroad ? "no country has the code that the phone "
                                     "number begins with"
                                   : "the phone number has no country code");
    digits = without_trunk(plan, digits);
    if (plan->code > 99 ? strlen(digits) + 3 > DIGITS_MAX : strlen(digits) + 2 > DIGITS_MAX)
        return error_set(err, AF_INVALID, "a phone number has at most %d digits", DIGITS_MAX);
    if (!is_long_enough(plan, strlen(digits)))
        return error_set(err, AF_INVALID, "no phone number of %s has %zu digits",
                         plan->region[0] < 'A' ? "this code" : plan->region, strlen(digits));
    len = snprintf(out, PHONE_BYTES, "+%u%s%s%s", plan->code, digits,
                   typed.extension_count > 0 ? ";ext=" : "", typed.extension);
    if (len < 0 || len >= PHONE_BYTES)
        return error_set(err, AF_INVALID, "a phone number has at most %d digits", DIGITS_MAX);
    return AF_OK;
}
