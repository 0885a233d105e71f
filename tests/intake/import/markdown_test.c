#include "tests/intake/import/fixture.h"

#include "intake/import/markdown.h"

/* The JSON that is meant, with ' for " to keep the tables readable. */
static json_t *quoted(const char *text)
{
    char *copy = strdup(text);
    json_t *json;

    for (char *c = copy; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    json = test_json(copy);
    free(copy);
    return json;
}

static void a_file_becomes_a_case(void **state)
{
    static const struct {
        const char *text, *article;
    } examples[] = {
        {.text = "# A title\n\nText\nmore\n",
         .article = "{'title':'A title','text':'Text\\nmore'}"                                                                                     },
        {.text = "\n\n## A title #\r\n\r\nText\r\n",
         .article = "{'title':'A title #','text':'Text'}"                                                                                          },
        {.text = "A title\n=======\nText",                                                           .article = "{'title':'A title','text':'Text'}"},
        {.text = "No heading\nat all\n",
         .article = "{'title':'name','text':'No heading\\nat all'}"                                                                                },
        {.text = "# Only a title",                                                                   .article = "{'title':'Only a title'}"         },
        {.text = "",                                                                                 .article = "{'title':'name'}"                 },
        {.text = "---\ntitle: From: the front\nProduct: \"X 1\"\n# a comment\n\n---\n# Stays\ntext",
         .article = "{'title':'From: the front','product':'X 1','text':'# Stays\\ntext'}"                                                          },
        {.text = "---\ncategory: [网络, \"路由器, 家用\" , ]\n---\n# T\nx",
         .article = "{'category':['网络','路由器, 家用'],'title':'T','text':'x'}"                                                           },
        {.text = "---\nkeywords:\n  - a\n  - \"b: c\"\n---\n# T",
         .article = "{'keywords':['a','b: c'],'title':'T'}"                                                                                        },
        {.text = "---\nempty:\n---\n# T",                                                            .article = "{'empty':'','title':'T'}"         },
        {.text = "text\n---\nid: no\n---\n",
         .article = "{'title':'name','text':'text\\n---\\nid: no\\n---'}"                                                                          },
    };

    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        json_t *wanted = quoted(examples[i].article), *article = NULL;
        struct error err;
        uint64_t line;

        assert_ok(markdown_read(bytes_str(examples[i].text), "name", &article, &line, &err));
        if (json_equal(wanted, article) != 1)
            fail_msg("%s gives %s", examples[i].text, json_dumps(article, JSON_COMPACT));
        json_decref(wanted);
        json_decref(article);
    }
}

static void front_matter_that_cannot_be_read_is_named_by_line(void **state)
{
    static const struct {
        const char *text;
        uint64_t line;
    } examples[] = {
        {"---\ntitle: x\nno colon\n---\n",    3},
        {"---\ntitle: x\n  nested: y\n---\n", 3},
        {"---\n- item\n---\n",                2},
        {"---\ntitle: x\n- item\n---\n",      3},
        {"---\na: 1\nA: 2\n---\n",            3},
        {"---\ntitle: never closed\n",        1},
        {"---\n: no key\n---\n",              2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        json_t *article = NULL;
        struct error err;
        uint64_t line = 0;

        assert_refused(AF_INVALID,
                       markdown_read(bytes_str(examples[i].text), "name", &article, &line, &err));
        assert_int_equal(examples[i].line, line);
        assert_null(article);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_becomes_a_case),
        cmocka_unit_test(front_matter_that_cannot_be_read_is_named_by_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
