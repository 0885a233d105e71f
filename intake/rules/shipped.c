#include "intake/rules/shipped.h"

#include <assert.h>

#define EMBED(name)                                                                                \
    __asm__(".section .rodata\n"                                                                   \
            "shipped_" #name "_begin: .incbin \"intake/rules/shipped/" #name ".json\"\n"           \
            "shipped_" #name "_end:\n"                                                             \
            ".previous\n");                                                                        \
    extern const uint8_t shipped_##name##_begin[], shipped_##name##_end[]

EMBED(calendars);
EMBED(products);
EMBED(types);
EMBED(severities);
EMBED(levels);
EMBED(groups);
EMBED(routing);
EMBED(forms);
EMBED(handoffs);
EMBED(stock);
EMBED(parties);
EMBED(closing);

#define TEXT(name)                                                                                 \
    bytes_of(shipped_##name##_begin, (size_t)(shipped_##name##_end - shipped_##name##_begin))

struct bytes shipped_rules(enum rules_kind kind)
{
    switch (kind) {
    case RULES_CALENDARS:
        return TEXT(calendars);
    case RULES_PRODUCTS:
        return TEXT(products);
    case RULES_TYPES:
        return TEXT(types);
    case RULES_SEVERITIES:
        return TEXT(severities);
    case RULES_LEVELS:
        return TEXT(levels);
    case RULES_GROUPS:
        return TEXT(groups);
    case RULES_ROUTING:
        return TEXT(routing);
    case RULES_FORMS:
        return TEXT(forms);
    case RULES_HANDOFFS:
        return TEXT(handoffs);
    case RULES_STOCK:
        return TEXT(stock);
    case RULES_PARTIES:
        return TEXT(parties);
    case RULES_CLOSING:
        return TEXT(closing);
    case RULES_KINDS:
        break;
    }
    assert(false);
    return BYTES_NONE;
}
