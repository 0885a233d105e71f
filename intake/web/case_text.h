/* case_text.h: a case as a page shows it: its parts as text, its counts, and texts cut into
 * paragraphs and numbered steps. */
#ifndef ASKFIRST_INTAKE_WEB_CASE_TEXT_H
#define ASKFIRST_INTAKE_WEB_CASE_TEXT_H

#include "data/ledger.h"
#include "intake/app.h"
#include "intake/who.h"

struct case_text {
    struct bytes id, lang, title, product, category, environment;
    struct bytes symptom, cause, resolution, advice, text;
    struct bytes author, updated, source, licence;
    uint32_t version;
    struct use_counts counts;
};

/* The newest version, copied into `arena`. AF_NOT_FOUND also for a case this person may not
 * see: whether it exists is not told. */
enum status case_text_load(struct app *app, const struct who *who, struct arena *arena,
                           struct bytes id, struct case_text *out, struct error *err) MUST_USE;

/* How often each hit has helped: customers who said so and tickets resolved by it. */
enum status case_helped_all(struct app *app, const struct search_result *found, uint64_t *helped,
                            struct error *err) MUST_USE;

struct text_block {
    bool is_step;
    unsigned number;   /* of a step, as it was written */
    struct bytes text; /* lines kept; without the number */
};

/* Lines that begin with "1.", "1、", "1)", "(1)", "（1）" or "Step 1:" are steps; lines after a
 * step belong to it until an empty line. At most `max` blocks: the last takes the rest. */
size_t text_blocks(struct bytes text, struct text_block *blocks, size_t max);

#endif
