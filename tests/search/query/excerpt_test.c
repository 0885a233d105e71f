#include "tests/search/library.h"

#include "data/base/utf8.h"
#include "search/query/excerpt.h"

#define MOST 4096

static void identifiers_of_faults_are_told_from_other_names(void **state)
{
    static const struct {
        const char *text;
        size_t end;
    } rows[] = {
        {"ACSD-53309 x",      10},
        {"ora-00942: no",     9 },
        {"KB4565351",         9 },
        {"CVE-2021-44228.",   14},
        {"0x80070005)",       10},
        {"0X8004DEB4",        10},
        {"db12",              0 }, /* a machine */
        {"sha-1",             0 },
        {"0x2f7",             0 },
        {"x509v3",            0 }, /* goes on */
        {"ab-12-",            0 },
        {"12345",             0 },
        {"",                  0 },
        {"abcdefghijk-12345", 0 }, /* more letters than an identifier has */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (excerpt_fault_end(bytes_str(rows[i].text), 0) != rows[i].end)
            fail_msg("%s: %zu", rows[i].text, excerpt_fault_end(bytes_str(rows[i].text), 0));
}

/* Much of what a program writes, with `line` after `before` bytes of it; parted by `end`. */
static void make_page(struct buf *out, size_t before, const char *line, size_t after, char end)
{
    size_t wanted = before;

    buf_clear(out);
    for (unsigned n = 0, said = 0; out->len < before + after || !said; n++) {
        if (!said && out->len >= wanted) {
            buf_printf(out, "%s%c", line, end);
            said = 1;
        }
        buf_printf(out, "2024-01-05 10:22:%02u INFO [pool-%u] order-%u done in %u ms%c", n % 60,
                   n % 9, 88000 + n, n % 700, end);
    }
}

static bool has(struct bytes text, const char *piece)
{
    return memmem(text.data, text.len, piece, strlen(piece)) != NULL;
}

static void the_line_of_the_fault_is_read_wherever_it_stands(void **state)
{
    static const char *const lines[] = {"2024-01-05 ERROR task stopped: ORA-00942",
                                        "任务失败 0x80070005", "see KB4565351",
                                        "request failed for a reason that nobody knows"};
    static const size_t places[] = {0, 3000, 4090, 5000, 60000, 199000};
    struct buf page = {0};

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        for (size_t k = 0; k < sizeof places / sizeof *places; k++)
            for (int blank = 0; blank < 2; blank++) {
                struct arena *arena = arena_new(1 << 20);
                struct bytes read;

                make_page(&page, places[k], lines[i], 200000 - places[k], blank ? ' ' : '\n');
                read = excerpt_of(buf_bytes(&page), MOST, arena);
                assert_true(read.len <= MOST && read.len > MOST / 4);
                if (!has(read, lines[i]) && !blank)
                    fail_msg("%s at %zu", lines[i], places[k]);
                if (i < 3 && !has(read, i == 0 ? "ORA-00942" : i == 1 ? "0x80070005" : "KB4565351"))
                    fail_msg("%s at %zu, without lines", lines[i], places[k]);
                arena_free(arena);
            }
    buf_release(&page);
}

static void what_is_short_or_says_nothing_is_read_from_its_beginning(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct buf text = {0};
    struct bytes read;

    (void)state;
    read = excerpt_of(BYTES_LIT("ORA-00942"), MOST, arena);
    assert_true(bytes_equal(read, BYTES_LIT("ORA-00942")));
    while (text.len < 3 * MOST)
        buf_add_str(&text, "打印机缺纸，");
    read = excerpt_of(buf_bytes(&text), MOST, arena);
    assert_true(bytes_equal(read, utf8_cut(buf_bytes(&text), MOST)));
    buf_release(&text);
    arena_free(arena);
}

/* Any bytes: what is read is no longer than it may be, and in pieces of the text. */
static void any_text_gives_an_excerpt(void **state)
{
    static const char *const pieces[] = {"ORA-009",        "42",   "\n", " ", "错误", "0x8007",
                                         "error",          "\xFF", "-",  "_", "\n\n", "한",
                                         "abcdefghijklmno"};
    struct arena *arena = arena_new(64 << 20);
    struct test_random random = test_random_new();
    struct buf text = {0};

    (void)state;
    for (unsigned n = 0; n < 300; n++) {
        size_t most = 40 + test_random_below(&random, 400);
        struct bytes read;

        buf_clear(&text);
        while (text.len < 2000)
            buf_add_str(&text, pieces[test_random_below(&random, sizeof pieces / sizeof *pieces)]);
        read = excerpt_of(buf_bytes(&text), most, arena);
        assert_true(read.data != NULL && read.len <= most);
    }
    buf_release(&text);
    arena_free(arena);
}

static void a_page_of_any_length_finds_its_case(void **state)
{
    struct library *l = library_new();
    struct search_request request = {0};
    struct search_result result;
    struct buf page = {0};

    (void)state;
    library_add(l, "{'id':'oracle','lang':'en','title':'Table or view does not exist',"
                   "'text':'Grant the right to read.','error_code':'ORA-00942'}");
    library_add(l, "{'id':'order','lang':'en','title':'Order done: info of the pool',"
                   "'text':'Every order is done in some ms.'}");
    make_page(&page, 150000, "2024-01-05 ERROR task stopped: ORA-00942", 50000, '\n');
    request.query = buf_bytes(&page);
    result = library_search(l, &request);
    assert_true(result.query_cut);
    assert_true(result.hits_count > 0 && bytes_equal(result.hits[0].id, BYTES_LIT("oracle")));
    buf_release(&page);
    library_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identifiers_of_faults_are_told_from_other_names),
        cmocka_unit_test(the_line_of_the_fault_is_read_wherever_it_stands),
        cmocka_unit_test(what_is_short_or_says_nothing_is_read_from_its_beginning),
        cmocka_unit_test(any_text_gives_an_excerpt),
        cmocka_unit_test(a_page_of_any_length_finds_its_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
