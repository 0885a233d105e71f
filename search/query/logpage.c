#include "search/query/logpage.h"

#include "indexer/text/script.h"
#include "search/query/excerpt.h"

#define PAGE_BYTES_MIN 160 /* what is shorter was typed */
#define VOLATILE_MIN 3     /* two dates may be a story's, */
#define VOLATILE_EVERY 120 /* and its bytes between two are more than a line of log has */
#define KNOWN_DF 20        /* an identifier that more cases have, */
#define KNOWN_SHARE 200    /* and more than one in so many, is a name of something */
#define DUMP_DIGITS_MIN 12

static const float lead = 2; /* of the identifier that tells most, over all that does not tell */

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
    return c >= 'a' && c <= 'z';
}

/* Twelve hexadecimal digits of both sorts, or more: a register, a trace, a digest cut short. */
static bool is_hex_dump(struct bytes text)
{
    bool digit = false, letter = false;

    for (size_t i = 0; i < text.len; i++) {
        if (!script_is_hex(text.data[i]))
            return false;
        digit = digit || is_digit(text.data[i]);
        letter = letter || is_letter(text.data[i]);
    }
    return text.len >= DUMP_DIGITS_MIN && digit && letter;
}

/* 12345.678901] and Loader.java:214): what stands behind says what it is. */
static bool is_log_place(struct bytes folded, const struct group *group)
{
    uint8_t before = group->start > 0 ? folded.data[group->start - 1] : 0;
    uint8_t after = group->end < folded.len ? folded.data[group->end] : 0;

    if (!is_digit(group->text.data[0]))
        return false;
    return (before == '[' && after == ']') || (before == ':' && (after == ')' || after == '"'));
}

static bool is_machine_made(const struct query *query, const struct group *group)
{
    if ((group->flags & TOKEN_VOLATILE) != 0)
        return group->kind != GROUP_PART; /* the whole of it is another group */
    return is_hex_dump(group->text) || is_log_place(query->folded, group);
}

bool logpage_is(const struct query *query)
{
    uint32_t count = 0;

    if (query->folded.len < PAGE_BYTES_MIN)
        return false;
    for (uint32_t i = 0; i < query->groups_count; i++)
        if (is_machine_made(query, &query->groups[i]))
            count += query->groups[i].count;
    return count >= VOLATILE_MIN && count >= query->folded.len / VOLATILE_EVERY;
}

/* As faults and fixes are numbered: acsd-53309, kb4565351, ora-00942, 0x80070005. */
static bool looks_like_fault(struct bytes text)
{
    return text.len > 0 && excerpt_fault_end(text, 0) == text.len;
}

/* Letters and digits that every log has, whatever went wrong. */
static bool is_of_any_log(struct bytes text)
{
    static const char *const names[] = {
        "sha1",   "sha256", "sha384",   "sha512",   "md5",      "crc32", "aes128",
        "aes256", "base64", "utf8",     "utf-8",    "utf16",    "x86",   "x64",
        "x86_64", "amd64",  "arm64",    "win32",    "win64",    "ipv4",  "ipv6",
        "ssh2",   "http2",  "http/1.0", "http/1.1", "http/2.0", "log4j"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (bytes_equal(text, bytes_str(names[i])))
            return true;
    return false;
}

static uint64_t whole_df(const struct group *group)
{
    uint64_t df = 0;

    for (const struct member *m = group->members; m != NULL; m = m->next)
        if ((m->reason & (REASON_EXACT | REASON_VARIANT)) != 0 && m->df > df)
            df = m->df;
    return df;
}

/* How much an identifier tells, among others; 0: it is none. */
static float telling(const struct group *group, uint32_t docs)
{
    uint64_t df = whole_df(group), most = KNOWN_DF + docs / KNOWN_SHARE;

    if ((group->kind != GROUP_CODE && group->kind != GROUP_PART) || df == 0 || df > most ||
        !looks_like_fault(group->text) || is_of_any_log(group->text))
        return 0;
    return group->idf * group->idf / (float)group->count;
}

/* A part says nothing when nobody knows what it is a part of. */
static bool says_nothing(const struct group *group)
{
    return !group->decides && (group->kind == GROUP_PART || group->df == 0);
}

static void drop_empty(struct query *query)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < query->groups_count; i++)
        kept += !says_nothing(&query->groups[i]);
    if (kept == 0) /* all there is */
        return;
    kept = 0;
    for (uint32_t i = 0; i < query->groups_count; i++)
        if (!says_nothing(&query->groups[i]))
            query->groups[kept++] = query->groups[i];
    query->groups_count = kept;
}

void logpage_weigh(struct query *query, uint32_t docs)
{
    float rest = 0, most = 0;

    for (uint32_t i = 0; i < query->groups_count; i++) {
        struct group *group = &query->groups[i];
        float tells = telling(group, docs);

        most = tells > most ? tells : most;
        group->decides = tells > 0;
        if (!group->decides)
            group->weight /= (float)group->count;
    }
    drop_empty(query);
    for (uint32_t i = 0; i < query->groups_count; i++)
        rest += query->groups[i].decides ? 0 : query->groups[i].weight * query->groups[i].idf;
    for (uint32_t i = 0; i < query->groups_count; i++) {
        struct group *group = &query->groups[i];

        if (group->decides)
            group->weight += lead * rest * telling(group, docs) / most / group->idf;
    }
}
