#include "tests/harness.h"

#include "intake/web/case_text.h"

#define BLOCKS 8

/* "s3:text" is step 3, "p:text" a paragraph; parted by '|'. */
static void shape(struct bytes text, size_t max, char *out, size_t room)
{
    struct text_block blocks[BLOCKS];
    size_t count = text_blocks(text, blocks, max), len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const struct text_block *b = &blocks[i];
        char head[16];

        (void)snprintf(head, sizeof head, b->is_step ? "s%u" : "p", b->number);
        len += (size_t)snprintf(out + len, room - len, "%s%s:%.*s", i > 0 ? "|" : "", head,
                                (int)b->text.len, (const char *)b->text.data);
    }
}

static void numbered_lines_are_steps_and_others_paragraphs(void **state)
{
    static const struct {
        const char *text, *shape;
    } table[] = {
        {"",                                            ""                                   },
        {"\n \n\n",                                     ""                                   },
        {"one line",                                    "p:one line"                         },
        {"1. a\n2. b\n10) c",                           "s1:a|s2:b|s10:c"                    },
        {"1、打开纸盒\n2、清洁\n（3）重启", "s1:打开纸盒|s2:清洁|s3:重启"},
        {"(1) a\n(2) b",                                "s1:a|s2:b"                          },
        {"Step 1: a\nStep 2: b",                        "s1:a|s2:b"                          },
        {"First this:\n1. a\nmore of a\n2. b",          "p:First this:|s1:a\nmore of a|s2:b" },
        {"1. a\n\nthen a word",                         "s1:a|p:then a word"                 },
        {"two\nlines\n\nand a third",                   "p:two\nlines|p:and a third"         },
        {"1.5 mm of play\n192.168.1.1 opens",           "p:1.5 mm of play\n192.168.1.1 opens"},
        {"2024 was the year\n13 inch",                  "p:2024 was the year\n13 inch"       },
        {"  1.\ta  \r\n  2. b\r\n",                     "s1:a|s2:b"                          },
        {"(1 a",                                        "p:(1 a"                             },
        {"1234. a",                                     "p:1234. a"                          },
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char got[400];

        shape(bytes_str(table[i].text), BLOCKS, got, sizeof got);
        assert_string_equal(table[i].shape, got);
    }
}

static void past_the_limit_the_last_block_takes_the_rest(void **state)
{
    char got[100];

    (void)state;
    shape(BYTES_LIT("1. a\n2. b\n3. c"), 2, got, sizeof got);
    assert_string_equal("s1:a|s2:b\n3. c", got);
}

/* Any bytes: no block may begin before, or end behind, the text. */
static void blocks_stay_inside_their_text_and_in_order(void **state)
{
    static const char letters[] = "1. \n(、)a\r9";
    struct test_random random = test_random_new();

    (void)state;
    for (int round = 0; round < 20000; round++) {
        uint8_t text[24];
        struct text_block blocks[BLOCKS];
        uint32_t len = test_random_below(&random, sizeof text + 1);
        const uint8_t *at = text;
        size_t count;

        for (uint32_t i = 0; i < len; i++)
            text[i] = (uint8_t)letters[test_random_below(&random, sizeof letters - 1)];
        count = text_blocks(bytes_of(text, len), blocks, BLOCKS);
        assert_true(count <= BLOCKS);
        for (size_t i = 0; i < count; i++) {
            assert_true(blocks[i].text.data >= at);
            at = blocks[i].text.data + blocks[i].text.len;
            assert_true(at <= text + len);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbered_lines_are_steps_and_others_paragraphs),
        cmocka_unit_test(past_the_limit_the_last_block_takes_the_rest),
        cmocka_unit_test(blocks_stay_inside_their_text_and_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
