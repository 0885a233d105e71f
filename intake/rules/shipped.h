/* shipped.h: the documents that come with the program: what holds until an administrator says
 * otherwise, and an example to begin from (rules/shipped/NAME.json). */
#ifndef ASKFIRST_INTAKE_RULES_SHIPPED_H
#define ASKFIRST_INTAKE_RULES_SHIPPED_H

#include "intake/rules/rules.h"

struct bytes shipped_rules(enum rules_kind kind);

#endif
