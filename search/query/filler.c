#include "search/query/filler.h"

/* A longer one before one that begins it. Latin ones are whole words. */
const char *const filler_phrases[] = {
    "应该怎么办", "该怎么办",       "怎么办",     "怎么回事",    "怎么解决", "怎么处理",
    "怎么弄",     "怎么做",         "怎么样",     "怎么",        "怎样",     "如何",
    "为什么",     "什么原因",       "什么意思",   "是什么",      "请问",     "请教",
    "你好",       "您好",           "谢谢",       "求助",        "帮忙",     "麻烦",
    "可以吗",     "是不是",         "有没有",     "我的",        "我想",     "どうすればいい",
    "どうすれば", "どうしたらいい", "どうしたら", "どうやって",  "おしえて", "教えてください",
    "教えて",     "ください",       "いいですか", "ですか",      "ますか",   "すみません",
    "とは",       "어떻게",         "해야",       "하나요",      "되나요",   "인가요",
    "알려주세요", "해주세요",       "안녕하세요", "감사합니다",  "무엇",     "방법",
    "how do i",   "how do you",     "how can i",  "how to",      "what is",  "what does",
    "why does",   "why is",         "can you",    "please help", "help me",  "please",
    "hello",      "thank you",      "thanks",     NULL,
};

static bool is_letter(struct bytes text, size_t at)
{
    return at < text.len && ((text.data[at] >= 'a' && text.data[at] <= 'z') ||
                             (text.data[at] >= '0' && text.data[at] <= '9'));
}

#define BEGINNING 3 /* bytes that every phrase has, and most texts tell apart by */

static uint8_t mix(const uint8_t *at)
{
    return (uint8_t)((at[0] * 31u + at[1]) * 31u + at[2]);
}

/* A bit for each beginning that some phrase has: hardly any place of a text is compared. */
static void note_beginnings(uint64_t set[4])
{
    for (const char *const *phrase = filler_phrases; *phrase != NULL; phrase++) {
        uint8_t bit = mix((const uint8_t *)*phrase);

        set[bit / 64] |= (uint64_t)1 << bit % 64;
    }
}

static bool may_begin(const uint64_t set[4], struct bytes text, size_t at)
{
    uint8_t bit;

    if (text.len - at < BEGINNING)
        return false;
    bit = mix(text.data + at);
    return (set[bit / 64] >> bit % 64 & 1) != 0;
}

/* The length of the phrase that begins here; 0: none does. */
static size_t phrase_at(struct bytes text, size_t at)
{
    for (const char *const *phrase = filler_phrases; *phrase != NULL; phrase++) {
        struct bytes wanted = bytes_str(*phrase);

        if (!bytes_has_prefix(bytes_of(text.data + at, text.len - at), wanted))
            continue;
        if (is_letter(wanted, 0) &&
            ((at > 0 && is_letter(text, at - 1)) || is_letter(text, at + wanted.len)))
            continue;
        return wanted.len;
    }
    return 0;
}

/* A gram of two that reaches over the edge of the phrase is no word of either side. */
static bool belongs(const struct group *group, size_t start, size_t end)
{
    if (group->kind == GROUP_GRAM2)
        return group->start < end && group->end > start;
    return group->start >= start && group->end <= end;
}

static void mark(struct query *query, size_t start, size_t end)
{
    for (uint32_t i = 0; i < query->groups_count; i++) {
        struct group *group = &query->groups[i];

        /* Said elsewhere as well, it is not only a manner of asking. */
        if (group->count == 1 && !group->required && belongs(group, start, end))
            group->filler = true;
    }
}

void filler_mark(struct query *query)
{
    struct bytes text = query->folded;
    uint64_t beginnings[4] = {0};
    uint32_t said = 0;

    note_beginnings(beginnings);
    for (size_t at = 0; at < text.len;) {
        size_t len = may_begin(beginnings, text, at) ? phrase_at(text, at) : 0;

        if (len > 0)
            mark(query, at, at + len);
        at += len > 0 ? len : 1;
    }
    for (uint32_t i = 0; i < query->groups_count; i++)
        said += !query->groups[i].filler && query->groups[i].kind != GROUP_GRAM1;
    for (uint32_t i = 0; i < query->groups_count && said == 0; i++)
        query->groups[i].filler = false;
}
