/* A case that passes article_validate keeps its print through being stored and read, and gives
 * valid text for every field of the index. */
#include "tests/fuzz/fuzz.h"

#include "data/article_view.h"
#include "indexer/segment/field.h"
#include "indexer/text/markup.h"
#include "intake/import/cases.h"

static void check_fields(const json_t *article)
{
    for (int f = 0; f < FIELD_COUNT; f++) {
        struct buf text = {0}, read = {0};

        field_text(article, (enum field)f, &text);
        ENSURE(buf_ok(&text) && fuzz_is_utf8(buf_bytes(&text)));
        markup_blank(buf_bytes(&text), &read);
        ENSURE(read.len == text.len && fuzz_is_utf8(buf_bytes(&read)));
        buf_release(&text);
        buf_release(&read);
    }
}

static void check_stored(const json_t *article)
{
    struct buf text = {0};
    struct error err;
    uint64_t before, after;
    json_t *again;

    ENSURE_OK(article_print(article, &before, &err));
    ENSURE_OK(json_write(article, false, &text, &err));
    ENSURE_OK(json_parse(buf_bytes(&text), &again, &err));
    ENSURE_OK(article_validate(again, &err));
    ENSURE_OK(article_print(again, &after, &err));
    ENSURE(before == after);
    ENSURE(article_is_findable(article) == article_is_findable(again));
    ENSURE(article_audience(article) == article_audience(again));
    json_decref(again);
    buf_release(&text);
}

/* The text says of itself what the tree says of it. */
static void check_view(const json_t *article, bool is_valid)
{
    struct buf text = {0}, scratch = {0};
    struct article_view view;
    struct error err;
    uint64_t mine, theirs;
    bool is_sound = is_valid && json_get_str(article, "id")[0] != '\0' &&
                    json_get_str(article, "lang")[0] != '\0';

    ENSURE_OK(json_write(article, false, &text, &err));
    ENSURE(article_view_of(buf_bytes(&text), &view) == json_is_object(article));
    if (json_is_object(article)) {
        ENSURE(article_view_is_sound(&view, &scratch) == is_sound);
        ENSURE_OK(article_view_print(&view, &scratch, &mine, &err));
        ENSURE_OK(article_print(article, &theirs, &err));
        ENSURE(mine == theirs);
    }
    buf_release(&text);
    buf_release(&scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err;
    json_t *article;
    enum status status;

    if (json_parse(bytes_of(data, size), &article, &err) != AF_OK)
        return 0;
    status = article_validate(article, &err);
    check_view(article, status == AF_OK);
    if (status == AF_OK) {
        ENSURE_OK(case_complete(article, &err));
        ENSURE_OK(article_validate(article, &err));
        ENSURE(article_first(article, "id")[0] != '\0' &&
               article_first(article, "lang")[0] != '\0');
        check_stored(article);
        check_fields(article);
    } else {
        ensure_refusal(status, &err, KIND(AF_INVALID) | KIND(AF_TOO_LARGE));
    }
    json_decref(article);
    return 0;
}
