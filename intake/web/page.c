#include "intake/web/page.h"

#include "data/base/utf8.h"

#include <inttypes.h>

void page_markup(struct page *pg, const char *markup)
{
    buf_add_str(pg->out, markup);
}

/* What stands for this byte in HTML; NULL: itself. */
static const char *entity(uint8_t c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&#34;";
    case '\'':
        return "&#39;";
    case '\r':
        return ""; /* of CR LF; alone it is no line break to HTML either */
    default:
        break;
    }
    if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7F)
        return "\xEF\xBF\xBD"; /* U+FFFD */
    return NULL;
}

static void put_clean(struct page *pg, struct bytes text)
{
    size_t from = 0;

    for (size_t i = 0; i < text.len; i++) {
        const char *instead = entity(text.data[i]);

        if (instead == NULL)
            continue;
        buf_add(pg->out, bytes_of(text.data + from, i - from));
        buf_add_str(pg->out, instead);
        from = i + 1;
    }
    buf_add(pg->out, bytes_of(text.data + from, text.len - from));
}

void page_put(struct page *pg, struct bytes text)
{
    struct buf clean = {0};

    if (text.len == 0)
        return;
    if (utf8_valid_len(text) == text.len) {
        put_clean(pg, text);
        return;
    }
    utf8_add_clean(&clean, text);
    if (!buf_ok(&clean))
        pg->out->failed = true;
    put_clean(pg, buf_bytes(&clean));
    buf_release(&clean);
}

void url_add(struct buf *out, struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '_' || c == '.' || c == '~';

        if (plain)
            buf_add_u8(out, c);
        else
            buf_printf(out, "%%%02X", c);
    }
}

void page_url(struct page *pg, struct bytes text)
{
    url_add(pg->out, text);
}

struct bytes page_text_value(struct page *pg, enum text_key key, const struct bytes *args,
                             size_t count)
{
    struct buf text = {0};
    struct bytes copy;

    text_fill(&text, pg->lang, key, args, count);
    copy = arena_copy(pg->arena, buf_bytes(&text));
    if (!buf_ok(&text) || copy.data == NULL)
        pg->out->failed = true;
    buf_release(&text);
    return copy;
}

void page_text(struct page *pg, enum text_key key, const struct bytes *args, size_t count)
{
    page_put(pg, page_text_value(pg, key, args, count));
}

struct bytes page_word(struct page *pg, const char *prefix, struct bytes word)
{
    const char *name =
        arena_printf(pg->arena, "%s%.*s", prefix, (int)(word.len & 0xFF), (const char *)word.data);
    enum text_key key;

    if (word.len == 0 || word.len > 40 || name == NULL || !text_find(name, &key))
        return word;
    return bytes_str(text_table[key][pg->lang].other);
}

void page_marked(struct page *pg, const struct marked_text *text)
{
    size_t at = 0;

    for (uint32_t i = 0; i < text->marks_count; i++) {
        const struct mark *mark = &text->marks[i];

        if (mark->start < at || mark->end <= mark->start || mark->end > text->text.len)
            continue;
        page_put(pg, bytes_of(text->text.data + at, mark->start - at));
        page_markup(pg, "<mark>");
        page_put(pg, bytes_of(text->text.data + mark->start, mark->end - mark->start));
        page_markup(pg, "</mark>");
        at = mark->end;
    }
    page_put(pg, bytes_of(text->text.data + at, text->text.len - at));
}

/* Bytes of an address at the front of `text` (RFC 3986), 0 when there is none. Points and
 * brackets at its end belong to the sentence. */
static size_t address_len(struct bytes text)
{
    static const char others[] = "-._~:/?#[]@!$&'()*+,;=%";
    size_t len = bytes_has_prefix(text, BYTES_LIT("https://"))  ? 8
                 : bytes_has_prefix(text, BYTES_LIT("http://")) ? 7
                                                                : 0;
    size_t scheme = len;

    if (len == 0)
        return 0;
    while (len < text.len) {
        uint8_t c = text.data[len];
        bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

        if (!plain && (c == 0 || strchr(others, c) == NULL))
            break;
        len++;
    }
    while (len > scheme && strchr(".,;:!?)]'", text.data[len - 1]) != NULL)
        len--;
    return len > scheme ? len : 0;
}

void page_linked(struct page *pg, struct bytes text)
{
    size_t from = 0;

    for (size_t i = 0; i < text.len; i++) {
        size_t len = address_len(bytes_of(text.data + i, text.len - i));
        struct bytes address = bytes_of(text.data + i, len);

        if (len == 0)
            continue;
        page_put(pg, bytes_of(text.data + from, i - from));
        page_markup(pg, "<a rel=\"nofollow noopener\" href=\"");
        page_put(pg, address);
        page_markup(pg, "\">");
        page_put(pg, address);
        page_markup(pg, "</a>");
        i += len - 1;
        from = i + 1;
    }
    page_put(pg, bytes_of(text.data + from, text.len - from));
}

struct bytes page_time(struct page *pg, const char *rfc3339)
{
    if (strlen(rfc3339) < 16 || rfc3339[10] != 'T')
        return bytes_str(rfc3339);
    return bytes_str(arena_printf(pg->arena, "%.10s %.5s UTC", rfc3339, rfc3339 + 11));
}

struct bytes text_from_bytes(struct page *pg, struct bytes value)
{
    (void)pg;
    return value;
}

struct bytes text_from_str(struct page *pg, const char *value)
{
    (void)pg;
    return bytes_str(value);
}

struct bytes text_from_i64(struct page *pg, int64_t value)
{
    return bytes_str(arena_printf(pg->arena, "%" PRId64, value));
}

struct bytes text_from_u64(struct page *pg, uint64_t value)
{
    return bytes_str(arena_printf(pg->arena, "%" PRIu64, value));
}
