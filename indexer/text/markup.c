/* markup.c: one pass, no tree: what is surely markup becomes blanks, what may be text stays.
 *
 *     "See [the **guide**](http://a/b)."  →  "See  the   guide               ."
 *     "<p class=\"x\">a</p>"              →  "            a    "
 *
 * A line break stays a line break wherever it stands, so that lines can be counted. Text inside
 * code fences and `code` stays, only the marks go. Nothing is looked for further ahead than
 * LOOK_AHEAD bytes, and what has no end is looked for once, so hostile text costs linear time. */
#include "indexer/text/markup.h"

#include <strings.h>

#define LOOK_AHEAD 1024 /* of a tag, a link target; longer ones are left as text */
#define TAG_NAME_MAX 24

/* Regions that may be as long as the text. */
enum region { REGION_COMMENT, REGION_SCRIPT, REGION_STYLE, REGION_DATA, REGION_COUNT };

static const struct {
    const char *open, *close;
} regions[REGION_COUNT] = {
    [REGION_COMMENT] = {"<!--",    "-->"      },
    [REGION_SCRIPT] = {"<script", "</script>"},
    [REGION_STYLE] = {"<style",  "</style>" },
    [REGION_DATA] = {"](data:", ")"        }, /* a picture inside the text */
};

struct pass {
    struct bytes text;
    uint8_t *out; /* a copy of text that is blanked in place */
    size_t at;
    size_t bracket; /* one past the last `[` that may begin a link; 0: none */
    bool is_table;
    bool is_endless[REGION_COUNT]; /* no end of it follows anywhere */
};

static void blank(struct pass *p, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (p->out[i] != '\n' && p->out[i] != '\r')
            p->out[i] = ' ';
    }
}

static uint8_t byte_at(const struct pass *p, size_t at)
{
    return at < p->text.len ? p->text.data[at] : 0;
}

static bool is_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_word_byte(uint8_t c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c >= 0x80;
}

static bool starts_with(const struct pass *p, size_t at, const char *s)
{
    size_t len = strlen(s);

    return p->text.len - at >= len && strncasecmp((const char *)p->text.data + at, s, len) == 0;
}

/* The offset after the region that begins here, or 0. */
static size_t region_end(struct pass *p, enum region region)
{
    const char *close = regions[region].close;
    size_t at = p->at + strlen(regions[region].open);

    if (p->is_endless[region] || !starts_with(p, p->at, regions[region].open))
        return 0;
    for (; at < p->text.len; at++) {
        if (p->text.data[at] == (uint8_t)close[0] && starts_with(p, at, close))
            return at + strlen(close);
    }
    p->is_endless[region] = true;
    return 0;
}

/* --- HTML ----------------------------------------------------------------------------- */

/* The offset after `>` of a tag whose `<` is at `at`, or 0 when it is no tag: 3 < 4, <addr>. */
static size_t tag_end(const struct pass *p, size_t at)
{
    size_t end = at + LOOK_AHEAD < p->text.len ? at + LOOK_AHEAD : p->text.len;
    uint8_t quote = 0;

    at += byte_at(p, at + 1) == '/' ? 2 : 1;
    if (!is_letter(byte_at(p, at)) && byte_at(p, at) != '!' && byte_at(p, at) != '?')
        return 0;
    for (; at < end; at++) {
        uint8_t c = p->text.data[at];

        if (quote != 0)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return at + 1;
        else if (c == '<')
            return 0;
    }
    return 0;
}

static bool is_html_name(const struct pass *p, size_t at)
{
    static const char *const names[] = {
        "a",        "abbr",   "article",    "aside",   "b",      "blockquote", "body",
        "br",       "button", "caption",    "center",  "cite",   "code",       "col",
        "colgroup", "dd",     "del",        "details", "dfn",    "div",        "dl",
        "dt",       "em",     "figcaption", "figure",  "font",   "footer",     "form",
        "h1",       "h2",     "h3",         "h4",      "h5",     "h6",         "head",
        "header",   "hr",     "html",       "i",       "iframe", "img",        "input",
        "ins",      "kbd",    "label",      "li",      "link",   "main",       "mark",
        "meta",     "nav",    "object",     "ol",      "option", "p",          "picture",
        "pre",      "q",      "s",          "samp",    "script", "section",    "select",
        "small",    "source", "span",       "strike",  "strong", "style",      "sub",
        "summary",  "sup",    "svg",        "table",   "tbody",  "td",         "textarea",
        "tfoot",    "th",     "thead",      "title",   "tr",     "tt",         "u",
        "ul",       "var",    "video",      "wbr",
    };
    size_t len = 0;

    at += byte_at(p, at + 1) == '/' ? 2 : 1;
    if (byte_at(p, at) == '!' || byte_at(p, at) == '?')
        return true;
    while (len < TAG_NAME_MAX &&
           (is_word_byte(byte_at(p, at + len)) || byte_at(p, at + len) == '-'))
        len++;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i]) == len &&
            strncasecmp((const char *)p->text.data + at, names[i], len) == 0)
            return true;
    }
    return false;
}

/* <!-- … -->, <script>…</script>, <tag …>; a name in angle brackets that HTML does not know is
 * text (<addr> in a command line). */
static bool take_html(struct pass *p)
{
    size_t end = 0;

    for (enum region r = REGION_COMMENT; r <= REGION_STYLE && end == 0; r++)
        end = region_end(p, r);
    if (end == 0 && is_html_name(p, p->at))
        end = tag_end(p, p->at);
    if (end == 0)
        return false;
    blank(p, p->at, end);
    p->at = end;
    return true;
}

/* --- Markdown ------------------------------------------------------------------------- */

/* The offset after `(target "title")` or `[label]` whose bracket is at `at`, or 0. */
static size_t target_end(const struct pass *p, size_t at)
{
    uint8_t open = byte_at(p, at), close = open == '(' ? ')' : ']';
    size_t end = at + LOOK_AHEAD < p->text.len ? at + LOOK_AHEAD : p->text.len;
    unsigned depth = 0;

    if (open != '(' && open != '[')
        return 0;
    for (; at < end; at++) {
        uint8_t c = p->text.data[at];

        depth += c == open;
        depth -= c == close;
        if (depth == 0)
            return at + 1;
        if (c == '\n' && byte_at(p, at + 1) == '\n')
            return 0;
    }
    return 0;
}

/* `](target "title")` or `][label]`: all of it goes, and the bracket that began the link; the
 * text between stays. */
static bool take_link_target(struct pass *p)
{
    size_t end = region_end(p, REGION_DATA);

    if (end == 0)
        end = p->bracket == 0 ? 0 : target_end(p, p->at + 1);
    if (end == 0)
        return false;
    if (p->bracket > 0)
        blank(p, p->bracket - 1, p->bracket);
    if (p->bracket > 1 && p->text.data[p->bracket - 2] == '!')
        blank(p, p->bracket - 2, p->bracket);
    p->bracket = 0;
    blank(p, p->at, end);
    p->at = end;
    return true;
}

static bool is_blank_or_none(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0;
}

/* Emphasis and code marks. `code` always; **bold** where it touches text; the others where they
 * touch a word on one side only, so that 2*3, snake_case and ~/path stay. Chinese has no blanks
 * around emphasis: 请*点击*这里. */
static bool is_mark(const struct pass *p, size_t at, size_t end)
{
    uint8_t c = byte_at(p, at), before = at == 0 ? 0 : p->text.data[at - 1],
            after = byte_at(p, end);

    if (c == '`')
        return true;
    if (c == '~' && end - at < 2)
        return false;
    if (c == '*' && end - at >= 2)
        return !is_blank_or_none(before) || !is_blank_or_none(after);
    if (c == '*' && (before >= 0x80 || after >= 0x80))
        return true;
    return end - at <= 3 && is_word_byte(before) != is_word_byte(after);
}

static bool take_mark(struct pass *p)
{
    size_t end = p->at;

    while (end < p->text.len && p->text.data[end] == p->text.data[p->at])
        end++;
    if (is_mark(p, p->at, end))
        blank(p, p->at, end);
    p->at = end;
    return true;
}

static size_t line_end(const struct pass *p, size_t at)
{
    const uint8_t *end =
        at < p->text.len ? memchr(p->text.data + at, '\n', p->text.len - at) : NULL;

    return end == NULL ? p->text.len : (size_t)(end - p->text.data);
}

/* A line of only | - : = + * _ and blanks: a table's rule, a heading's underline, a break. */
static bool is_rule(const struct pass *p, size_t at, size_t end)
{
    unsigned marks = 0;

    for (; at < end; at++) {
        uint8_t c = p->text.data[at];

        if (memchr("|-:=+*_ \t\r", c, 10) == NULL)
            return false;
        marks += c != ' ' && c != '\t' && c != '\r';
    }
    return marks >= 3;
}

/* How many bytes of "# ", "> ", "- ", "* ", "+ ", "1. " begin the line; 0 when it is text. */
static size_t prefix_len(const struct pass *p, size_t at)
{
    size_t n = 0;
    uint8_t c = byte_at(p, at);

    if (c == '#') {
        while (n < 6 && byte_at(p, at + n) == '#')
            n++;
        return byte_at(p, at + n) == ' ' || byte_at(p, at + n) == '\n' ? n : 0;
    }
    if (c == '>')
        return 1;
    return (c == '-' || c == '*' || c == '+') && byte_at(p, at + 1) == ' ' ? 1 : 0;
}

/* What stands at the beginning of a line. ``` and ~~~ take the language's name with them. */
static void take_line_start(struct pass *p)
{
    size_t at = p->at, end, prefix;

    while (byte_at(p, at) == ' ' || byte_at(p, at) == '\t')
        at++;
    end = line_end(p, at);
    p->is_table = byte_at(p, at) == '|';
    if (starts_with(p, at, "```") || starts_with(p, at, "~~~") || is_rule(p, at, end)) {
        blank(p, at, end);
        p->at = end;
        return;
    }
    while ((prefix = prefix_len(p, at)) > 0) {
        blank(p, at, at + prefix);
        at += prefix;
        while (byte_at(p, at) == ' ')
            at++;
    }
    p->at = at;
}

static bool take_inline(struct pass *p)
{
    switch (byte_at(p, p->at)) {
    case '<':
        return take_html(p);
    case ']':
        return take_link_target(p);
    case '*':
    case '_':
    case '~':
    case '`':
        return take_mark(p);
    case '[':
        p->bracket = p->at + 1;
        return false;
    case '|':
        if (p->is_table)
            blank(p, p->at, p->at + 1);
        return false;
    default:
        return false;
    }
}

/* The next byte that may be markup, or ends a line; most of a text is neither. */
static size_t next_special(struct bytes text, size_t at)
{
    static const bool is_special[UINT8_MAX + 1] = {
        ['\n'] = true, ['<'] = true, ['['] = true, [']'] = true, ['*'] = true,
        ['_'] = true,  ['~'] = true, ['`'] = true, ['|'] = true,
    };

    while (at < text.len && !is_special[text.data[at]])
        at++;
    return at;
}

static void run(struct pass *p)
{
    while (p->at < p->text.len) {
        if (p->at == 0 || p->text.data[p->at - 1] == '\n')
            take_line_start(p);
        p->at = next_special(p->text, p->at);
        while (p->at < p->text.len && take_inline(p))
            p->at = next_special(p->text, p->at);
        p->at++;
    }
}

void markup_blank(struct bytes text, struct buf *out)
{
    uint8_t *at = buf_reserve(out, text.len);
    struct pass pass = {.text = text};

    if (at == NULL || text.len == 0)
        return;
    memcpy(at, text.data, text.len);
    pass.out = at;
    run(&pass);
    out->len += text.len;
    out->data[out->len] = '\0';
}
