#include "search/score/bm25.h"

#include "indexer/segment/shape.h"

#include <float.h>
#include <math.h>

/* A document without a length would say most. */
static void bound_codes(struct bm25 *bm25)
{
    static const uint8_t shortest[FIELD_COUNT] = {0};

    for (unsigned code = 0; code < SHAPE_ESCAPE; code++) {
        bm25->most[code] = bm25_strength(bm25, shape_tf((uint8_t)code), shortest);
        bm25->most_saturated[code] = bm25_saturate(bm25, bm25->most[code]);
    }
    bm25->most[SHAPE_ESCAPE] = FLT_MAX;
    bm25->most_saturated[SHAPE_ESCAPE] = 1;
}

void bm25_init(struct bm25 *bm25, const struct bm25_settings *settings,
               const struct snapshot_totals *totals)
{
    struct impact_table table;

    if (bm25->settings == settings->fields && bm25->k1 == (float)settings->k1 &&
        memcmp(&bm25->totals, totals, sizeof *totals) == 0)
        return;
    bm25->totals = *totals;
    bm25->k1 = (float)settings->k1;
    bm25->docs = totals->docs_all;
    bm25->settings = settings->fields;
    for (int f = 0; f < FIELD_COUNT; f++)
        bm25->average[f] = impact_average(totals->units[f], totals->docs_all);
    impact_table_init(&table, bm25->settings, bm25->average);
    memcpy(bm25->factor, table.factor, sizeof bm25->factor);
    bound_codes(bm25);
}

double bm25_idf(uint32_t docs, uint64_t df)
{
    double n = docs, d = (double)(df > docs ? docs : df);

    return log(1 + (n - d + 0.5) / (d + 0.5));
}
