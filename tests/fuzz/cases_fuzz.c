/* A whole file of cases in each form: every case that is handed over is valid, has an id and a
 * language, and can be stored; every line that is left out has a sentence. Lines that are read
 * where they stand give what their trees give. The first byte is the form. */
#include "tests/fuzz/fuzz.h"

#include "data/article.h"
#include "intake/import/cases.h"

struct seen {
    unsigned found, refused;
    struct buf texts; /* of the cases, as they would be stored */
};

static enum status found(void *context, const struct case_place *place, json_t *article,
                         struct error *err)
{
    struct seen *seen = context;
    struct error why;
    uint64_t print;

    ENSURE_OK(article_validate(article, &why));
    ENSURE(json_get_str(article, "id")[0] != '\0' && json_get_str(article, "lang")[0] != '\0');
    ENSURE_OK(article_print(article, &print, &why));
    ENSURE(place->line > 0 || place->bytes > 0);
    ENSURE_OK(json_write(article, false, &seen->texts, &why));
    json_decref(article);
    return ++seen->found < 2000 ? AF_OK : error_set(err, AF_BUSY, "enough");
}

static void refused(void *context, const struct case_place *place, const char *reason)
{
    struct seen *seen = context;

    seen->refused++;
    (void)place;
    ENSURE(reason[0] != '\0' && fuzz_is_utf8(bytes_str(reason)));
}

static enum status line(void *context, const struct case_place *place, struct bytes text,
                        struct error *err)
{
    struct seen *seen = context;
    struct buf scratch = {0};
    struct error why;
    enum status status = case_line(text, &scratch, &seen->texts, &why);

    buf_release(&scratch);
    if (status != AF_OK) {
        refused(context, place, why.text);
        return AF_OK;
    }
    return ++seen->found < 2000 ? AF_OK : error_set(err, AF_BUSY, "enough");
}

static void moved(void *context, uint64_t bytes)
{
    (void)context;
    ENSURE(bytes <= INT64_MAX);
}

static enum status read(const struct import_file *file, bool by_line, struct seen *seen,
                        struct error *err)
{
    const struct case_visitor visitor = {.context = seen,
                                         .found = found,
                                         .line = by_line ? line : NULL,
                                         .refused = refused,
                                         .moved = moved};

    return cases_read(file, &visitor, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen trees = {0}, lines = {0};
    struct reader r = reader_of(bytes_of(data, size));
    struct import_file file = {.form = (enum file_form)(take_u8(&r) % 3)};
    struct error err;
    enum status status;
    char path[40];

    (void)snprintf(path, sizeof path, "%s", fuzz_file(take_rest(&r)));
    file.path = path;
    status = read(&file, false, &trees, &err);
    ENSURE(read(&file, true, &lines, &err) == status);
    if (status != AF_OK)
        ensure_refusal(status, &err, KIND(AF_INVALID) | KIND(AF_CORRUPT) | KIND(AF_BUSY));
    ENSURE(trees.found == lines.found && trees.refused == lines.refused &&
           bytes_equal(buf_bytes(&trees.texts), buf_bytes(&lines.texts)));
    buf_release(&trees.texts);
    buf_release(&lines.texts);
    return 0;
}
