/* learned show, learned forget: what people's uses taught a case, and taking a person's back. */
#include "intake/cli/commands.h"

#include "data/article.h"
#include "data/learned.h"
#include "intake/ask/consult.h"
#include "intake/cli/out.h"
#include "intake/propose.h"

#include <stdlib.h>

/* --- show --------------------------------------------------------------------------------- */

static json_t *day_json(uint16_t day)
{
    return json_from_time(((int64_t)day + LEARNED_DAY_ZERO) * INT64_C(86400000));
}

/* {"text","helped":people,"not_helped":people,"newest":time} */
static json_t *question_json(const struct learned_question *question)
{
    unsigned helped = 0;
    uint16_t day = 0;

    for (uint32_t i = 0; i < question->votes_count; i++) {
        helped += question->votes[i].weight > 0;
        day = question->votes[i].day > day ? question->votes[i].day : day;
    }
    return json_pack("{s:o,s:i,s:i,s:o}", "text",
                     json_from_bytes(bytes_of(question->text, question->text_bytes)), "helped",
                     (int)helped, "not_helped", (int)(question->votes_count - helped), "newest",
                     day_json(day));
}

static json_t *learned_json(const char *id, const struct learned *learned)
{
    json_t *list = json_array();
    bool ok = list != NULL;

    for (uint32_t q = 0; ok && q < learned->questions_count; q++)
        ok = json_array_append_new(list, question_json(&learned->questions[q])) == 0;
    if (!ok) {
        json_decref(list);
        return NULL;
    }
    return json_pack("{s:s,s:i,s:o}", "case", id, "openers", (int)learned->openers_count,
                     "questions", list);
}

static enum status read_learned(struct app *app, const char *id, struct learned *out,
                                struct error *err)
{
    struct article_ref ref;
    struct txn *txn;
    bool found;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    status = article_find(txn, bytes_str(id), &ref, err);
    if (status == AF_OK)
        status = learned_get(txn, bytes_str(id), out, &found, err);
    txn_abort(txn);
    return status;
}

static void print_learned(const json_t *json)
{
    const json_t *question;
    struct buf out = {0};
    size_t i;

    json_array_foreach(json_object_get(json, "questions"), i, question)
    {
        buf_printf(&out, "%3llu helped, %llu not, last %.10s  ",
                   (unsigned long long)json_get_u64(question, "helped"),
                   (unsigned long long)json_get_u64(question, "not_helped"),
                   json_get_str(question, "newest"));
        out_add_plain(&out, bytes_str(json_get_str(question, "text")));
        buf_add_u8(&out, '\n');
    }
    if (json_array_size(json_object_get(json, "questions")) == 0)
        buf_add_str(&out, "nothing yet\n");
    (void)out_print(&out);
    buf_release(&out);
}

static enum status show(struct cli_work *work, struct error *err)
{
    const char *id = work->cli->rest[0];
    struct learned *learned = malloc(sizeof *learned);
    json_t *json = NULL;
    enum status status = learned != NULL ? read_learned(work->app, id, learned, err)
                                         : error_set(err, AF_NO_MEMORY, "no memory for a case");

    if (status == AF_OK && (json = learned_json(id, learned)) == NULL)
        status = error_set(err, AF_NO_MEMORY, "no memory for a case");
    if (status == AF_OK && work->cli->json)
        work->code = out_json(json_incref(json));
    else if (status == AF_OK)
        print_learned(json);
    json_decref(json);
    free(learned);
    return status;
}

static int run_show(struct cli *cli)
{
    return cli_with_app(cli, APP_READ, show);
}

const struct cli_command cmd_learned_show = {
    .name = "learned show",
    .args = "CASE",
    .summary = "The questions that a case has solved, by which it is found",
    .details = "A word of them counts when two different people used it. It fades by half in 90\n"
               "days.\n",
    .rest_min = 1,
    .rest_max = 1,
    .run = run_show,
};

/* --- forget ------------------------------------------------------------------------------- */

static enum status voter_of_consult(struct app *app, const char *id, json_t **body,
                                    struct error *err)
{
    char own[64];
    const char *voter;
    json_t *consult;
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    status = consult_load(txn, id, &consult, err);
    txn_abort(txn);
    if (status != AF_OK)
        return status;
    voter = json_get_str(consult, "voter");
    (void)snprintf(own, sizeof own, "consult:%.40s", id); /* of before voters were kept */
    *body = json_pack("{s:s}", "voter", voter[0] != '\0' ? voter : own);
    json_decref(consult);
    return AF_OK;
}

static enum status forget(struct cli_work *work, struct error *err)
{
    struct outcome outcome;
    json_t *body;
    enum status status = voter_of_consult(work->app, work->cli->rest[0], &body, err);

    if (status != AF_OK)
        return status;
    status = propose(work->app, &work->who, "learned.forget", NULL, 0, body, &outcome, err);
    if (status != AF_OK)
        return status;
    if (work->cli->json)
        work->code = out_json(json_incref(outcome.result));
    json_decref(outcome.result);
    return AF_OK;
}

static int run_forget(struct cli *cli)
{
    return cli_with_app(cli, APP_WRITE, forget);
}

const struct cli_command cmd_learned_forget = {
    .name = "learned forget",
    .args = "CONSULT",
    .summary = "Take back all that whoever asked this taught the cases",
    .details = "The questions stay in their consults and in the journal; no case is found by them "
               "any\nmore unless others asked the same.\n",
    .rest_min = 1,
    .rest_max = 1,
    .run = run_forget,
};
