/* bm25.h: how much one term says about one document: BM25F (Robertson, Zaragoza & Taylor 2004).
 *
 *     strength  T = sum over fields f of   W_f · tf_f / (1 - b_f + b_f · len_f / avg_f)
 *     worth         idf · T / (k1 + T)                              rises with T, stays under idf
 *     idf         = ln(1 + (N - df + ½) / (df + ½))
 *
 * A field's occurrences are added up before they saturate, so that a word in the title and in
 * the body is not counted as two words. T / (k1 + T) leaves out the usual factor (k1 + 1):
 * a term's worth then lies in 0 … idf, which is what makes scores comparable with 1. */
#ifndef ASKFIRST_SEARCH_SCORE_BM25_H
#define ASKFIRST_SEARCH_SCORE_BM25_H

#include "indexer/index.h"
#include "indexer/segment/field.h"
#include "indexer/segment/impact.h"

struct bm25_settings {
    double k1;
    const struct impact_settings *fields; /* borrowed */
};

/* Weight and length together, for each length code: one product a field at search time. */
struct bm25 {
    float k1;
    uint32_t docs;
    const struct impact_settings *settings;
    double average[FIELD_COUNT];
    struct snapshot_totals totals; /* that it was made for */
    float factor[FIELD_COUNT][256];
    /* what no posting of a code (shape.h) passes, whatever its lengths: strength, and saturated */
    float most[256], most_saturated[256];
};

/* Does nothing when it was made for the same. */
void bm25_init(struct bm25 *bm25, const struct bm25_settings *settings,
               const struct snapshot_totals *totals);

double bm25_idf(uint32_t docs, uint64_t df);

static inline float bm25_strength(const struct bm25 *bm25, const uint8_t tf[FIELD_COUNT],
                                  const uint8_t lengths[FIELD_COUNT])
{
    float strength = 0;

    for (int f = 0; f < FIELD_COUNT; f++)
        strength += (float)tf[f] * bm25->factor[f][lengths[f]];
    return strength;
}

static inline float bm25_saturate(const struct bm25 *bm25, float strength)
{
    return strength / (bm25->k1 + strength);
}

#endif
