#include "indexer/segment/impact.h"

#include <math.h>

const struct impact_settings impact_reference = {
    .weight = {[FIELD_TITLE] = 12,
               [FIELD_KEYWORDS] = 6,
               [FIELD_PRODUCT] = 2,
               [FIELD_SYMPTOM] = 4,
               [FIELD_CAUSE] = 1,
               [FIELD_RESOLUTION] = 1,
               [FIELD_BODY] = 1  },
    .b = {[FIELD_TITLE] = 0.6,
               [FIELD_KEYWORDS] = 0.4,
               [FIELD_PRODUCT] = 0.4,
               [FIELD_SYMPTOM] = 0.4,
               [FIELD_CAUSE] = 0.4,
               [FIELD_RESOLUTION] = 0.4,
               [FIELD_BODY] = 0.4},
};

double impact_average(uint64_t units, uint32_t docs)
{
    double average = (double)units / (docs > 0 ? docs : 1);

    return average < IMPACT_AVERAGE_MIN ? IMPACT_AVERAGE_MIN : average;
}

static inline double factor(const struct impact_settings *settings, int field, double average,
                            double units)
{
    double b = settings->b[field];

    return settings->weight[field] / (1 - b + b / average * units);
}

void impact_table_init(struct impact_table *table, const struct impact_settings *settings,
                       const double average[FIELD_COUNT])
{
    double units[256];

    for (unsigned code = 0; code < 256; code++)
        units[code] = field_length_decode((uint8_t)code);
    for (int f = 0; f < FIELD_COUNT; f++)
        for (unsigned code = 0; code < 256; code++)
            table->factor[f][code] = (float)factor(settings, f, average[f], units[code]);
}

/* --- codes: the upper half of a float's bits, less those of the smallest ---
 *
 *   float:  sign | exponent, 8 | mantissa, 23     its bits rise with its value
 *   code:          exponent and the 4 upper bits of the mantissa, counted from 2^-3 = code 1 */

#define CODE_SHIFT 19u
#define CODE_ONE ((127u - 3u) << 4)

/* Sums of the same parts in another order differ in the last bits only. */
#define SLACK 1.00001f

static uint32_t bits_of(float v)
{
    uint32_t bits;

    memcpy(&bits, &v, sizeof bits);
    return bits;
}

uint8_t impact_code(float strength)
{
    uint32_t step;

    if (!(strength > 0))
        return 0;
    step = (bits_of(strength * SLACK) + (1u << CODE_SHIFT) - 1) >> CODE_SHIFT;
    if (step <= CODE_ONE)
        return 1;
    return step - CODE_ONE + 1 >= IMPACT_ANY ? IMPACT_ANY : (uint8_t)(step - CODE_ONE + 1);
}

float impact_strength(uint8_t code)
{
    uint32_t bits = (CODE_ONE + code - 1u) << CODE_SHIFT;
    float strength;

    if (code == 0)
        return 0;
    if (code == IMPACT_ANY)
        return INFINITY;
    memcpy(&strength, &bits, sizeof strength);
    return strength;
}

double impact_ratio(const double average[FIELD_COUNT], const struct impact_settings *settings,
                    const double their_average[FIELD_COUNT])
{
    double longest = field_length_decode(UINT8_MAX), ratio = 0;

    for (int f = 0; f < FIELD_COUNT; f++) {
        double empty =
            factor(settings, f, their_average[f], 0) / factor(&impact_reference, f, average[f], 0);
        double full = factor(settings, f, their_average[f], longest) /
                      factor(&impact_reference, f, average[f], longest);

        ratio = fmax(ratio, fmax(empty, full));
    }
    return ratio;
}
