/* A Markdown file becomes an object with a title, or the line is named that cannot be read. */
#include "tests/fuzz/fuzz.h"

#include "data/article.h"
#include "intake/import/markdown.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = bytes_of(data, size);
    struct error err;
    struct buf written = {0};
    json_t *article = NULL;
    uint64_t line = 0;
    enum status status;

    if (!fuzz_is_utf8(text))
        return 0;
    status = markdown_read(text, "name", &article, &line, &err);
    if (status != AF_OK) {
        ensure_refusal(status, &err, KIND(AF_INVALID) | KIND(AF_TOO_LARGE));
        ENSURE(status != AF_INVALID || (line > 0 && line <= size + 1));
        return 0;
    }
    ENSURE(json_is_object(article));
    ENSURE_OK(json_write(article, true, &written, &err));
    status = article_validate(article, &err);
    if (status == AF_OK)
        ENSURE(json_get_str(article, "title")[0] != '\0');
    else
        ensure_refusal(status, &err, KIND(AF_INVALID) | KIND(AF_TOO_LARGE));
    json_decref(article);
    buf_release(&written);
    return 0;
}
