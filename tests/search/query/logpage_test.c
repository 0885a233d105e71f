#include "tests/search/library.h"

#include "search/query/logpage.h"

static const char page[] =
    "2024-01-05 10:22:33,123 INFO [pool-1-thread-7] org.sample.Pool - task finished pid 4711\n"
    "2024-01-05 10:22:34,007 INFO [pool-1-thread-9] org.sample.Pool - task finished pid 4711\n"
    "2024-01-05 10:22:34,090 ERROR [pool-1-thread-9] {\"error\":\"ORA-00942\"}\n"
    "2024-01-05 10:22:35,555 INFO [pool-1-thread-2] org.sample.Pool - task finished db12 sha256\n";

static bool is_log(const char *text)
{
    struct arena *arena = arena_new(1 << 24);
    struct analyzer *analyzer;
    struct query query;
    struct error err;

    assert_ok(analyzer_new(&analyzer, &err));
    assert_ok(query_parse(analyzer, bytes_str(text), false, arena, &query, &err));
    analyzer_free(analyzer);
    arena_free(arena);
    return query.is_log;
}

static void a_page_of_log_is_told_from_what_people_write(void **state)
{
    static const char *const logs[] = {
        page,
        "    at org.sample.OrderLoader.opened(OrderLoader.java:214)\n"
        "    at org.sample.OrderLoader.loaded(OrderLoader.java:88)\n"
        "    at org.sample.PoolManager.started(PoolManager.java:7)\nException: ORA-00942 in main",
        "[45123.100200] RAX: 5f0d6c1ab2e394aa RBX: 00ff00ff00ff00ff RCX: 1f0d6c1ab2e394aa\n"
        "[45123.100207] usb 1-4: new high-speed USB device number 7 using xhci_hcd\n"
        "[45124.000001] link is down",
        "10.1.2.3 - - [05/Mar/2024:12:33:11 +0000] \"GET /api/v1/items/8812 HTTP/1.1\" 200 5123\n"
        "10.1.2.4 - - [05/Mar/2024:12:33:12 +0000] \"GET /api/v1/items/8813 HTTP/1.1\" 502 17 "
        "\"-\"",
    };
    static const char *const typed[] = {
        "2024-01-05 10:22:33 10.0.0.1 ORA-00942", /* short: all of it was meant */
        "We moved the database from 10.0.0.7 to 10.0.0.8 on 2024-01-05, and since then the "
        "reports that the accountants print every evening stop half way with a message that says "
        "the table does not exist, although it does: nobody has touched it, the rights are those "
        "that it always had, and a colleague with the same role can print the very same report "
        "without any trouble. We have tried another printer, another account, and another "
        "computer, and we have asked the database people, who say that all is well.",
        "从 2024-03-05 "
        "开始，打印机每天早上第一次打印都会提示缺纸，重新装纸以后可以恢复正常，但是第二天又会"
        "出现同样的问题，我们已经更换过纸盒，也清洁过传感器，请问应该怎么处理才能彻底解决这个问题"
        "？",
    };

    (void)state;
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++)
        if (!is_log(logs[i]))
            fail_msg("no page of log: %s", logs[i]);
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
        if (is_log(typed[i]))
            fail_msg("a page of log: %s", typed[i]);
}

/* A group as expansion leaves it, with one form in `df` cases. */
static struct group group_of(const char *text, enum group_kind kind, uint64_t df,
                             struct member *member)
{
    *member = (struct member){.reason = REASON_EXACT, .weight = 1, .df = df};
    return (struct group){.kind = kind,
                          .text = bytes_str(text),
                          .count = 1,
                          .weight = 3,
                          .idf = 8,
                          .df = df,
                          .members = member};
}

static void identifiers_that_few_cases_have_outweigh_all_the_rest(void **state)
{
    static const struct {
        const char *text;
        enum group_kind kind;
        uint64_t df;
        bool decides;
    } rows[] = {
        {"acsd-53309", GROUP_CODE, 20,  true },
        {"0x80070005", GROUP_CODE, 1,   true },
        {"acsd475782", GROUP_PART, 2,   true }, /* in a file's name */
        {"acsd-53308", GROUP_CODE, 0,   false}, /* in no case */
        {"es2015",     GROUP_CODE, 500, false}, /* the name of something */
        {"db12",       GROUP_CODE, 2,   false},
        {"sha256",     GROUP_CODE, 2,   false},
        {"10.0.19041", GROUP_CODE, 2,   false},
        {"started",    GROUP_WORD, 2,   false},
    };
    struct group groups[sizeof rows / sizeof *rows];
    struct member members[sizeof rows / sizeof *rows];
    struct query query = {.groups = groups, .groups_count = sizeof rows / sizeof *rows};
    float rest = 0;

    (void)state;
    for (uint32_t i = 0; i < query.groups_count; i++)
        groups[i] = group_of(rows[i].text, rows[i].kind, rows[i].df, &members[i]);
    logpage_weigh(&query, 10000);
    for (uint32_t i = 0, row = 0; row < sizeof rows / sizeof *rows; row++) {
        if (rows[row].df == 0)
            continue;
        assert_true(bytes_equal(groups[i].text, bytes_str(rows[row].text)));
        if (groups[i].decides != rows[row].decides)
            fail_msg("%s", rows[row].text);
        rest += groups[i].decides ? 0 : groups[i].weight * groups[i].idf;
        i++;
    }
    for (uint32_t i = 0; i < query.groups_count; i++)
        if (groups[i].decides)
            assert_true(groups[i].weight * groups[i].idf > rest);
}

static void what_is_said_on_every_line_says_little(void **state)
{
    struct member members[4];
    struct group groups[] = {
        group_of("error", GROUP_WORD, 5, &members[0]), group_of("info", GROUP_WORD, 5, &members[1]),
        group_of("3dc4f", GROUP_PART, 5, &members[2]), group_of("rbx", GROUP_WORD, 0, &members[3])};
    struct query query = {.groups = groups, .groups_count = 4};

    (void)state;
    groups[1].count = 12;
    logpage_weigh(&query, 10000);
    assert_true(groups[0].weight > 5 * groups[1].weight);
    assert_int_equal(2, query.groups_count);
}

/* --- asked ------------------------------------------------------------------------------- */

static void the_line_that_names_the_fault_finds_its_case(void **state)
{
    struct library *l = library_new();
    struct search_request request = {.query = bytes_str(page)};
    struct search_result result;

    (void)state;
    library_add(l, "{'id':'oracle','lang':'en','title':'Table or view does not exist',"
                   "'text':'Grant the right to read.','error_code':'ORA-00942'}");
    library_add(l, "{'id':'pool','lang':'en','title':'Pool task finished: info about threads',"
                   "'text':'org.sample.Pool says INFO, task finished, pid, thread, error.'}");
    library_add(l, "{'id':'db12','lang':'en','title':'db12 and sha256',"
                   "'text':'Pool thread task: the digest sha256 of db12.'}");
    result = library_search(l, &request);
    assert_int_equal(3, result.hits_count);
    assert_true(bytes_equal(result.hits[0].id, BYTES_LIT("oracle")));
    assert_int_equal(REASON_EXACT, result.hits[0].reasons & REASON_EXACT);
    library_free(l);
}

/* Nobody typed it: neither another code nor another word is meant. */
static void no_slip_is_looked_for(void **state)
{
    struct library *l = library_new();
    char text[sizeof page];
    struct search_request request = {.query = bytes_of((const uint8_t *)text, sizeof page - 1)};
    struct search_result result;

    (void)state;
    memcpy(text, page, sizeof page);
    memcpy(strstr(text, "ORA-00942"), "ORA-0O943", 9);
    library_add(l, "{'id':'oracle','lang':'en','title':'ORA-00943','text':'a cluster'}");
    library_add(l, "{'id':'task','lang':'en','title':'Pools','text':'a task is finished'}");
    result = library_search(l, &request);
    assert_int_equal(1, result.hits_count);
    assert_true(bytes_equal(result.hits[0].id, BYTES_LIT("task")));
    library_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_of_log_is_told_from_what_people_write),
        cmocka_unit_test(identifiers_that_few_cases_have_outweigh_all_the_rest),
        cmocka_unit_test(what_is_said_on_every_line_says_little),
        cmocka_unit_test(the_line_that_names_the_fault_finds_its_case),
        cmocka_unit_test(no_slip_is_looked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
