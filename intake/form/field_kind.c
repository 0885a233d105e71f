#include "intake/form/field_kind.h"

#include "data/base/limits.h"

#include <assert.h>

const char *const field_yes_no[] = {"yes", "no", NULL};

/* `has`: members beside those of every field, between commas. A length of 0: not counted. */
static const struct {
    const char *name, *has;
    unsigned length, length_max;
} kinds[FIELD_KINDS] = {
    [FIELD_LINE] = {"line",    ",placeholder,length_min,length_max,", 200,  FORM_LINE_CHARACTERS_MAX},
    [FIELD_TEXT] = {"text",    ",placeholder,length_min,length_max,", 4000, FORM_TEXT_CHARACTERS_MAX},
    [FIELD_CHOICE] = {"choice",  ",choices,",                           0,    0                       },
    [FIELD_CHOICES] = {"choices", ",choices,",                           0,    0                       },
    [FIELD_NUMBER] = {"number",  ",placeholder,min,max,decimals,unit,", 0,    0                       },
    [FIELD_DATE] = {"date",    ",past,",                              0,    0                       },
    [FIELD_TIME] = {"time",    ",",                                   0,    0                       },
    [FIELD_SERIAL] = {"serial",  ",placeholder,patterns,",              40,   40                      },
    [FIELD_VERSION] = {"version", ",placeholder,",                       60,   60                      },
    [FIELD_YES_NO] = {"yes_no",  ",",                                   0,    0                       },
    [FIELD_PHONE] = {"phone",   ",placeholder,",                       40,   40                      },
    [FIELD_MAIL] = {"mail",    ",placeholder,",                       254,  254                     },
    [FIELD_FILE] = {"file",    ",",                                   0,    0                       },
};

const char *field_kind_name(enum field_kind kind)
{
    assert((unsigned)kind < FIELD_KINDS);
    return kinds[kind].name;
}

bool field_kind_parse(struct bytes name, enum field_kind *out)
{
    for (unsigned i = 0; i < FIELD_KINDS; i++)
        if (bytes_equal(name, bytes_str(kinds[i].name))) {
            *out = (enum field_kind)i;
            return true;
        }
    return false;
}

const char *field_kind_names(void)
{
    return "line, text, choice, choices, number, date, time, serial, version, yes_no, phone, mail "
           "or file";
}

bool field_kind_has(enum field_kind kind, const char *member)
{
    const char *at = strstr(kinds[kind].has, member);

    return at != NULL && at[-1] == ',' && at[strlen(member)] == ',';
}

unsigned field_kind_length(enum field_kind kind)
{
    return kinds[kind].length;
}

unsigned field_kind_length_max(enum field_kind kind)
{
    return kinds[kind].length_max;
}
