/* Queries and forms: pairs are plain text that ends with a NUL; written again with url_add they
 * are read as the same pairs. */
#include "tests/fuzz/fuzz.h"

#include "data/base/limits.h"
#include "intake/http/pairs.h"
#include "intake/web/page.h"

static void check_text(struct bytes text)
{
    ENSURE(fuzz_is_utf8(text) && text.data[text.len] == 0);
}

static void check_again(struct arena *arena, const struct pairs *pairs)
{
    struct buf text = {0};
    struct pairs again;
    struct error err;

    for (size_t i = 0; i < pairs->count; i++) {
        buf_add_str(&text, i == 0 ? "" : "&");
        url_add(&text, pairs->list[i].name);
        buf_add_u8(&text, '=');
        url_add(&text, pairs->list[i].value);
    }
    ENSURE_OK(pairs_parse(arena, "query", buf_bytes(&text), &again, &err));
    ENSURE(again.count == pairs->count);
    for (size_t i = 0; i < pairs->count; i++) {
        ENSURE(bytes_equal(again.list[i].name, pairs->list[i].name));
        ENSURE(bytes_equal(again.list[i].value, pairs->list[i].value));
    }
    buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = bytes_of(data, size), decoded;
    struct arena *arena = fuzz_arena();
    struct pairs pairs;
    struct error err;
    enum status status = pairs_parse(arena, "form", text, &pairs, &err);

    if (status != AF_OK) {
        ensure_refusal(status, &err, KIND(AF_INVALID));
    } else {
        ENSURE(pairs.count <= HTTP_PARAMETERS_MAX);
        for (size_t i = 0; i < pairs.count; i++) {
            check_text(pairs.list[i].name);
            check_text(pairs.list[i].value);
        }
        check_again(arena, &pairs);
    }
    status = percent_decode(arena, "path", text, false, &decoded, &err);
    if (status == AF_OK)
        check_text(decoded);
    else
        ensure_refusal(status, &err, KIND(AF_INVALID));
    return 0;
}
