/* faults.h: what a walk over the store found wrong: a line each, or a list for programs. */
#ifndef ASKFIRST_INTAKE_CLI_FAULTS_H
#define ASKFIRST_INTAKE_CLI_FAULTS_H

#include "intake/cli/cli.h"

struct faults {
    uint64_t count;
    json_t *list; /* of sentences, for --json; else NULL and each is printed at once */
};

struct faults faults_start(const struct cli *cli);
void faults_release(struct faults *faults);
/* A fault_fn; `faults` is a struct faults. */
void faults_add(void *faults, const char *sentence);

/* Prints {"sound","faults":[…]} with the members of `more` (taken; may be NULL). The exit code
 * that the faults ask for. */
int faults_json(struct faults *faults, json_t *more);

#endif
