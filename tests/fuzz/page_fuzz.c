/* Whatever text is put into a page, no markup comes of it: no < > " ' but ours, & only before a
 * name that we write, and a URL's part holds only what may stand there.
 *
 *     | way u8 | (marks: three pairs of starts and ends u8) | text | */
#include "tests/fuzz/fuzz.h"

#include "intake/web/page.h"

/* Skips `known` at the front of the rest. */
static bool skips(struct reader *r, const char *known)
{
    if (!bytes_has_prefix(bytes_of(r->at, reader_left(r)), bytes_str(known)))
        return false;
    r->at += strlen(known);
    return true;
}

static void check_text(struct bytes html, const char *const *tags)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&#34;", "&#39;"};
    struct reader r = reader_of(html);

    ENSURE(fuzz_is_utf8(html));
    while (reader_left(&r) > 0) {
        bool known = false;

        for (size_t i = 0; i < 5 && !known; i++)
            known = skips(&r, entities[i]);
        for (size_t i = 0; !known && tags[i] != NULL; i++)
            known = skips(&r, tags[i]);
        if (known)
            continue;
        ENSURE(strchr("&<>\"'", *r.at) == NULL);
        ENSURE(*r.at >= ' ' || *r.at == '\n' || *r.at == '\t');
        r.at++;
    }
}

static void put_marked(struct page *pg, struct reader *r)
{
    struct mark marks[3];
    struct marked_text text = {.marks = marks, .marks_count = 3};

    for (int i = 0; i < 3; i++) {
        marks[i].start = take_u8(r);
        marks[i].end = take_u8(r);
    }
    text.text = take_rest(r);
    page_marked(pg, &text);
}

static void check_url(struct bytes url)
{
    for (size_t i = 0; i < url.len; i++) {
        uint8_t c = url.data[i];

        ENSURE((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               strchr("-_.~%", c) != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const none[] = {NULL}, *const mark[] = {"<mark>", "</mark>", NULL};
    /* The address itself is between these, escaped. */
    static const char *const link[] = {"<a rel=\"nofollow noopener\" href=\"http://",
                                       "<a rel=\"nofollow noopener\" href=\"https://", "\">http",
                                       "</a>", NULL};
    struct reader r = reader_of(bytes_of(data, size));
    struct buf out = {0};
    struct page pg = {.out = &out, .arena = fuzz_arena(), .lang = LANG_EN};
    uint8_t way = take_u8(&r) % 4;

    if (way == 0)
        page_put(&pg, take_rest(&r));
    else if (way == 1)
        put_marked(&pg, &r);
    else if (way == 2)
        page_linked(&pg, take_rest(&r));
    else
        page_url(&pg, take_rest(&r));
    ENSURE(buf_ok(&out));
    if (way == 3)
        check_url(buf_bytes(&out));
    else
        check_text(buf_bytes(&out), way == 0 ? none : way == 1 ? mark : link);
    buf_release(&out);
    return 0;
}
