#include "search/score/bm25.h"

#include <math.h>

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
}

double bm25_idf(uint32_t docs, uint64_t df)
{
    double n = docs, d = (double)(df > docs ? docs : df);

    return log(1 + (n - d + 0.5) / (d + 0.5));
}
