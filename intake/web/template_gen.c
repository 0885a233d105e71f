/* template_gen.c: pages written as HTML, turned into C functions while building.
 *
 *     template_gen OUT.c PAGE.html…
 *
 *     <%! void view_hello(struct page *pg, const struct hello *v) %>   begins a function
 *     <p>{{v->name}}</p>           a value, escaped for text and quoted attributes
 *     <a href="/case/{{url v->id}}">  a value as one part of a path or query
 *     <h1>{{t hello_title, v->n}}</h1>  a text of the catalog (i18n.h) with its arguments
 *     <% for (size_t i = 0; …) { %> … <% } %>   C, on its way
 *     <%# a remark %>
 *
 * gcc then checks names and types (#line leads its messages back to the page), and nothing is
 * parsed while serving. There is no way to write a value unescaped. What our content security
 * policy would refuse in the browser is refused here already: inline script and style, handler
 * attributes, and values in attributes without quotes. */
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct source {
    const char *path;
    char *text;
    const char *at;
    int line;
    bool in_function;
    bool in_tag; /* between '<' and '>' of the page */
    char quote;  /* in an attribute's value: what ends it */
};

static FILE *out;

static void die(const struct source *s, const char *what)
{
    fprintf(stderr, "%s:%d: %s\n", s->path, s->line, what);
    exit(1);
}

static char *read_all(const char *path)
{
    FILE *in = fopen(path, "rb");
    char *text = NULL;
    size_t len = 0, got = 1;

    while (in != NULL && got > 0) {
        text = realloc(text, len + 4096 + 1);
        if (text == NULL)
            break;
        got = fread(text + len, 1, 4096, in);
        len += got;
        text[len] = '\0';
    }
    if (in == NULL || text == NULL || ferror(in) != 0 || strlen(text) != len) {
        fprintf(stderr, "template_gen: %s cannot be read, or holds a NUL\n", path);
        exit(1);
    }
    (void)fclose(in);
    return text;
}

/* --- the plain HTML between ---------------------------------------------------------------- */

static bool is_handler_attribute(const char *at)
{
    size_t i = 3;

    if (strncmp(at, " on", 3) != 0)
        return false;
    while (isalpha((unsigned char)at[i]))
        i++;
    return i > 3 && at[i] == '=';
}

/* Where a value would stand: in text, in a tag, or in an attribute's quotes. */
static void follow(struct source *s, char c, char next)
{
    if (s->quote != 0) {
        if (c == s->quote)
            s->quote = 0;
    } else if (s->in_tag) {
        if (c == '"' || c == '\'')
            s->quote = c;
        s->in_tag = c != '>';
    } else {
        s->in_tag = c == '<' && (isalpha((unsigned char)next) || next == '/' || next == '!');
    }
}

/* Whatever the browser would refuse anyway (Content-Security-Policy). */
static void lint(const struct source *s, const char *text, size_t len)
{
    for (const char *at = text; at < text + len; at++) {
        if (strncmp(at, "<script", 7) == 0 && strncmp(at, "<script src=", 12) != 0 &&
            strncmp(at, "<script type=\"module\" src=", 26) != 0)
            die(s, "a script must come from a file: <script src=");
        if (strncmp(at, "<style", 6) == 0 || strncmp(at, " style=", 7) == 0)
            die(s, "styles belong into style.css");
        if (is_handler_attribute(at))
            die(s, "handlers belong into app.js");
        if (strncmp(at, "javascript:", 11) == 0)
            die(s, "an address cannot be javascript:");
    }
}

static void put_literal(const char *text, size_t len)
{
    fputs("    page_markup(pg, \"", out);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c == '\n')
            fputs("\\n", out);
        else if (c < ' ' || c > '~' || c == '?') /* '?': no trigraphs */
            fprintf(out, "\\%03o", c);
        else
            fputc(c, out);
    }
    fputs("\");\n", out);
}

/* Blanks at the beginning of lines and empty lines are for who writes the page; a blank between
 * two words, or two elements, stays one. */
static void put_html(struct source *s, size_t len)
{
    char *kept = malloc(len + 1);
    size_t n = 0;
    bool blank = true;

    if (kept == NULL)
        die(s, "no memory");
    lint(s, s->at, len);
    for (size_t i = 0; i < len; i++) {
        char c = s->at[i];
        bool at_line = n > 0 && kept[n - 1] == '\n';

        follow(s, c, s->at[i + 1]);
        if (c == '\n')
            s->line++;
        if (c != ' ' && c != '\n')
            blank = false;
        if ((c == ' ' || c == '\n') && at_line)
            continue;
        kept[n++] = c;
    }
    if (!s->in_function && !blank)
        die(s, "text before the first <%! … %>");
    if (s->in_function && n > 0 && !(blank && n == 1 && kept[0] == '\n'))
        put_literal(kept, n);
    free(kept);
    s->at += len;
}

/* --- {{ }} and <% %> ----------------------------------------------------------------------- */

static struct source begin_part(struct source *s, const char *close, char **part)
{
    const struct source before = *s;
    const char *end = strstr(s->at + 2, close);
    size_t len;

    if (end == NULL)
        die(s, "this is never closed");
    len = (size_t)(end - s->at) - 2;
    *part = malloc(len + 1);
    if (*part == NULL)
        die(s, "no memory");
    memcpy(*part, s->at + 2, len);
    (*part)[len] = '\0';
    for (const char *at = s->at; at < end; at++)
        s->line += *at == '\n';
    s->at = end + 2;
    return before;
}

/* "key, a, f(b, c)": commas outside of parentheses part the arguments. */
static void put_text(const struct source *s, const char *part)
{
    size_t key = strspn(part, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
    const char *args = part + key + strspn(part + key, " ");
    int depth = 0;

    if (key == 0 || (*args != '\0' && *args != ','))
        die(s, "a text is {{t key}} or {{t key, argument, …}}");
    fprintf(out, "    page_text(pg, T_%.*s, (const struct bytes[]){", (int)key, part);
    if (*args == '\0') {
        fputs("BYTES_NONE}, 0);\n", out);
        return;
    }
    fputs("AS_TEXT(pg, ", out);
    key = 1;
    for (const char *at = args + 1; *at != '\0'; at++) {
        depth += (*at == '(') - (*at == ')');
        if (*at == ',' && depth == 0) {
            fputs("), AS_TEXT(pg, ", out);
            key++;
        } else {
            fputc(*at, out);
        }
    }
    fprintf(out, ")}, %zu);\n", key);
}

static void put_value(struct source *s)
{
    char *part;
    struct source before = begin_part(s, "}}", &part);

    if (!before.in_function)
        die(&before, "a value before the first <%! … %>");
    fprintf(out, "#line %d \"%s\"\n", before.line, before.path);
    if (before.in_tag && before.quote == 0)
        die(&before, "a value in an attribute needs quotes around it");
    if (part[0] == '!')
        die(&before, "there is no unescaped output");
    if (strncmp(part, "t ", 2) == 0)
        put_text(&before, part + 2);
    else if (strncmp(part, "url ", 4) == 0)
        fprintf(out, "    page_url(pg, AS_TEXT(pg, %s));\n", part + 4);
    else
        fprintf(out, "    page_put(pg, AS_TEXT(pg, %s));\n", part);
    free(part);
}

static void put_code(struct source *s)
{
    char *part;
    struct source before = begin_part(s, "%>", &part);

    if (part[0] == '!') {
        if (before.in_function)
            fputs("}\n\n", out);
        fprintf(out, "#line %d \"%s\"\n%s\n{\n", before.line, before.path, part + 1);
        s->in_function = true;
        s->in_tag = false;
        s->quote = 0;
    } else if (part[0] != '#') {
        if (!before.in_function)
            die(&before, "code before the first <%! … %>");
        fprintf(out, "#line %d \"%s\"\n%s\n", before.line, before.path, part);
    }
    free(part);
    if (*s->at == '\n') { /* a line of code alone leaves no empty line */
        s->at++;
        s->line++;
    }
}

static void compile(const char *path)
{
    struct source s = {.path = path, .text = read_all(path), .line = 1};

    s.at = s.text;
    while (*s.at != '\0') {
        const char *value = strstr(s.at, "{{"), *code = strstr(s.at, "<%");
        const char *next = value == NULL || (code != NULL && code < value) ? code : value;
        size_t len = next == NULL ? strlen(s.at) : (size_t)(next - s.at);

        put_html(&s, len);
        if (next != NULL && *next == '{')
            put_value(&s);
        else if (next != NULL)
            put_code(&s);
    }
    if (s.in_function)
        fputs("}\n\n", out);
    free(s.text);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: template_gen OUT.c PAGE.html…\n", stderr);
        return 2;
    }
    out = fopen(argv[1], "w");
    if (out == NULL) {
        perror(argv[1]);
        return 1;
    }
    fputs("/* made by template_gen */\n#include \"intake/web/views.h\"\n\n", out);
    for (int i = 2; i < argc; i++)
        compile(argv[i]);
    if (ferror(out) != 0 || fclose(out) != 0) {
        perror(argv[1]);
        return 1;
    }
    return 0;
}
