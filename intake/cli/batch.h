/* batch.h: many questions in one process, for measuring: JSONL in, a TREC run out. */
#ifndef ASKFIRST_INTAKE_CLI_BATCH_H
#define ASKFIRST_INTAKE_CLI_BATCH_H

#include "intake/cli/cli.h"

/* `request` gives everything but the question. *code becomes CLI_PART when lines were bad. */
enum status batch_run(struct app *app, const struct search_request *request, const char *path,
                      const char *name, int *code, struct error *err) MUST_USE;

#endif
