/* party_fixture.h: a store with an app, and records put with one line each. */
#ifndef ASKFIRST_TESTS_INTAKE_PARTY_PARTY_FIXTURE_H
#define ASKFIRST_TESTS_INTAKE_PARTY_PARTY_FIXTURE_H

#include "tests/harness.h"

#include "intake/intake_check.h"
#include "intake/party/party.h"

#include <stdio.h>

struct fixture {
    char *dir;
    struct app *app;
    struct who admin, engineer;
};

static inline int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct error err;

    f->dir = test_dir_new();
    f->admin = who_staff(ROLE_ADMIN, "boss");
    f->engineer = who_staff(ROLE_ENGINEER, "lin.wei");
    assert_ok(app_open(f->dir, APP_WRITE, &f->app, &err));
    *state = f;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fixture *f = *state;

    app_close(f->app);
    test_dir_remove(f->dir);
    free(f);
    return 0;
}

/* `text` with ' for ". *version may be NULL. */
static inline enum status put_at(struct fixture *f, const struct who *who, enum party_kind kind,
                                 const char *text, int64_t if_version, json_t **complaints,
                                 uint64_t *version, struct error *err)
{
    json_t *record = test_json_quoted(text), *result = NULL;
    const struct party_put put = {kind, record, if_version};
    enum status status = party_put(f->app, who, &put, &result, complaints, err);

    if (status == AF_OK && version != NULL)
        *version = json_get_u64(result, "version");
    json_decref(result);
    json_decref(record);
    return status;
}

static inline enum status put(struct fixture *f, enum party_kind kind, const char *text,
                              struct error *err)
{
    json_t *complaints;
    enum status status =
        put_at(f, &f->admin, kind, text, PARTY_ANY_VERSION, &complaints, NULL, err);

    json_decref(complaints);
    return status;
}

static inline void put_ok(struct fixture *f, enum party_kind kind, const char *text)
{
    struct error err;

    assert_ok(put(f, kind, text, &err));
}

static inline void set_rules(struct fixture *f, enum rules_kind kind, const char *text)
{
    json_t *doc = test_json_quoted(text), *complaints;
    struct error err;
    uint32_t version;

    assert_ok(
        rules_set(f->app, &f->admin, kind, doc, RULES_ANY_VERSION, &version, &complaints, &err));
    json_decref(doc);
}

static inline void note_fault(void *context, const char *sentence)
{
    struct buf *faults = context;

    buf_add_str(faults, sentence);
    buf_add_u8(faults, '\n');
}

/* What `askfirst check` would say: "" is sound. The caller releases it. */
static inline struct buf faults_of(struct fixture *f)
{
    struct buf faults = {0};
    const struct check_options options = {
        .fault = note_fault, .context = &faults, .more = intake_checks};
    struct check_counts counts;
    struct error err;

    assert_ok(store_check_with(app_store(f->app), &options, &counts, &err));
    return faults;
}

static inline void assert_sound(struct fixture *f)
{
    struct buf faults = faults_of(f);

    assert_string_equal("", buf_str(&faults));
    buf_release(&faults);
}

#endif
