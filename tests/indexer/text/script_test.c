#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "indexer/text/script.h"

static void every_character_is_cut_in_one_way(void **state)
{
    static const struct {
        uint32_t cp;
        enum script script;
    } rows[] = {
        {'a',     SCRIPT_LETTER},
        {'7',     SCRIPT_DIGIT },
        {' ',     SCRIPT_BLANK },
        {'\n',    SCRIPT_BLANK },
        {'.',     SCRIPT_OTHER },
        {0,       SCRIPT_OTHER },
        {0xFFFD,  SCRIPT_OTHER },
        {0x4E2D,  SCRIPT_CJK   },
        {0x3005,  SCRIPT_CJK   },
        {0x3007,  SCRIPT_CJK   },
        {0x30FC,  SCRIPT_CJK   },
        {0x308B,  SCRIPT_CJK   },
        {0xAC00,  SCRIPT_CJK   },
        {0x3131,  SCRIPT_CJK   },
        {0x3001,  SCRIPT_OTHER },
        {0x0E01,  SCRIPT_SEA   },
        {0x0E49,  SCRIPT_SEA   },
        {0x0E81,  SCRIPT_SEA   },
        {0x1780,  SCRIPT_SEA   },
        {0x1000,  SCRIPT_SEA   },
        {0x0439,  SCRIPT_LETTER},
        {0x0627,  SCRIPT_LETTER},
        {0x0915,  SCRIPT_LETTER},
        {0x093C,  SCRIPT_EXTEND},
        {0x20BB7, SCRIPT_CJK   },
        {0x1F600, SCRIPT_OTHER },
        {0x1B001, SCRIPT_CJK   },
        {0x10400, SCRIPT_LETTER},
        {0xE000,  SCRIPT_OTHER },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (script_of(rows[i].cp) != rows[i].script)
            fail_msg("U+%04X is %d", (unsigned)rows[i].cp, (int)script_of(rows[i].cp));
    }
}

static void hints_tell_the_three_ways_of_writing_han(void **state)
{
    (void)state;
    assert_true((script_table[0x9AD4] & SCRIPT_HANT_ONLY) != 0);                       /* 體 */
    assert_true((script_table[0x8F6F] & SCRIPT_HANS_ONLY) != 0);                       /* 软 */
    assert_true((script_table[0x691C] & SCRIPT_JAPAN_ONLY) != 0);                      /* 検 */
    assert_int_equal(script_table[0x4E2D] & (SCRIPT_HANT_ONLY | SCRIPT_HANS_ONLY), 0); /* 中 */
}

static void a_run_ends_where_the_script_changes(void **state)
{
    (void)state;
    assert_int_equal(script_run_end(bytes_str("ตรวจ x"), 0, SCRIPT_SEA), 12);
    assert_int_equal(script_run_end(bytes_str("abc1"), 0, SCRIPT_LETTER), 3);
    assert_int_equal(script_run_end(bytes_str("中文"), 0, SCRIPT_CJK), 6);
    assert_int_equal(script_run_end(bytes_str("a"), 1, SCRIPT_LETTER), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_is_cut_in_one_way),
        cmocka_unit_test(hints_tell_the_three_ways_of_writing_han),
        cmocka_unit_test(a_run_ends_where_the_script_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
