#include "tests/harness.h"

#include "intake/web/views.h"

#define EVIL "<img src=x onerror=\"alert('1')\">&"

struct fixture {
    struct page pg;
    struct buf out;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    f->pg = (struct page){
        .out = &f->out, .arena = arena_new(1 << 20), .lang = LANG_EN, .form_token = ""};
    assert_non_null(f->pg.arena);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    arena_free(f->pg.arena);
    buf_release(&f->out);
    free(f);
    return 0;
}

static void every_character_with_a_meaning_in_html_is_escaped(void **state)
{
    static const struct {
        struct bytes text;
        const char *html;
    } table[] = {
        {BYTES_LIT("plain 打印机"), "plain 打印机"                   },
        {BYTES_LIT("<b>&\"'</b>"),     "&lt;b&gt;&amp;&#34;&#39;&lt;/b&gt;"},
        {BYTES_LIT("&amp;"),           "&amp;amp;"                         },
        {BYTES_LIT("a\r\nb\tc"),       "a\nb\tc"                           },
        {BYTES_LIT("a\0b\x1B"
                   "c\x7F"),
         "a\xEF\xBF\xBD"
         "b\xEF\xBF\xBD"
         "c\xEF\xBF\xBD"                                                   },
        {BYTES_LIT("\xFF<\xC3"),       "\xEF\xBF\xBD&lt;\xEF\xBF\xBD"      },
        {BYTES_LIT(""),                ""                                  },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        buf_clear(&f->out);
        page_put(&f->pg, table[i].text);
        assert_string_equal(table[i].html, buf_str(&f->out));
    }
}

static void a_part_of_an_address_keeps_only_unreserved_characters(void **state)
{
    struct fixture *f = *state;

    page_url(&f->pg, BYTES_LIT("a/b?c=d&e \"<打"));
    assert_string_equal("a%2Fb%3Fc%3Dd%26e%20%22%3C%E6%89%93", buf_str(&f->out));
}

static void the_arguments_of_a_text_are_escaped_with_it(void **state)
{
    const struct bytes args[] = {BYTES_LIT(EVIL)};
    struct fixture *f = *state;

    page_text(&f->pg, T_case_author, args, 1);
    assert_null(strstr(buf_str(&f->out), "<img"));
    assert_non_null(strstr(buf_str(&f->out), "&lt;img"));
}

static void marks_stand_around_escaped_text(void **state)
{
    const struct mark marks[] = {
        {0, 3},
        {5, 7}
    };
    const struct marked_text text = {BYTES_LIT("<a> & b"), marks, 2};
    struct fixture *f = *state;

    page_marked(&f->pg, &text);
    assert_string_equal("<mark>&lt;a&gt;</mark> &amp;<mark> b</mark>", buf_str(&f->out));
}

/* Marks come from the search; a wrong one costs its highlight and nothing else. */
static void marks_that_overlap_or_pass_the_end_are_left_out(void **state)
{
    const struct mark marks[] = {
        {0, 2 },
        {1, 3 },
        {3, 3 },
        {4, 99}
    };
    const struct marked_text text = {BYTES_LIT("abcdef"), marks, 4};
    struct fixture *f = *state;

    page_marked(&f->pg, &text);
    assert_string_equal("<mark>ab</mark>cdef", buf_str(&f->out));
}

static void addresses_become_links_and_nothing_else_does(void **state)
{
    static const struct {
        struct bytes text;
        const char *html;
    } table[] = {
        {BYTES_LIT("看 http://a.example/case/1。好"),
         "看 <a rel=\"nofollow noopener\" "
         "href=\"http://a.example/case/1\">http://a.example/case/1</a>"
         "。好"                                                                               },
        {BYTES_LIT("(https://a.example/?x=1&y=2)."),
         "(<a rel=\"nofollow noopener\" href=\"https://a.example/?x=1&amp;y=2\">"
         "https://a.example/?x=1&amp;y=2</a>)."                                                 },
        {BYTES_LIT("javascript:alert(1) http:// ftp://a"), "javascript:alert(1) http:// ftp://a"},
        {BYTES_LIT("http://a\"><script>"),
         "<a rel=\"nofollow noopener\" href=\"http://a\">http://a</a>&#34;&gt;&lt;script&gt;"   },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        buf_clear(&f->out);
        page_linked(&f->pg, table[i].text);
        assert_string_equal(table[i].html, buf_str(&f->out));
    }
}

static void a_hostile_case_stays_text_on_its_page(void **state)
{
    const struct bytes evil = BYTES_LIT(EVIL);
    const struct case_text text = {.id = evil,
                                   .lang = evil,
                                   .title = evil,
                                   .product = evil,
                                   .category = evil,
                                   .environment = evil,
                                   .symptom = evil,
                                   .cause = evil,
                                   .resolution = BYTES_LIT("1. " EVIL "\n2. b"),
                                   .advice = evil,
                                   .text = evil,
                                   .author = evil,
                                   .updated = evil};
    struct hit other = {.id = evil, .lang = evil, .title = {.text = evil}};
    const struct search_result like = {.hits = &other, .hits_count = 1};
    struct fixture *f = *state;

    view_case(&f->pg, &text, &like);
    assert_true(buf_ok(&f->out));
    assert_null(strstr(buf_str(&f->out), "<img src=x"));
    assert_null(strstr(buf_str(&f->out), "onerror=\""));
    assert_non_null(strstr(buf_str(&f->out), "<li value=\"1\">"));
}

static void a_value_that_the_catalog_does_not_know_is_shown_as_it_is(void **state)
{
    struct fixture *f = *state;

    assert_bytes_equal(BYTES_LIT("Closed"), page_word(&f->pg, "state_", BYTES_LIT("closed")));
    assert_bytes_equal(BYTES_LIT("frozen"), page_word(&f->pg, "state_", BYTES_LIT("frozen")));
    assert_bytes_equal(BYTES_LIT(""), page_word(&f->pg, "state_", BYTES_LIT("")));
}

static void every_problem_kind_has_words_for_a_person(void **state)
{
    static const struct problem_kind *const kinds[] = {
        &PROBLEM_MALFORMED, &PROBLEM_SIGN_IN,  &PROBLEM_DENIED,       &PROBLEM_NOT_FOUND,
        &PROBLEM_METHOD,    &PROBLEM_CONFLICT, &PROBLEM_TOO_LARGE,    &PROBLEM_MEDIA_TYPE,
        &PROBLEM_INVALID,   &PROBLEM_RATE,     &PROBLEM_HEADER_LARGE, &PROBLEM_INTERNAL,
        &PROBLEM_BUSY,      &PROBLEM_FULL,
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct bytes word = problem_word(kinds[i]);

        assert_false(bytes_equal(word, page_word(&f->pg, "problem_", word)));
        assert_false(bytes_equal(word, page_word(&f->pg, "problem_help_", word)));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_character_with_a_meaning_in_html_is_escaped),
        TEST(a_part_of_an_address_keeps_only_unreserved_characters),
        TEST(the_arguments_of_a_text_are_escaped_with_it),
        TEST(marks_stand_around_escaped_text),
        TEST(marks_that_overlap_or_pass_the_end_are_left_out),
        TEST(addresses_become_links_and_nothing_else_does),
        TEST(a_hostile_case_stays_text_on_its_page),
        TEST(a_value_that_the_catalog_does_not_know_is_shown_as_it_is),
        TEST(every_problem_kind_has_words_for_a_person),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
