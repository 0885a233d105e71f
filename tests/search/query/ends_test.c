/* Asked by the last four of a code: what is found, and in which order. */
#include "tests/search/library.h"

#include "search/query/ends.h"

static struct search_result asked(struct library *l, const char *question)
{
    struct search_request request = {.query = bytes_str(question)};

    return library_search(l, &request);
}

static void assert_first(const struct search_result *result, const char *const *ids, uint32_t count)
{
    assert_true(result->hits_count >= count);
    for (uint32_t i = 0; i < count; i++)
        if (!bytes_equal(result->hits[i].id, bytes_str(ids[i])))
            fail_msg("place %u: %.*s, not %s", i + 1, (int)result->hits[i].id.len,
                     (const char *)result->hits[i].id.data, ids[i]);
}

/* Four of one code in their titles, one of another in its text. */
static void every_code_that_ends_so_comes_before_a_second_case_of_one(void **state)
{
    static const char *const ids[] = {"a1", "b"};
    struct library *l = library_new();
    struct search_result result;

    (void)state;
    library_add(l, "{'id':'a1','lang':'en','title':'ACSD-45241 and ACSD-45241','text':'a patch'}");
    library_add(l, "{'id':'a2','lang':'en','title':'ACSD-45241','text':'a patch of this year'}");
    library_add(l, "{'id':'a3','lang':'en','title':'ACSD-45241','text':'a patch of last year'}");
    library_add(l, "{'id':'a4','lang':'en','title':'ACSD-45241','text':'a patch of two years'}");
    library_add(l, "{'id':'b','lang':'en','title':'Another thing','text':'Long ago somebody said "
                   "in a meeting that MDVA-35241 had something to do with it, or so we heard.'}");
    result = asked(l, "5241");
    assert_int_equal(5, result.hits_count);
    assert_first(&result, ids, 2);
    for (uint32_t i = 0; i < 5; i++)
        assert_int_equal(0, result.hits[i].reasons & REASON_EXACT); /* it is not the code */
    for (uint32_t i = 1; i < 5; i++)
        assert_true(result.hits[i].score <= result.hits[i - 1].score);
    result = asked(l, "ACSD-45241"); /* the whole code is nobody else's */
    assert_int_equal(4, result.hits_count);
    library_free(l);
}

static void what_looks_alike_to_a_machine_stands_below(void **state)
{
    struct library *l = library_new();
    struct search_result result;

    (void)state;
    library_add(l, "{'id':'version','lang':'en','title':'Overview of v1.1.14','text':'1.1.14'}");
    library_add(l, "{'id':'code','lang':'en','title':'Products','text':'They disappear while the "
                   "index is made: ACSD-51114 mends it.'}");
    library_add(l, "{'id':'two','lang':'en','title':'2 ways to do 2 things','text':'2 and 2'}");
    library_add(l, "{'id':'registry','lang':'en','title':'Registry','text':'Set the value that the "
                   "service reads when it starts to 0x80070002 and wait for a while.'}");
    result = asked(l, "1114");
    assert_first(&result, (const char *const[]){"code", "version"}, 2);
    result = asked(l, "0002");
    assert_first(&result, (const char *const[]){"registry", "two"}, 2);
    library_free(l);
}

/* 3DDE is in no case, and a slip away from 3DDF; but it is the end of a number. */
static void the_end_of_a_code_is_no_slip(void **state)
{
    struct library *l = library_new();
    struct search_result result;

    (void)state;
    library_add(l, "{'id':'slip','lang':'en','title':'3DDF','text':'3DDF'}");
    library_add(l, "{'id':'end','lang':'en','title':'Label','text':'SN4857543DDE'}");
    result = asked(l, "3dde");
    assert_int_equal(1, result.hits_count);
    assert_first(&result, (const char *const[]){"end"}, 1);
    library_free(l);
}

static struct member member_of(const char *term, float weight)
{
    return (struct member){.term = bytes_str(term), .weight = weight};
}

static void a_case_is_of_the_likeliest_code_it_has(void **state)
{
    struct member typed = member_of("n5241", 1), part = member_of("p5241", 0.9f),
                  code = member_of("qacsd45241", 0.85f), number = member_of("n95241", 0.4f),
                  dotted = member_of("q5241", 0.5f);
    struct group group = {.kind = GROUP_NUMBER, .text = BYTES_LIT("5241"), .members = &typed};

    (void)state;
    assert_ptr_equal(&typed, ends_likelier(&group, NULL, &part));
    assert_ptr_equal(&code, ends_likelier(&group, &typed, &code));
    assert_ptr_equal(&code, ends_likelier(&group, &code, &typed));
    assert_ptr_equal(&code, ends_likelier(&group, &number, &code));
    assert_ptr_equal(&code, ends_likelier(&group, &code, &number));
    assert_ptr_equal(NULL, ends_likelier(&group, NULL, &dotted));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_that_ends_so_comes_before_a_second_case_of_one),
        cmocka_unit_test(what_looks_alike_to_a_machine_stands_below),
        cmocka_unit_test(the_end_of_a_code_is_no_slip),
        cmocka_unit_test(a_case_is_of_the_likeliest_code_it_has),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
