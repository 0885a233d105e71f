/* A whole file of cases in each form: every case that is handed over is valid, has an id and a
 * language, and can be stored; every line that is left out has a sentence. The first byte is the
 * form. */
#include "tests/fuzz/fuzz.h"

#include "data/article.h"
#include "intake/import/cases.h"

static enum status found(void *context, const struct case_place *place, json_t *article,
                         struct error *err)
{
    unsigned *count = context;
    struct error why;
    uint64_t print;

    ENSURE_OK(article_validate(article, &why));
    ENSURE(json_get_str(article, "id")[0] != '\0' && json_get_str(article, "lang")[0] != '\0');
    ENSURE_OK(article_print(article, &print, &why));
    ENSURE(place->line > 0 || place->bytes > 0);
    json_decref(article);
    return ++*count < 2000 ? AF_OK : error_set(err, AF_BUSY, "enough");
}

static void refused(void *context, const struct case_place *place, const char *reason)
{
    (void)context;
    (void)place;
    ENSURE(reason[0] != '\0' && fuzz_is_utf8(bytes_str(reason)));
}

static void moved(void *context, uint64_t bytes)
{
    (void)context;
    ENSURE(bytes <= INT64_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned count = 0;
    const struct case_visitor visitor = {&count, found, refused, moved};
    struct reader r = reader_of(bytes_of(data, size));
    struct import_file file = {.form = (enum file_form)(take_u8(&r) % 3)};
    struct error err;
    enum status status;
    char path[40];

    (void)snprintf(path, sizeof path, "%s", fuzz_file(take_rest(&r)));
    file.path = path;
    status = cases_read(&file, &visitor, &err);
    if (status != AF_OK)
        ensure_refusal(status, &err, KIND(AF_INVALID) | KIND(AF_CORRUPT) | KIND(AF_BUSY));
    return 0;
}
