#include "search/bm25.h"

#include <math.h>

/* A field that few cases fill has a tiny average, and every text in it would look endless. */
#define AVERAGE_UNITS_MIN 4.0

static double average(const struct snapshot_totals *totals, int field)
{
    double docs = totals->docs_all > 0 ? totals->docs_all : 1;
    double units = (double)totals->units[field] / docs;

    return units < AVERAGE_UNITS_MIN ? AVERAGE_UNITS_MIN : units;
}

void bm25_init(struct bm25 *bm25, const struct bm25_settings *settings,
               const struct snapshot_totals *totals)
{
    bm25->k1 = (float)settings->k1;
    bm25->docs = totals->docs_all;
    for (int f = 0; f < FIELD_COUNT; f++) {
        double avg = average(totals, f), b = settings->b[f];

        for (unsigned code = 0; code < 256; code++) {
            double units = field_length_decode((uint8_t)code);

            bm25->factor[f][code] = (float)(settings->weight[f] / (1 - b + b * units / avg));
        }
    }
}

double bm25_idf(uint32_t docs, uint64_t df)
{
    double n = docs, d = (double)(df > docs ? docs : df);

    return log(1 + (n - d + 0.5) / (d + 0.5));
}
