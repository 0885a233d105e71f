/* judged.h: questions with the cases that answer them, read from a set's files.
 *
 *   queries[.KIND].jsonl   {"id","text"}
 *   qrels[.KIND].tsv       question TAB 0 TAB case TAB grade; .KIND.typo has those of .KIND */
#ifndef ASKFIRST_TESTS_RELEVANCE_JUDGED_H
#define ASKFIRST_TESTS_RELEVANCE_JUDGED_H

#include "data/base/bytes.h"

#include <jansson.h>

struct judged {
    json_t *text;   /* of the question */
    json_t *grades; /* case → grade, those above 0 */
    double ideal;   /* discounted gain of the best list of ten */
    unsigned half;  /* 0 or 1: for tuning on one half and judging on the other */
};

struct judged_kind {
    char *name; /* "set.kind" */
    struct judged *questions;
    size_t count;
};

/* Questions without judgments are left out. False: the files are not there or not such files. */
bool judged_read(const char *folder, const char *set, const char *kind, struct judged_kind *out);
void judged_release(struct judged_kind *kind);

/* nDCG of ten cases in order: gains are the grades, as in trec_eval. */
double judged_ndcg(const struct judged *question, const struct bytes *ids, size_t count);

#endif
