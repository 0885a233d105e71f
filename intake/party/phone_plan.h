/* phone_plan.h: how telephone numbers are made in each country: a table.
 *
 * Written while building by phone_plan.awk, from the metadata of libphonenumber as Debian has it
 * (python3-phonenumbers). Not its patterns of single number ranges, which change each month: what
 * is asked of a number here is which one it is, not whether somebody answers. */
#ifndef ASKFIRST_INTAKE_PARTY_PHONE_PLAN_H
#define ASKFIRST_INTAKE_PARTY_PHONE_PLAN_H

#include <stdbool.h>
#include <stdint.h>

struct phone_plan {
    char region[4];   /* ISO 3166-1 "CN"; "001" for numbers of no country */
    uint16_t code;    /* of the country, ITU-T E.164: 86; several regions may share one */
    char trunk[4];    /* dialled before a national number at home: "0"; "" for none */
    char abroad[6];   /* dialled before a country's code: "00"; "" when it is no fixed digits */
    uint32_t lengths; /* bit n: a national number may have n digits */
    bool is_main;     /* of the regions that share its code */
};

extern const struct phone_plan phone_plans[];
extern const unsigned phone_plans_count;

#endif
