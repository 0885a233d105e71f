#include "tests/intake/web/generator.h"

#define HEAD "<%! void f(struct page *pg) %>\n"

static int compile(const char *page, char *said, size_t room)
{
    char *dir = test_dir_new(), *program = generator_path("template_gen"), *command = NULL;
    int code;

    write_file(dir, "page.html", page);
    assert_true(asprintf(&command, "%s %s/out.c %s/page.html 2>&1 && cat %s/out.c", program, dir,
                         dir, dir) > 0);
    code = run_command(command, said, room);
    free(command);
    free(program);
    test_dir_remove(dir);
    return code;
}

static void a_page_becomes_a_function_that_escapes_its_values(void **state)
{
    char said[4000];

    (void)state;
    assert_int_equal(0, compile(HEAD "<p class=\"{{v->a}}\">{{t hello, v->n, g(1, 2)}}</p>\n"
                                     "<% if (v->b) { %>\n  <i>{{url v->c}}</i>\n<% } %>\n",
                                said, sizeof said));
    assert_non_null(strstr(said, "void f(struct page *pg) \n{"));
    assert_non_null(strstr(said, "page_markup(pg, \"<p class=\\\"\");"));
    assert_non_null(strstr(said, "page_put(pg, AS_TEXT(pg, v->a));"));
    assert_non_null(strstr(said, "page_text(pg, T_hello, (const struct bytes[]){"
                                 "AS_TEXT(pg,  v->n), AS_TEXT(pg,  g(1, 2))}, 2);"));
    assert_non_null(strstr(said, "page_url(pg, AS_TEXT(pg, v->c));"));
    assert_non_null(strstr(said, "#line 3 "));
}

static void what_a_browser_would_refuse_fails_the_build(void **state)
{
    static const struct {
        const char *page, *sentence;
    } table[] = {
        {HEAD "<script>alert(1)</script>", "a script must come from a file"},
        {HEAD "<style>p{}</style>",        "styles belong into style.css"  },
        {HEAD "<p style=\"color:red\">",   "styles belong into style.css"  },
        {HEAD "<p onclick=\"x()\">",       "handlers belong into app.js"   },
        {HEAD "<a href=\"javascript:x\">", "cannot be javascript:"         },
        {HEAD "<p class={{v}}>",           "needs quotes"                  },
        {HEAD "<p {{v}}>",                 "needs quotes"                  },
        {HEAD "<p>{{!v}}</p>",             "no unescaped output"           },
        {HEAD "<p>{{v",                    "never closed"                  },
        {HEAD "<% if (x) {",               "never closed"                  },
        {HEAD "{{t two words}}",           "a text is {{t key}}"           },
        {"<p>too early</p>",               "before the first"              },
        {"{{v}}",                          "before the first"              },
        {"<% x(); %>",                     "before the first"              },
    };
    char said[4000];

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_int_equal(1, compile(table[i].page, said, sizeof said));
        if (strstr(said, table[i].sentence) == NULL)
            fail_msg("%s: said \"%s\"", table[i].page, said);
        assert_non_null(strstr(said, "page.html:"));
    }
}

static void words_that_only_look_like_code_are_text(void **state)
{
    char said[4000];

    (void)state;
    assert_int_equal(
        0, compile(HEAD "<p>once = {{v}} \"quoted\" 1 < 2 on time</p>\n", said, sizeof said));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_becomes_a_function_that_escapes_its_values),
        cmocka_unit_test(what_a_browser_would_refuse_fails_the_build),
        cmocka_unit_test(words_that_only_look_like_code_are_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
