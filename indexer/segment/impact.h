/* impact.h: how much a posting can say at most, in one byte, so that whole blocks of postings
 * are passed over by score.
 *
 *     strength  T = sum over fields f of   W_f · tf_f / (1 - b_f + b_f · len_f / avg_f)
 *
 * (BM25F before it saturates; search/score/bm25.h). A segment stores upper bounds of T for the
 * settings below and for the averages of its own documents. Where a search has other settings W',
 * b' or other averages avg', a bound times impact_ratio() is a bound again:
 *
 *     T' = sum of r_f(len_f) · T_f  ≤  max over f and len of r_f(len) · T,    T_f ≥ 0, with
 *     r_f(len) = W'_f / W_f · (1 - b_f + b_f · len / avg_f) / (1 - b'_f + b'_f · len / avg'_f)
 *
 * and r_f, a quotient of two linear functions whose denominator is positive, is monotone, so that
 * its maximum lies at one of the two ends of the lengths that a code can say. */
#ifndef ASKFIRST_INDEXER_SEGMENT_IMPACT_H
#define ASKFIRST_INDEXER_SEGMENT_IMPACT_H

#include "indexer/segment/field.h"

struct impact_settings {
    double weight[FIELD_COUNT];
    double b[FIELD_COUNT]; /* 0 … 1 */
};

/* What stored bounds are for; also what a search ranks with until somebody tunes it. Another
 * reference is another format: SEGMENT_FORMAT rises with it. */
extern const struct impact_settings impact_reference;

/* A field that few cases fill has a tiny average, and every text in it would look endless. */
#define IMPACT_AVERAGE_MIN 4.0
double impact_average(uint64_t units, uint32_t docs);

/* T's factor for one occurrence, by field and length code. */
struct impact_table {
    float factor[FIELD_COUNT][256];
};
void impact_table_init(struct impact_table *table, const struct impact_settings *settings,
                       const double average[FIELD_COUNT]);

static inline float impact_of(const struct impact_table *table, const uint8_t tf[FIELD_COUNT],
                              const uint8_t lengths[FIELD_COUNT])
{
    float strength = 0;

    for (int f = 0; f < FIELD_COUNT; f++)
        strength += (float)tf[f] * table->factor[f][lengths[f]];
    return strength;
}

/* 16 steps an octave from 2^-3 to 2^12.9, rounded up: at most 6.3 % too much. IMPACT_ANY says
 * nothing: its strength is infinite. */
#define IMPACT_ANY 255
uint8_t impact_code(float strength);
float impact_strength(uint8_t code);

/* What a bound for impact_reference and `average` is to be multiplied by for other settings. */
double impact_ratio(const double average[FIELD_COUNT], const struct impact_settings *settings,
                    const double their_average[FIELD_COUNT]);

#endif
