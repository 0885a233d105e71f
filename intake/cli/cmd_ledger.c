#include "intake/cli/commands.h"

#include "data/ledger.h"
#include "intake/ask/learn.h"
#include "intake/cli/faults.h"
#include "intake/cli/out.h"
#include "intake/propose.h"

#include <stdio.h>

static int show_result(const struct cli *cli, struct faults *faults, const char *counted,
                       uint64_t count, const char *good)
{
    if (cli->json)
        return faults_json(faults, json_pack("{s:I}", counted, (json_int_t)count));
    if (faults->count == 0)
        (void)printf("%s: %llu %s.\n", good, (unsigned long long)count, counted);
    return faults->count == 0 ? CLI_DONE : CLI_PART;
}

static enum status verify(struct cli_work *work, struct error *err)
{
    struct faults faults = faults_start(work->cli);
    uint64_t entries = 0;
    struct txn *txn;
    enum status status = store_begin_read(app_store(work->app), &txn, err);

    if (status != AF_OK)
        return status;
    status = ledger_verify(txn, faults_add, &faults, &entries, err);
    txn_abort(txn);
    if (status == AF_OK)
        work->code = show_result(work->cli, &faults, "entries", entries, "sound");
    faults_release(&faults);
    return status;
}

static int run_verify(struct cli *cli)
{
    return cli_with_app(cli, APP_READ, verify);
}

const struct cli_command cmd_ledger_verify = {
    .name = "ledger verify",
    .args = "",
    .summary = "Walk the chain of use entries; a changed or missing one shows",
    .details = "",
    .rest_min = 0,
    .rest_max = 0,
    .run = run_verify,
};

enum { REPAIR };

static const struct cli_option recompute_options[] = {
    {"repair", NULL, "set both to what the ledger says"},
    {NULL,     NULL, NULL                              },
};

static enum status recount(struct cli_work *work, struct faults *faults, uint64_t *cases,
                           struct error *err)
{
    struct txn *txn;
    enum status status = store_begin_read(app_store(work->app), &txn, err);

    if (status != AF_OK)
        return status;
    status = ledger_recount(txn, faults_add, faults, cases, err);
    if (status == AF_OK)
        status = learn_check(txn, faults_add, faults, err);
    txn_abort(txn);
    return status;
}

static enum status recompute(struct cli_work *work, struct error *err)
{
    struct faults faults = faults_start(work->cli);
    bool must_repair = cli_given(work->cli, REPAIR);
    struct outcome outcome;
    uint64_t cases = 0;
    enum status status = recount(work, &faults, &cases, err);

    if (status == AF_OK && must_repair && faults.count > 0) {
        status =
            propose(work->app, &work->who, "use.recount", NULL, 0, json_object(), &outcome, err);
        if (status == AF_OK) {
            json_decref(outcome.result);
            faults_release(&faults);
            faults = faults_start(work->cli);
            status = recount(work, &faults, &cases, err);
        }
    }
    if (status == AF_OK)
        work->code = show_result(work->cli, &faults, "cases", cases, "equal");
    faults_release(&faults);
    return status;
}

static int run_recompute(struct cli *cli)
{
    return cli_with_app(cli, cli_given(cli, REPAIR) ? APP_WRITE : APP_READ, recompute);
}

const struct cli_command cmd_ledger_recompute = {
    .name = "ledger recompute",
    .args = "[--repair]",
    .summary = "Count every case, and what it learned, again from the ledger and compare",
    .details = "",
    .options = recompute_options,
    .rest_min = 0,
    .rest_max = 0,
    .run = run_recompute,
};
